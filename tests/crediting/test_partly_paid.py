"""Three are ordered and one is refused: what the payment service's own books say of each end."""

import pytest

from orders import actions as orders
from orders import tasks
from orders.models import Line, Order
from orders.payments.models import LedgerEntry
from orders.payments.nexi.simulator import books
from orders.payments.queries import booked
from orders.states import LINE_ENDED, OrderState
from tests.builders import actor_of, give_file, rest
from tests.orders.reviewing import approve, refuse

CARD, POSTAGE = 13_000, 4_750  # øre with VAT
HALF = CARD // 2
RESERVED = 3 * CARD + POSTAGE


@pytest.fixture
def partly_refused(paid):
    """Two cards are issued, the third person's photo was refused: the order, and that line."""
    order = paid(3)
    first, second, third = order.lines.all()
    approve(first)
    approve(second)
    refuse(third, "portrait", "blurred")
    return order, third


def mended(line, user):
    give_file(Line.objects.get(pk=line.pk), "portrait", user)
    rest()
    approve(Line.objects.get(pk=line.pk))


def withdrawn(line, user):
    orders.withdraw_line(line=Line.objects.get(pk=line.pk), actor=actor_of(user))
    rest()


def charged(book) -> dict[str, int]:
    """What was charged for each item."""
    return {
        item["reference"]: item["grossTotalAmount"]
        for charge in book["charges"]
        for item in charge["orderItems"]
    }


def must_agree(book, order, *, charged, cancelled, refunded):
    """The service's books hold these sums, nothing is left, and our ledger says the same."""
    sums = books.summary(book)
    assert sums == {
        "reservedAmount": RESERVED,
        "chargedAmount": charged,
        "cancelledAmount": cancelled,
        "refundedAmount": refunded,
    }
    kinds = LedgerEntry.Kind
    ours = booked(Order.objects.get(pk=order.pk).payment)
    assert {kind: ore for kind, ore in ours.items() if ore} == {
        kind: ore
        for kind, ore in (
            (kinds.RESERVED, RESERVED),
            (kinds.CAPTURED, charged),
            (kinds.RELEASED, cancelled),
            (kinds.REFUNDED, refunded),
        )
        if ore
    }


def test_two_of_three_are_charged_with_postage_and_the_third_stays_reserved(partly_refused, book):
    order, third = partly_refused
    first, second, _ = order.lines.all()
    assert charged(book(order)) == {
        first.reference: CARD, second.reference: CARD, f"{order.reference}-P": POSTAGE,
    }  # fmt: skip
    assert books.left(book(order)) == third.price.gross_ore == CARD


ENDS = {
    # how the third ends: what is charged, what is cancelled
    "mended": (3 * CARD + POSTAGE, 0),
    "withdrawn": (2 * CARD + POSTAGE, CARD),
    "expired": (2 * CARD + POSTAGE, CARD),
}


@pytest.mark.feature("F108")
@pytest.mark.feature("F111")
@pytest.mark.parametrize("end", ENDS)
def test_however_the_third_ends_the_sums_are_right_to_the_ore_with_a_late_card(  # noqa: PLR0917
    partly_refused, kari, days_pass, dispatched, book, end
):
    order, third = partly_refused
    first, second, _ = order.lines.all()
    dispatched(first.card)
    days_pass(5)  # the second card has not gone
    dispatched(second.card)
    match end:
        case "mended":
            mended(third, kari)
            dispatched(Line.objects.get(pk=third.pk).card)
        case "withdrawn":
            withdrawn(third, kari)
        case "expired":
            days_pass(6, hour=12)
            tasks.sweep()
            rest()
    days_pass(40)
    all_charged, cancelled = ENDS[end]
    must_agree(book(order), order, charged=all_charged, cancelled=cancelled, refunded=HALF)
    assert books.left(book(order)) == 0
    (back,) = book(order)["refunds"]
    assert [item["reference"] for item in back["orderItems"]] == [second.reference]
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert all(line.state in LINE_ENDED for line in order.lines.all())
