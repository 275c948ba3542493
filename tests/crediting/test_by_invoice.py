"""Half price and corrected postage of orders by invoice: a credit note, or less on the invoice."""

import io

import pytest
from django.core.management import call_command

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.notifications.models import Message
from orders import actions as orders
from orders.balance import balances
from orders.crediting import actions, queries
from orders.invoicing.models import Document
from orders.models import Order
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.invoicing.test_ehf import complaints, said
from tests.orders.reviewing import approve, moved, refuse

PEOPLE = ("employed in another sub-unit", "D-number")
CARD, POSTAGE, HALF = 13_000, 4_750, 6_500  # øre with VAT
RIGHT, DIFFERENCE = 1_900, 2_375  # postage without VAT, and what is given back with VAT


@pytest.fixture
def ordered(kari):
    """An order of two people by invoice, waiting for review."""
    order = with_files(a_cart(kari, *PEOPLE), kari)
    actor = actor_of(kari)
    orders.set_delivery(order=order, address=ADDRESS, actor=actor)
    order = Order.objects.get(pk=order.pk)
    orders.begin_payment(order=order, actor=actor, method="invoice")
    rest()
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def invoiced(ordered):
    """The same, with both cards issued and the invoice out."""
    for line in ordered.lines.all():
        approve(line)
    return Order.objects.get(pk=ordered.pk)


def rows(document: Document) -> list[tuple[str, int, int]]:
    return [(row.reference, row.quantity, row.gross_ore) for row in document.rows]


def must_add_up(order: Order, *, left: int) -> None:
    """The ledger, the documents and what was sold say the same, and so does the command."""
    (one,) = balances()
    assert (one.settled, one.wrong, one.left_ore, one.owed_ore) == (True, [], left, left)
    signs = {Document.Kind.INVOICE: 1, Document.Kind.CREDIT_NOTE: -1}
    assert sum(signs[each.kind] * each.to_pay_ore for each in Document.objects.all()) == left
    call_command("money", stdout=io.StringIO())  # ends with an error where something is wrong


@pytest.mark.feature("F111")
@pytest.mark.feature("F109")
def test_a_late_card_of_an_invoice_has_a_credit_note_for_half_of_it_once(
    invoiced, dispatched, days_pass
):
    late, in_time = invoiced.lines.all()
    dispatched(in_time.card)
    days_pass(5)
    days_pass(20)
    invoice, note = Document.objects.order_by("number")
    assert (note.kind, note.corrects) == ("credit_note", invoice)
    assert rows(note) == [(late.reference, 1, HALF)]
    assert complaints(note) == []
    assert said(note, "cbc:CreditedQuantity") == ["1"]
    assert said(note, "cbc:PayableAmount") == ["65.00"]
    assert moved(invoiced.payment)["credited"] == HALF
    mail = Message.objects.get(key=f"document:{note.number}")
    assert "65,00" in mail.text
    assert bytes(mail.attachment).startswith(b"%PDF")
    must_add_up(invoiced, left=2 * CARD + POSTAGE - HALF)


@pytest.mark.feature("F111")
def test_a_card_that_is_late_before_there_is_an_invoice_costs_half_on_it(ordered, days_pass, kari):
    first, second = ordered.lines.all()
    approve(first)
    refuse(second, "portrait", "blurred")
    days_pass(5)
    assert not Document.objects.exists()
    assert moved(ordered.payment)["credited"] == HALF
    orders.withdraw_line(line=second, actor=actor_of(kari))
    rest()
    invoice = Document.objects.get()
    assert rows(invoice) == [
        (first.reference, 1, CARD),
        (first.reference, -1, -HALF),
        (f"{ordered.reference}-P", 1, POSTAGE),
    ]
    assert complaints(invoice) == []
    must_add_up(ordered, left=CARD + POSTAGE - HALF)


@pytest.mark.feature("F112")
def test_postage_that_is_corrected_has_a_credit_note_once_and_a_second_of_what_is_left(invoiced):
    for right, back in ((RIGHT, DIFFERENCE), (RIGHT, None), (0, POSTAGE - DIFFERENCE)):
        orders_now = queries.correctable({"first": clock.today()})
        given = {"orders": orders_now, "right_net_ore": right, "reason": "Feil.", "actor": SYSTEM}
        if back is None:
            with pytest.raises(actions.NothingToCorrect):
                actions.begin(**given)
            continue
        actions.begin(**given)
        rest()
        note = Document.objects.order_by("number").last()
        assert rows(note) == [(f"{invoiced.reference}-P", 1, back)]
        assert complaints(note) == []
    assert Document.objects.count() == 3
    must_add_up(invoiced, left=2 * CARD)


@pytest.mark.feature("F112")
def test_what_is_told_twice_is_credited_once(invoiced, days_pass):
    actions.begin(
        orders=queries.correctable({"first": clock.today()}),
        right_net_ore=RIGHT,
        reason="Feil.",
        actor=SYSTEM,
    )
    days_pass(5)
    events = ["correction:begun", "order:promise_ended", "payment:credited", "document:issued"]
    Effect.objects.filter(event__in=events).update(state="waiting", due_at=clock.now())
    rest()
    notes = Document.objects.filter(kind="credit_note")
    assert sum(note.to_pay_ore for note in notes) == DIFFERENCE + 2 * HALF
    assert Message.objects.filter(key__startswith="document:").count() == notes.count() + 1
    must_add_up(invoiced, left=2 * CARD + POSTAGE - DIFFERENCE - 2 * HALF)
