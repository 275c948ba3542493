"""The money of every order adds up, and where it does not that is found."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from orders import actions
from orders.balance import balances
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.actions import Item
from orders.payments.models import LedgerEntry
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import paid_order
from tests.orders.reviewing import approve

pytestmark = pytest.mark.django_db
CARD, POSTAGE = 13_000, 4_750  # øre with VAT
PEOPLE = ("employed in another sub-unit", "D-number")


def by_invoice(user):
    order = with_files(a_cart(user, *PEOPLE), user)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(user))
    order = Order.objects.get(pk=order.pk)
    payment = actions.begin_payment(order=order, actor=actor_of(user), method="invoice")
    actions.submit(payment=payment)
    rest()
    return Order.objects.get(pk=order.pk)


ORDERED = {"nexi": lambda user: paid_order(user, *PEOPLE), "invoice": by_invoice}


def printed(*given: str) -> tuple[str, int]:
    out, code = io.StringIO(), 0
    try:
        call_command("money", *given, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return out.getvalue(), code


@pytest.mark.parametrize("method", ORDERED)
def test_it_adds_up_at_every_step(kari, method):
    order = ORDERED[method](kari)
    first, second = order.lines.all()
    assert printed()[1] == 0
    approve(first)
    assert printed()[1] == 0
    actions.withdraw_line(line=Line.objects.get(pk=second.pk), actor=actor_of(kari))
    rest()
    (one,) = balances()
    assert (one.settled, one.taken_ore, one.owed_ore) == (True, CARD + POSTAGE, CARD + POSTAGE)
    text, code = printed()
    assert code == 0
    assert order.reference in text
    assert "0 wrong" in text


@pytest.mark.parametrize("method", ORDERED)
def test_money_that_was_given_back_for_no_reason_is_found(kari, method):
    order = ORDERED[method](kari)
    for line in order.lines.all():
        approve(line)
    line = order.lines.first()
    item = Item(line.reference, "Feil", line.price)
    with transaction.atomic():
        payments.want_refund(payment=order.payment, key="odd", items=[item], actor=SYSTEM)
    rest()
    text, code = printed("--wrong")
    assert code == 1
    assert "not what was sold" in text


def test_a_ledger_that_says_more_than_was_done_is_found(kari):
    order = paid_order(kari, PEOPLE[0])
    LedgerEntry.objects.create(
        payment=order.payment, kind="captured", amount_ore=100, key="by hand"
    )
    text, code = printed()
    assert code == 1
    assert "the ledger and the operations differ" in text
