"""What nobody came back for is settled by itself."""

from datetime import timedelta

import pytest
import time_machine

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.services import Unavailable
from orders.payments import actions
from orders.payments.nexi.client import Client
from orders.payments.nexi.simulator import books
from orders.payments.provider import Word
from orders.payments.tasks import sweep, sweep_refunds
from tests.payments.shop import card, deliver, operation, start, want

pytestmark = pytest.mark.django_db


def later(**age: int):
    return time_machine.travel(clock.now() + timedelta(**age), tick=False)


def test_who_paid_and_never_came_back_has_paid(started, nexi, told):
    nexi.pay(started)
    with later(minutes=3):
        sweep()
        deliver()
    assert [event for event, _ in told] == ["payment:reserved"]


def test_a_young_payment_is_left_alone(started, nexi):
    nexi.pay(started)
    sweep()
    started.refresh_from_db()
    assert started.state == "started"


def test_a_page_that_nobody_paid_on_stays_open_for_two_hours(started, nexi, told):
    with later(minutes=119):
        sweep()
    assert nexi.books(started)["terminated"] is None
    with later(minutes=121):
        sweep()
        deliver()
    assert nexi.books(started)["terminated"]
    assert [event for event, _ in told] == ["payment:failed"]


def test_a_payment_that_was_never_opened_fails_too(nexi, told):
    nexi.fails("silent")
    with pytest.raises(Exception, match="timeout"):
        start()
    with later(minutes=121):
        sweep()
        deliver()
    assert [event for event, _ in told] == ["payment:failed"]


def test_a_silent_provider_is_asked_again_at_the_next_sweep(started, nexi):
    nexi.pay(started)
    nexi.fails("silent")
    with later(minutes=3):
        sweep()
        started.refresh_from_db()
        assert started.state == "started"
        nexi.heals()
        sweep()
    started.refresh_from_db()
    assert started.state == "reserved"


def test_one_payment_that_makes_no_sense_does_not_stop_the_others(started, nexi, caplog):
    other = start("OTHER")
    for payment in (started, other):
        nexi.pay(payment)
    with nexi.store.changing("nexi.payments", started.provider_id) as row:
        row["order"]["amount"] = 1
    with later(minutes=3):
        sweep()
    other.refresh_from_db()
    assert other.state == "reserved"
    assert str(started.pk) in caplog.text


class FailsForOne(Client):
    """Nexi as it is when it answers 500 for one payment alone."""

    fails_for = ""

    def read(self, payment_id: str) -> Word:
        if payment_id == self.fails_for:
            raise Unavailable("Nexi Checkout", "server_error")
        return super().read(payment_id)


def test_one_payment_that_gets_no_answer_does_not_stop_the_others(
    started, nexi, settings, monkeypatch
):
    failing = {"client": "tests.payments.test_sweep.FailsForOne"}
    settings.PAYMENT = {"nexi": settings.PAYMENT["nexi"] | failing}
    monkeypatch.setattr(FailsForOne, "fails_for", started.provider_id)
    other = start("OTHER")
    nexi.pay(other)
    with later(minutes=3):
        sweep()
    other.refresh_from_db()
    assert other.state == "reserved"


def refund(nexi, started, key: str):
    """The payment is refunded, to a bank that sends the money back; its word is not read since."""
    nexi.pay(started, books.NO_REFUND)
    payment = actions.take_word(payment=started, actor=SYSTEM)
    capture = want("capture", payment, f"card:{key}", [card(1)])
    actions.carry_out(operation=capture, actor=SYSTEM)
    actions.carry_out(operation=want("refund", payment, key, [card(1)]), actor=SYSTEM)
    return payment


@pytest.fixture
def refunded(nexi, started):
    return refund(nexi, started, "back:1")


def test_a_refund_that_fails_at_the_bank_is_seen_without_a_message(refunded):
    for _ in range(2):
        sweep_refunds()
    assert operation("back:1").state == "refused"
    assert [entry.amount_ore for entry in refunded.ledger.order_by("id")][2:] == [13_156, -13_156]


def test_every_refund_is_read_however_many_at_a_time(nexi, monkeypatch):
    monkeypatch.setattr("orders.payments.tasks.REFUNDS_AT_ONCE", 1)
    for name in ("A", "B", "C"):
        refund(nexi, start(name), f"back:{name}")
    assert operation("back:C").state == "done"
    for _ in range(2):
        sweep_refunds()
    assert [operation(f"back:{name}").state for name in ("A", "B", "C")] == ["refused"] * 3


def test_refunds_of_long_ago_are_not_read_again(refunded):
    with later(days=11):
        sweep_refunds()
    assert operation("back:1").state == "done"
