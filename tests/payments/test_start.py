"""A payment is started once, and stands where the provider says."""

import pytest
from django.db import IntegrityError, transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common.services import Unavailable, Unreadable
from hmskort.common.transitions import Superseded
from orders.payments import actions, queries
from orders.payments.actions import starting
from orders.payments.models import LedgerEntry, Payment
from orders.payments.nexi.simulator import books
from orders.payments.provider import provider
from tests.payments.shop import KARI, cart, deliver, start

pytestmark = pytest.mark.django_db


def test_a_started_payment_has_a_page_and_nothing_is_reserved(started, nexi):
    assert started.page_url.startswith("http://localhost:8001/nexi/hosted/")
    assert (started.state, started.amount_ore) == ("started", 47_968)
    assert nexi.sums(started)["reservedAmount"] == 0
    assert queries.uncommitted_ore(started) == 0


def test_starting_twice_gives_the_same_page(started, nexi):
    assert start().page_url == started.page_url
    assert len(nexi.store.all("nexi.payments")) == 1


def test_other_items_close_the_earlier_page_and_nobody_is_told(started, nexi, told):
    other = start(cards=2)
    started.refresh_from_db()
    deliver()
    assert (started.state, other.state) == ("failed", "started")
    assert nexi.books(started)["terminated"]
    assert nexi.pay(started).status_code == 410
    assert told == []


def test_other_items_release_what_was_reserved_meanwhile(started, nexi, told):
    nexi.pay(started)
    other = start(cards=2)
    deliver()
    assert nexi.sums(started)["cancelledAmount"] == started.amount_ore
    assert other.pk != started.pk
    assert told == []


def test_what_was_reserved_before_anybody_turned_elsewhere_is_kept(reserved, nexi, told):
    with pytest.raises(Superseded):
        start(cards=2)
    deliver()
    reserved.refresh_from_db()
    assert (reserved.replaced_at, queries.is_returning(reserved)) == (None, False)
    assert nexi.sums(reserved)["cancelledAmount"] == 0
    assert Payment.objects.count() == 1


def test_who_comes_back_to_a_page_that_could_not_be_closed_is_waited_for_again(started, nexi, told):
    nexi.fails("silent")
    with pytest.raises(Unavailable):
        start(cards=2)
    started.refresh_from_db()
    assert started.replaced_at
    nexi.heals()
    assert start() == started
    nexi.pay(started)
    actions.take_word(payment=started, actor=SYSTEM)
    deliver()
    assert nexi.sums(started)["cancelledAmount"] == 0
    assert [event for event, _ in told] == ["payment:reserved"]


def test_a_payment_reserved_without_our_knowing_leads_on(started, nexi):
    nexi.pay(started)
    again = start()
    assert again.pk == started.pk
    page = nexi.visit("GET", again.page_url)
    assert page.status_code == 302
    assert f"/betaling/tilbake/{started.pk}/?paymentid=" in page.headers["Location"]


def test_a_reserved_payment_that_is_on_its_way_back_is_not_used_again(reserved):
    with transaction.atomic():
        actions.want_release(payment=reserved, key="release:1", actor=SYSTEM)
    assert start().pk != reserved.pk


def test_a_provider_that_is_silent_can_be_asked_again(nexi):
    nexi.fails("silent")
    with pytest.raises(Unavailable):
        start()
    nexi.heals()
    assert start().page_url
    assert Payment.objects.count() == 1


def test_a_process_that_dies_after_the_provider_answered_finds_its_payment_again(nexi):
    nexi.fails("lost")  # opened there, not known here: as after kill -9
    with pytest.raises(Unavailable):
        start()
    nexi.heals()
    payment = start()
    assert [key for key, _ in nexi.store.all("nexi.payments")] == [payment.provider_id]


def test_a_payment_that_was_closed_while_it_was_opened_is_not_gone_to(nexi):
    nexi.fails("silent")
    with pytest.raises(Unavailable):
        start()
    nexi.heals()
    payment = Payment.objects.get()
    actions.abandon(payment=payment, actor=KARI)
    page = provider("nexi").start(starting._checkout(payment), key=str(payment.pk))
    with pytest.raises(Superseded):
        starting._page_given(payment=payment, page=page)


def test_an_order_has_one_started_payment(started):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(reference="ORDER", amount_ore=1, rows=[])


def test_the_whole_amount_is_reserved_and_nothing_captured(reserved, nexi, told):
    deliver()
    assert reserved.state == "reserved"
    assert nexi.sums(reserved) == {
        "reservedAmount": 47_968,
        "chargedAmount": 0,
        "refundedAmount": 0,
        "cancelledAmount": 0,
    }
    assert list(reserved.ledger.values_list("kind", "amount_ore")) == [("reserved", 47_968)]
    assert told == [("payment:reserved", {"payment": str(reserved.pk), "reference": "ORDER"})]


def test_the_word_may_be_read_any_number_of_times(reserved, told):
    for _ in range(3):
        actions.take_word(payment=reserved, actor=SYSTEM)
    deliver()
    assert len(told) == LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("fault", ["silent", "500", "429", "garbage", "wrong_shape", "wall"])
def test_a_provider_without_an_answer_moves_nothing(started, nexi, fault):
    nexi.pay(started)
    nexi.fails(fault)
    with pytest.raises(actions.ServiceError):
        actions.take_word(payment=started, actor=SYSTEM)
    started.refresh_from_db()
    assert started.state == "started"


def test_a_declined_card_leaves_the_page_open(started, nexi):
    page = nexi.pay(started, books.DECLINED)
    assert page.status_code == 422
    assert "avviste kortet" in page.text
    assert actions.take_word(payment=started, actor=SYSTEM).state == "started"
    nexi.pay(started)
    assert actions.take_word(payment=started, actor=SYSTEM).state == "reserved"


def test_a_payer_may_have_to_ask_the_bank(started, nexi):
    answer = nexi.pay(started, books.SECURE)
    assert answer.headers["Location"] == f"{started.provider_id}/bank"
    assert "3-D Secure" in nexi.visit("GET", f"hosted/{started.provider_id}/bank").text
    assert nexi.sums(started)["reservedAmount"] == 0
    nexi.visit("POST", f"hosted/{started.provider_id}/bank", do="refuse")
    assert nexi.sums(started)["reservedAmount"] == 0
    nexi.visit("POST", f"hosted/{started.provider_id}/bank", do="approve")
    assert nexi.sums(started)["reservedAmount"] == started.amount_ore


def test_who_turns_back_has_closed_the_page(started, nexi, told):
    assert actions.abandon(payment=started, actor=KARI).state == "failed"
    deliver()
    assert nexi.pay(started).status_code == 410
    assert told == [("payment:failed", {"payment": str(started.pk), "reference": "ORDER"})]


def test_who_turns_back_too_late_has_paid(started, nexi):
    nexi.pay(started)
    assert actions.abandon(payment=started, actor=KARI).state == "reserved"


def test_a_lost_answer_to_the_closing_is_found_by_reading(started, nexi):
    nexi.fails("lost")
    with pytest.raises(Unavailable):
        actions.abandon(payment=started, actor=KARI)
    nexi.heals()
    assert actions.take_word(payment=started, actor=SYSTEM).state == "failed"


def test_another_orders_payment_is_not_believed(started, nexi):
    with nexi.store.changing("nexi.payments", started.provider_id) as row:
        row["order"]["reference"] = "OTHER"
    with pytest.raises(Unreadable):
        actions.take_word(payment=started, actor=SYSTEM)


def test_the_ledger_is_never_changed(reserved):
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        reserved.ledger.update(amount_ore=1)


def test_the_rows_of_a_payment_are_its_items(started):
    assert started.items == cart()
