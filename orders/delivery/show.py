"""What an order sends, and how far each shipment is, in words and colours."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.production.queries import letters_of
from orders.delivery.models import Sleeves
from orders.delivery.queries import sleeves_read_with
from orders.delivery.states import SleeveState
from orders.models import Line, Order
from orders.show import Status
from orders.states import LineState


@dataclass(frozen=True)
class Shown:
    """A shipment on the order's page. sent_at: when it left."""

    name: str
    status: Status
    sent_at: datetime | None = None
    can_withdraw: bool = False


def shipments_of(order: Order, lines: list[Line]) -> list[Shown]:
    """Every shipment of the order: the letters with cards, and the sleeves."""
    cards = [line.card for line in lines if line.card]
    letters = letters_of(cards) if cards else []
    shown = [
        Shown(
            ngettext("Brev med %d kort", "Brev med %d kort", letter.cards) % letter.cards,
            Status(_("Sendt"), "success")
            if letter.dispatched_at
            else Status(_("Kortene lages"), "info"),
            letter.dispatched_at,
        )
        for letter in letters
    ]
    if not letters and any(line.state not in OVER for line in lines):
        shown.append(Shown(_("Brev med kort"), Status(_("Venter på kortene"), "neutral")))
    if sleeves := sleeves_read_with(order):
        shown.append(_sleeves(sleeves))
    return shown


OVER = frozenset({LineState.WITHDRAWN, LineState.RELEASED})


def _sleeves(sleeves: Sleeves) -> Shown:
    many = ngettext("%d kortholder", "%d kortholdere", sleeves.quantity) % sleeves.quantity
    sent = sleeves.ended_at if sleeves.state == SleeveState.SENT else None
    return Shown(
        many,
        SLEEVE_STATUS()[SleeveState(sleeves.state)],
        sent,
        can_withdraw=sleeves.state == SleeveState.WAITING,
    )


def SLEEVE_STATUS() -> dict[SleeveState, Status]:  # noqa: N802 - a table, in the reader's language
    return {
        SleeveState.DRAFT: Status(_("I handlekurven"), "neutral"),
        SleeveState.WAITING: Status(_("Skal pakkes"), "info"),
        SleeveState.SENT: Status(_("Sendt"), "success"),
        SleeveState.WITHDRAWN: Status(_("Trukket tilbake"), "neutral"),
        SleeveState.RELEASED: Status(_("Tilbake i handlekurven"), "neutral"),
    }
