"""An invoice in the ledger: promised, invoiced, waived, credited; no provider is asked."""

import pytest
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common.transitions import Superseded
from orders.payments import actions, queries
from orders.payments.methods import Method
from tests.payments.shop import KARI, card, cart, deliver, operation, want

CARD_ORE, ALL_ORE = 13_156, 47_968


@pytest.fixture
def promised(db):
    return start_by(Method.INVOICE)


def start_by(method):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=method
    )
    return actions.promise_it(payment=payment, actor=KARI)


def moved(payment) -> dict[str, int]:
    return {kind: ore for kind, ore in queries.booked(payment).items() if ore}


def test_an_order_by_invoice_is_promised_at_once_and_told_of(promised, told):
    assert (promised.state, promised.page_url, promised.provider_id) == ("reserved", "", "")
    assert moved(promised) == {"promised": ALL_ORE}
    deliver()
    assert [event for event, _ in told] == ["payment:reserved"]


def test_ordered_twice_is_promised_once(promised):
    assert start_by(Method.INVOICE) == promised
    assert moved(promised) == {"promised": ALL_ORE}


def test_nothing_is_promised_before_the_order_knows_its_payment(db, told):
    by_invoice = {"reference": "ORDER", "language": "nb", "actor": KARI, "method": Method.INVOICE}
    first, second = (actions.start(items=cart(), **by_invoice) for _ in range(2))
    deliver()
    assert (first.pk, first.state, moved(first), told) == (second.pk, "started", {}, [])
    for _ in range(2):
        actions.promise_it(payment=first, actor=KARI)
    assert moved(first) == {"promised": ALL_ORE}


def test_what_was_given_up_is_not_promised(db):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=Method.INVOICE
    )
    actions.abandon(payment=payment, actor=KARI)
    with pytest.raises(Superseded):
        actions.promise_it(payment=payment, actor=KARI)
    assert moved(payment) == {}


def test_a_page_with_payment_is_as_it_was_when_it_is_promised(started):
    assert actions.promise_it(payment=started, actor=KARI).state == "started"


def test_an_approved_card_is_invoiced_and_the_rest_waived(promised, told):
    want("capture", promised, "card:1", [card(1)])
    want("capture", promised, "postage:1", cart()[-1:])
    want("release", promised, "rest:1")
    deliver()
    assert moved(promised) == {
        "promised": ALL_ORE,
        "invoiced": CARD_ORE + 8_500,
        "waived": 2 * CARD_ORE,
    }
    assert [event for event, _ in told].count("payment:captured") == 2


def test_what_was_invoiced_is_credited_once_and_never_more(promised):
    want("capture", promised, "card:1", [card(1)])
    deliver()
    for _ in range(2):
        want("refund", promised, "refund:1", [card(1)])
        deliver()
    assert operation("refund:1").state == "done"
    assert moved(promised)["credited"] == CARD_ORE
    with pytest.raises(actions.NotCovered), transaction.atomic():
        actions.want_refund(payment=promised, key="refund:2", items=[card(1)], actor=SYSTEM)


def test_no_more_is_invoiced_than_was_promised(promised):
    want("capture", promised, "card:1", cart())
    with pytest.raises(actions.NotCovered):
        want("capture", promised, "card:2", [card(1)])


def test_who_turns_from_the_payment_page_to_an_invoice_can_no_longer_pay(nexi, started):
    payment = start_by(Method.INVOICE)
    assert payment != started
    started.refresh_from_db()
    assert started.state == "failed"
    assert nexi.pay(started).status_code == 410


def test_who_turns_to_an_invoice_after_paying_has_the_reservation_back(nexi, started):
    nexi.pay(started)
    assert start_by(Method.INVOICE).method == Method.INVOICE
    deliver()
    assert nexi.sums(started)["cancelledAmount"] == ALL_ORE
