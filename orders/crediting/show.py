"""How promises, and what was given back, are told to the company and to staff."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cards.production.states import JobState
from hmskort.common.money import ZERO, Amount, with_vat
from hmskort.common.templatetags.portal import dato, kr
from orders.crediting.models import CorrectedOrder, Credit
from orders.crediting.queries import ON_ITS_WAY, SHOWN
from orders.models import Line, Order
from orders.payments.methods import Method
from orders.payments.states import OperationState
from orders.states import LINE_ENDED, LineState


def promise(line: Line) -> str:
    """When the card is in the post at the latest, or what is given back because it was not."""
    credit = next((one for one in line.credits.all() if one.reason == Credit.Reason.LATE), None)
    if credit and line.send_by:
        return _("Kortet ble ikke sendt innen %(day)s. Vi gir tilbake %(amount)s.") % {
            "day": dato(line.send_by),
            "amount": kr(credit.amount.gross_ore),
        }
    return _("Sendes senest %s.") % dato(line.send_by) if line.send_by and _waits(line) else ""


def _waits(line: Line) -> bool:
    """Is the card still to be sent?"""
    if line.state != LineState.ISSUED:
        return line.state not in LINE_ENDED
    card = line.card
    return card is not None and card.dispatched_on is None and card.state in ON_ITS_WAY


def line_waits_for(line: Line) -> str:
    """Why a line has no card yet."""
    match LineState(line.state):
        case LineState.IN_REVIEW:
            return _("Venter på kontroll")
        case LineState.APPROVED:
            return _("Venter på svar fra registrene")
        case _:
            return _("Venter på betalingen")


def card_waits_for(credit: Credit) -> str:
    """Where a card is that was late."""
    card = credit.line.card if credit.line else None
    if card is None:
        return ""
    if card.dispatched_on:
        return _("Sendt %s") % dato(card.dispatched_on)
    if card.state not in ON_ITS_WAY:
        return _("Sperret før det ble sendt")
    job = getattr(card, "chip_job", None)
    return JOB_WAITS_FOR()[JobState(job.state) if job else None]


def JOB_WAITS_FOR() -> dict[JobState | None, str]:  # noqa: N802 - a table, in the reader's language
    return {
        None: _("Venter på å bli planlagt"),
        JobState.PLANNED: _("Venter på trykk"),
        JobState.READY: _("Venter på koding"),
        JobState.CLAIMED: _("Kodes"),
        JobState.STARTED: _("Kodes"),
        JobState.DONE: _("Laget, venter på post"),
        JobState.CANCELLED: _("Lages ikke"),
    }


@dataclass(frozen=True)
class Looked:
    """What a correction would give back. seen: what staff confirm that they have seen."""

    rows: list[tuple[Order, Amount]]  # the first of them
    many: int
    total: Amount

    @property
    def seen(self) -> str:
        return f"{self.many}:{self.total.gross_ore}"

    @property
    def not_shown(self) -> int:
        return self.many - len(self.rows)


def looked_at(orders: QuerySet[Any], right_net_ore: int) -> Looked:
    """The orders whose postage costs more than that by now, and what each would have back."""
    too_much = orders.filter(postage_now__gt=right_net_ore)
    amounts = [with_vat(ore - right_net_ore) for ore in _paid(too_much)]
    first = list(too_much[:SHOWN])
    return Looked(
        rows=list(zip(first, amounts, strict=False)),
        many=len(amounts),
        total=sum(amounts, ZERO),
    )


def _paid(orders: QuerySet[Any]) -> QuerySet[Any, int]:
    return orders.values_list("postage_now", flat=True)


def result_of(row: CorrectedOrder) -> tuple[str, str]:
    """What became of an order in a correction, in words and a colour."""
    if row.left_out:
        return _("Var gitt tilbake fra før"), "warning"
    if row.credit is None:
        return _("Venter"), "neutral"
    by_invoice = row.order.payment and row.order.payment.method == Method.INVOICE
    match OperationState(row.credit.operation.state):
        case OperationState.WANTED:
            return _("På vei"), "info"
        case OperationState.DONE:
            return _("Kreditnota") if by_invoice else _("Betalt tilbake"), "success"
        case OperationState.REFUSED:
            return _("Avvist av banken"), "danger"
