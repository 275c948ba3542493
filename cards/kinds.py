"""What cards do when their kind requires something else: each is judged again, once a change."""

import uuid
from itertools import islice

from cards.listeners import CHUNK, judge_card
from cards.models import Card
from cards.states import ALIVE
from hmskort.common import clock, outbox
from hmskort.common.transactions import owns_transaction


def judge_kind(*, kind: str, change: str, after: str = "") -> None:
    """The kind's cards that may still be valid are judged by what it requires today.

    A chunk at a time, so that a killed worker goes on where it was. change: the key of what
    changed. after: the id of the last card of the chunk before.
    """
    alive = Card.objects.filter(kind=kind, state__in=ALIVE, expires_on__gte=clock.today())
    rest = alive.filter(pk__gt=uuid.UUID(after)) if after else alive
    chunk = list(islice(rest.order_by("pk"), CHUNK))
    for card in chunk:
        judge_card(card=card)
    if len(chunk) == CHUNK:
        _go_on(kind=kind, change=change, after=str(chunk[-1].pk))


@owns_transaction
def _go_on(*, kind: str, change: str, after: str) -> None:
    outbox.enqueue(
        "kind:judged_in_part", key=f"{change}:{after}", kind=kind, change=change, after=after
    )
