"""How far an order has come: ordered, looked at, made, in the post."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from cards.states import CardState
from hmskort.common.templatetags.portal import dato
from orders.delivery.queries import sleeves_read_with
from orders.delivery.states import SleeveState
from orders.models import Line, Order
from orders.states import LINE_OPEN, LINE_SHOWN, LineState

LOOKED_AT = frozenset(
    {LineState.APPROVED, LineState.HELD, LineState.CLEARED, LineState.CAPTURED, LineState.ISSUED}
)


def steps_of(order: Order, lines: list[Line]) -> list[dict[str, str]]:
    """The steps of the order's way, for the stepper; none where nobody is left in it."""
    shown = [line for line in lines if line.state in LINE_SHOWN]
    if not shown:
        return []
    passed: list[tuple[str, Callable[[Line], bool]]] = [
        (_("Kontrollert"), lambda line: line.state in LOOKED_AT),
        (_("Laget"), is_made),
        (_("I posten"), is_sent),
    ]
    steps = [{"name": _("Bestilt"), "note": dato(order.submitted_at), "state": "done"}]
    for name, has in passed:
        many = sum(has(line) for line in shown)
        note = _("%(done)d av %(all)d") % {"done": many, "all": len(shown)}
        steps.append({"name": name, "note": note, "state": _state(steps, many == len(shown))})
    return steps


def is_made(line: Line) -> bool:
    return line.card is not None and line.card.state != CardState.ISSUED


def is_sent(line: Line) -> bool:
    return line.card is not None and line.card.dispatched_on is not None


def is_changeable(order: Order, lines: list[Line]) -> bool:
    """Is anything left, card or sleeves, that can be sent to another address?"""
    sleeves = sleeves_read_with(order)
    if sleeves and sleeves.state == SleeveState.WAITING:
        return True
    return any(line.state in LINE_OPEN or _waits_for_post(line) for line in lines)


def _waits_for_post(line: Line) -> bool:
    made_or_being_made = {CardState.ISSUED, CardState.PRODUCED}
    return line.card is not None and line.card.state in made_or_being_made and not is_sent(line)


def _state(before: list[dict[str, str]], passed: bool) -> str:  # noqa: FBT001 - the one question
    if passed and before[-1]["state"] == "done":
        return "done"
    return "upcoming" if any(step["state"] == "current" for step in before) else "current"
