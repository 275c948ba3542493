"""Invoices are issued once, without gaps, for what was approved and nothing else."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from hmskort.common import clock, outbox
from orders.invoicing import actions, kid
from orders.invoicing.models import Document
from orders.payments import queries
from tests.invoicing import making
from tests.invoicing.making import BUYER, CARD, HALF, POSTAGE, card, credited, invoiced

pytestmark = pytest.mark.django_db


def _fails(event, **given):
    if event == "document:issued":
        raise OSError("no room")


@pytest.mark.feature("F109")
def test_an_invoice_lists_what_was_approved_and_postage_once():
    payment = making.promised(card(1), card(2), card(3), POSTAGE)
    making.carried_out("capture", payment, "card:1", card(1))
    making.carried_out("capture", payment, "card:3", card(3))
    making.carried_out("capture", payment, "postage:1", POSTAGE)
    document = actions.issue(payment=payment, buyer=BUYER)
    assert [row.reference for row in document.rows] == ["LINE1", "LINE3", "ORDER-P"]
    assert document.amount.gross_ore == 2 * 13_000 + 4_750
    assert kid.is_valid(document.kid)
    assert (document.due_on - document.issued_on).days == 14


def test_an_order_is_invoiced_once(invoice):
    assert actions.issue(payment=invoice.payment, buyer=BUYER) == invoice
    assert Document.objects.count() == 1


def test_numbers_have_no_gaps_though_some_come_to_nothing(monkeypatch):
    first = invoiced(reference="A")
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue", _fails)
        with pytest.raises(OSError, match="no room"):
            actions.issue(payment=making.captured(CARD, reference="B"), buyer=BUYER)
    second = invoiced(reference="C")
    note = credited(second, CARD)
    assert [first.number, second.number, note.number] == [10_001, 10_002, 10_003]


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_issue_one_and_two_orders_have_two_numbers():
    payments = [making.captured(CARD, POSTAGE, reference=name) for name in ("A", "A2", "B")]
    asked = [payments[0], payments[0], payments[1], payments[2]]
    wait = threading.Barrier(len(asked))

    def issue(payment):
        wait.wait()
        try:
            actions.issue(payment=payment, buyer=BUYER)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=[payment]) for payment in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(Document.objects.values_list("number", flat=True))
    assert numbers == [10_001, 10_002, 10_003]


def test_nothing_is_issued_while_something_is_under_way():
    payment = making.captured(CARD)
    with transaction.atomic():
        making.payments.want_refund(payment=payment, key="back", items=[CARD], actor=making.SYSTEM)
    with pytest.raises(outbox.TryLater):
        actions.issue(payment=payment, buyer=BUYER)


def test_what_was_given_back_before_never_gets_on_the_invoice():
    payment = making.captured(card(1), card(2), POSTAGE)
    making.carried_out("refund", payment, "back", card(2))
    assert actions.credit(payment=payment) is None
    document = actions.issue(payment=payment, buyer=BUYER)
    assert [row.reference for row in document.rows] == ["LINE1", "ORDER-P"]
    assert actions.credit(payment=payment) is None


def test_an_order_that_came_to_nothing_is_not_invoiced():
    payment = making.captured(CARD)
    making.carried_out("refund", payment, "back", CARD)
    assert actions.issue(payment=payment, buyer=BUYER) is None
    assert not Document.objects.exists()


def test_what_is_given_back_afterwards_is_credited_once_whole_or_in_part(invoice):
    half = credited(invoice, HALF, key="late")
    assert (half.amount.gross_ore, half.corrects) == (6_500, invoice)
    assert actions.credit(payment=invoice.payment) is None
    rest = credited(invoice, HALF, key="rest")
    assert rest.amount.gross_ore == 6_500
    booked = queries.booked(invoice.payment)
    assert booked["invoiced"] - booked["credited"] == invoice.amount.gross_ore - 13_000


def test_the_documents_say_what_the_ledger_says(invoice):
    assert invoice.amount.gross_ore == queries.booked(invoice.payment)["invoiced"]


def test_a_document_stands():
    invoice = invoiced()
    for change in ({"net_ore": 1}, {"number": 5}, {"lines": []}, {"name": "Andre AS"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=invoice.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=invoice.pk).delete()
    Document.objects.filter(pk=invoice.pk).update(sent_at=clock.now())


def test_the_kid_is_checked_as_the_bank_wants_it(settings):
    settings.KID_CHECK = "mod11"
    assert kid.is_valid(invoiced().kid, "mod11")
