"""What the orderer is told by e-mail."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cards.models import Card
from cards.queries import findings_on
from hmskort.common import clock
from hmskort.common.money import ZERO, Amount
from hmskort.notifications.actions import tell
from orders import prices
from orders.delivery.places import of_order
from orders.delivery.queries import sleeves_of
from orders.evidence.reasons import reason_texts
from orders.models import Line, Order
from orders.states import LineState
from registers.requirements.findings import Found
from registers.requirements.texts import Explained, explain

WAITING = frozenset({LineState.AWAITING, LineState.HELD})  # for a requirement


@dataclass
class News:
    """What an employer is told in one mail."""

    not_valid: list[Card] = field(default_factory=list)
    valid_until: list[tuple[Card, date]] = field(default_factory=list)  # the last day
    valid_again: list[Card] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.not_valid or self.valid_until or self.valid_again)


def receipt(order: Order) -> None:
    """The order has started: what was ordered, reserved, and how to document it."""
    lines, sleeves = _lines(order), sleeves_of(order)
    total = sum((line.price for line in lines), start=order.postage)
    total += sleeves.total if sleeves else ZERO
    tell_orderer(
        order,
        key=f"receipt:{order.reference}",
        template="order_received",
        context={
            "lines": [_person(line) for line in lines],
            "ordered": any(line.state != LineState.AWAITING for line in lines),
            "awaiting": any(line.state == LineState.AWAITING for line in lines),
            "address": of_order(order).lines,
            "send_by": max((line.send_by for line in lines if line.send_by), default=None),
            "postage": order.postage,
            "sleeves": sleeves,
            "sleeves_net_ore": sleeves.price.times(sleeves.quantity).net_ore if sleeves else 0,
            "total": total,
        },
    )


def result(order: Order, *, key: str) -> None:
    """What is produced, and what was refused and why."""
    lines = _lines(order)
    produced = [line for line in lines if line.state == LineState.ISSUED]
    tell_orderer(
        order,
        key=f"result:{key}",
        template="order_result",
        context={
            "produced": [_person(line) for line in produced],
            "refused": [_refused(line) for line in lines if line.state == LineState.REFUSED],
            "held": [_held(line) for line in lines if line.state in WAITING],
            "captured": sum((line.price for line in produced), start=_postage(order, produced)),
        },
    )


def met(line: Line) -> None:
    """What the line waited for is in order: it has gone to review by itself."""
    tell_orderer(
        line.order,
        key=f"met:{line.reference}",
        template="line_met",
        context={"line": _person(line)},
    )


def released(line: Line) -> None:
    """The reservation was given back, and the person is in the cart again."""
    tell_orderer(
        line.order,
        key=f"released:{line.reference}",
        template="line_released",
        context={"line": _person(line)},
    )


def papers_received(line: Line) -> None:
    """The paper form has been scanned: its pictures are the line's."""
    tell_orderer(
        line.order,
        key=f"papers:{line.reference}:{clock.now():%Y%m%d%H%M%S}",
        template="papers_received",
        context={
            "line": _person(line),
            "in_cart": line.state == LineState.DRAFT,
            "cart_url": settings.BASE_URL + reverse("orders:cart", args=[line.order.reference]),
        },
    )


def sleeves_released(order: Order, *, quantity: int) -> None:
    """Sleeves were not sent before the reservation ran out; they are in the cart again."""
    tell_orderer(
        order,
        key=f"sleeves_released:{order.reference}",
        template="sleeves_released",
        context={"quantity": quantity},
    )


def paid_back(line: Line) -> None:
    """The price was captured, but the card could not be issued: it is paid back."""
    tell_orderer(
        line.order,
        key=f"paid_back:{line.reference}",
        template="line_paid_back",
        context={"line": _held(line)},
    )


def validity(order: Order, news: News, *, key: str) -> None:
    """Cards that are not valid and why, soon will not be, or are valid again."""
    with translation.override(order.language):
        context: dict[str, object] = {
            "company": order.company_name,
            "not_valid": [{**_holder(card), "unmet": _unmet(card)} for card in news.not_valid],
            "valid_until": [{**_holder(card), "last": last} for card, last in news.valid_until],
            "valid_again": [_holder(card) for card in news.valid_again],
        }
    tell_orderer(order, key=f"validity:{key}", template="card_validity", context=context)


def _holder(card: Card) -> dict[str, object]:
    path = reverse("cards:card", args=[card.number])
    return {"name": card.holder_name, "number": card.number, "url": settings.BASE_URL + path}


def _unmet(card: Card) -> list[Explained]:
    """What does not hold today, and what to do about it."""
    return [explain(each) for each in findings_on(card) if each["found"] == Found.NOT_MET]


def tell_orderer(order: Order, *, key: str, template: str, context: dict[str, object]) -> None:
    tell(
        key=key,
        template=template,
        to=order.contact_email,
        language=order.language,
        context={
            **context,
            "order": order,
            "kind": _kind_name(order),
            "order_url": settings.BASE_URL + reverse("orders:order", args=[order.reference]),
        },
    )


def _lines(order: Order) -> list[Line]:
    return list(
        order.lines.exclude(state__in=[LineState.DRAFT, LineState.WITHDRAWN])
        .select_related("person", "verdict", "card", "portrait", "signature", "id_copy")
        .order_by("position")
    )


def _kind_name(order: Order) -> str:
    with translation.override(order.language):
        return order.kind.name


def _person(line: Line) -> dict[str, object]:
    card: Card | None = line.card
    return {
        "name": line.shown_name,
        "reference": line.reference,
        "card_number": card.number if card else "",
        "price": line.price,
        "awaiting": line.state == LineState.AWAITING,
        "check_url": f"{settings.BASE_URL}/k/{card.number if card else line.reference}/",
        "proof_url": _proof(line),
    }


def _proof(line: Line) -> str:
    """Where the confirmation that a card is ordered for the person is found."""
    address = reverse("orders:line_confirmation", args=[line.order.reference, line.reference])
    return settings.BASE_URL + address


def _refused(line: Line) -> dict[str, object]:
    pieces = [piece for piece in (line.portrait, line.signature, line.id_copy) if piece]
    with translation.override(line.order.language):
        why = [text for piece in pieces for text in reason_texts(piece)]
    mend = reverse("orders:evidence", args=[line.order.reference, line.reference])
    return {**_person(line), "why": why, "mend_url": settings.BASE_URL + mend}


def _held(line: Line) -> dict[str, object]:
    findings = line.verdict.findings if line.verdict else []
    with translation.override(line.order.language):
        unmet = [explain(finding) for finding in findings if finding["found"] == "not_met"]
    return {**_person(line), "unmet": unmet}


def _postage(order: Order, produced: list[Line]) -> Amount:
    paid_for = any(line.purpose != prices.FREE for line in produced)
    return order.postage if paid_for else ZERO
