"""What carts do when a card kind requires something else: their people are judged again."""

from orders import actions
from orders.models import Line
from orders.states import LineState


def judge_lines(*, kind: str, change: str) -> None:
    """People in carts, and who waits, are judged by what the kind requires today; others later.

    Lists of employees are judged by it when somebody looks at them next.
    """
    actions.judge_anew_later(kind=kind)
    drafts = Line.objects.filter(order__kind=kind, state=LineState.DRAFT)
    for line in drafts.select_related("order__kind", "person").order_by("pk"):
        actions.judge_draft(line=line)
    for line in Line.objects.filter(order__kind=kind, state=LineState.AWAITING).order_by("pk"):
        actions.review_when_met(line=line)
