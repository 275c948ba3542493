"""Captures, releases and refunds happen once each, whatever fails."""

import pytest
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import history
from hmskort.common import outbox
from hmskort.common.models import Effect
from hmskort.common.money import Amount
from orders.payments import actions, listeners, queries
from orders.payments.actions import carrying_out
from orders.payments.nexi.simulator import books
from orders.payments.provider import Item
from tests.payments.shop import card, cart, deliver, operation, start, want

pytestmark = pytest.mark.django_db
HALF = [Item("LINE1", "Halv pris", Amount(5_262, 1_316))]


def ledger(payment) -> list[tuple[str, int]]:
    return list(payment.ledger.order_by("id").values_list("kind", "amount_ore"))


def test_a_capture_is_carried_out_and_told_once(reserved, nexi, told):
    deliver()
    told.clear()
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    assert nexi.sums(reserved)["chargedAmount"] == 13_156
    assert ledger(reserved)[1:] == [("captured", 13_156)]
    assert operation("card:1").state == "done"
    assert told == [
        (
            "payment:captured",
            {"payment": str(reserved.pk), "reference": "ORDER", "operation": "card:1"},
        )
    ]


def test_nobody_is_asked_to_capture_or_refund_nothing(reserved, nexi, told):
    free = [Item("FREE", "Erstatter kort med feil", Amount(0, 0))]
    nexi.fails("silent")
    want("capture", reserved, "card:free", free)
    deliver()
    want("refund", reserved, "refund:free", free)
    deliver()
    assert (operation("card:free").state, operation("refund:free").state) == ("done", "done")
    assert [event for event, _ in told].count("payment:captured") == 1
    assert ledger(reserved) == [("reserved", reserved.amount_ore)]


def test_a_capture_that_is_wanted_twice_is_wanted_once(reserved, nexi):
    first = want("capture", reserved, "card:1", [card(1)])
    deliver()
    assert want("capture", reserved, "card:1", [card(1)]).pk == first.pk
    deliver()
    assert len(nexi.books(reserved)["charges"]) == 1


def test_a_key_stands_for_one_operation(reserved):
    want("capture", reserved, "card:1", [card(1)])
    with pytest.raises(ValueError, match="another operation"):
        want("release", reserved, "card:1")


def test_a_listener_that_runs_again_does_nothing_more(reserved, nexi, told):
    want("capture", reserved, "card:1", [card(1)])
    for _ in range(3):
        listeners.capture(operation="card:1")
    deliver()
    assert len(nexi.books(reserved)["charges"]) == 1
    assert [event for event, _ in told].count("payment:captured") == 1
    assert ledger(reserved)[1:] == [("captured", 13_156)]


@pytest.mark.parametrize(
    "fault", ["lost", "silent", "500", "429", "garbage", "wrong_shape", "wall"]
)
@pytest.mark.parametrize("kind", ["capture", "release", "refund"])
def test_whatever_the_provider_does_it_happens_once(reserved, nexi, fault, kind):
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    want(kind, reserved, "it", {"capture": [card(2)], "refund": [card(1)]}.get(kind))
    nexi.fails(fault)
    for _ in range(3):
        deliver()
    assert operation("it").state == "wanted"
    nexi.heals()
    deliver()
    assert operation("it").state == "done"
    sums = nexi.sums(reserved)
    assert sums["chargedAmount"] == (26_312 if kind == "capture" else 13_156)
    assert sums["cancelledAmount"] == (34_812 if kind == "release" else 0)
    assert sums["refundedAmount"] == (13_156 if kind == "refund" else 0)
    assert queries.booked(reserved).items() >= {
        ("reserved", sums["reservedAmount"]),
        ("captured", sums["chargedAmount"]),
        ("released", sums["cancelledAmount"]),
        ("refunded", sums["refundedAmount"]),
    }


def test_an_answer_lost_for_longer_than_keys_live_is_found_by_reading(reserved, nexi):
    want("capture", reserved, "card:1", [card(1)])
    nexi.fails("lost")
    deliver()
    nexi.heals()
    for key, _ in nexi.store.all("nexi.keys"):
        nexi.store.delete("nexi.keys", key)
    deliver()
    assert operation("card:1").state == "done"
    assert len(nexi.books(reserved)["charges"]) == 1


def test_a_death_between_the_charge_and_our_row_is_found_by_reading(reserved, nexi, monkeypatch):
    want("capture", reserved, "card:1", [card(1)])

    def die(**_):
        raise OSError("killed")

    with monkeypatch.context() as death:
        death.setattr(carrying_out, "_done", die)
        with pytest.raises(OSError, match="killed"):
            listeners.capture(operation="card:1")
    assert nexi.sums(reserved)["chargedAmount"] == 13_156
    deliver()
    assert operation("card:1").state == "done"
    assert len(nexi.books(reserved)["charges"]) == 1


def test_equal_captures_are_told_apart_by_their_items(reserved, nexi):
    nexi.fails("lost")
    for number in (1, 2, 3):
        want("capture", reserved, f"card:{number}", [card(number)])
    deliver()
    nexi.heals()
    deliver()
    charges = nexi.books(reserved)["charges"]
    assert sorted(charge["orderItems"][0]["reference"] for charge in charges) == [
        "LINE1",
        "LINE2",
        "LINE3",
    ]
    assert {charge["chargeId"] for charge in charges} == {
        operation(f"card:{number}").provider_id for number in (1, 2, 3)
    }


def test_equal_refunds_are_told_apart_by_their_keys(reserved, nexi):
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    nexi.fails("lost")
    want("refund", reserved, "half:1", HALF)
    deliver()
    want("refund", reserved, "half:2", HALF)
    deliver()
    nexi.heals()
    deliver()
    assert {operation(key).state for key in ("half:1", "half:2")} == {"done"}
    assert len(nexi.books(reserved)["refunds"]) == 2
    assert ledger(reserved)[2:] == [("refunded", 6_578)] * 2


def test_more_than_is_reserved_is_never_wanted(reserved):
    want("capture", reserved, "all", cart())
    with pytest.raises(actions.NotCovered):
        want("capture", reserved, "card:9", [card(9)])


def test_nothing_is_wanted_of_a_payment_that_is_not_reserved(started):
    with pytest.raises(actions.NotCovered):
        want("capture", started, "card:1", [card(1)])
    with pytest.raises(actions.NotCovered):
        want("release", started, "rest")


def test_what_is_wanted_is_written_with_its_cause(reserved):
    with transaction.atomic():
        actions.want_capture(payment=reserved, key="card:1", items=[card(1)], actor=SYSTEM)
        transaction.set_rollback(True)
    assert not Effect.objects.filter(event="payment:capture_wanted").exists()
    assert not reserved.operations.exists()


def test_the_rest_is_released_after_the_captures(reserved, nexi):
    want("capture", reserved, "card:1", [card(1)])
    want("release", reserved, "rest")
    with pytest.raises(outbox.TryLater):
        listeners.release(operation="rest")
    deliver()
    deliver()
    assert nexi.sums(reserved)["cancelledAmount"] == 47_968 - 13_156
    assert ledger(reserved)[1:] == [("captured", 13_156), ("released", 34_812)]
    assert books.left(nexi.books(reserved)) == 0


def test_everything_is_released_when_nothing_was_captured(reserved, nexi):
    want("release", reserved, "rest")
    deliver()
    assert nexi.sums(reserved)["cancelledAmount"] == 47_968


def test_a_release_of_nothing_is_done_at_once(reserved, nexi):
    want("capture", reserved, "all", cart())
    deliver()
    want("release", reserved, "rest")
    deliver()
    assert operation("rest").state == "done"
    assert ledger(reserved)[1:] == [("captured", 47_968)]


def test_nothing_is_captured_of_what_will_be_released(reserved):
    want("release", reserved, "rest")
    with pytest.raises(actions.NotCovered):
        want("capture", reserved, "card:1", [card(1)])


def test_a_capture_that_is_refused_stands_where_a_person_sees_it(nexi, told, started):
    nexi.pay(started, books.NO_CHARGE)
    payment = actions.take_word(payment=started, actor=SYSTEM)
    want("capture", payment, "card:1", [card(1)])
    deliver()
    deliver()
    row = operation("card:1")
    assert (row.state, row.refusal) == ("refused", "402 1020")
    assert "payment:refused" in [event for event, _ in told]
    assert history(payment).filter(name="payment:refused").get().data["code"] == "402 1020"
    assert ledger(payment)[1:] == []


def test_what_was_refused_can_be_released(nexi, started):
    nexi.pay(started, books.NO_CHARGE)
    payment = actions.take_word(payment=started, actor=SYSTEM)
    want("capture", payment, "card:1", [card(1)])
    deliver()
    want("release", payment, "rest")
    deliver()
    assert nexi.sums(payment)["cancelledAmount"] == payment.amount_ore


def test_a_capture_is_paid_back_in_parts_and_never_more(reserved, nexi):
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    want("refund", reserved, "half:1", HALF)
    want("refund", reserved, "half:2", HALF)
    with pytest.raises(actions.NotCovered):
        want("refund", reserved, "half:3", HALF)
    deliver()
    assert nexi.sums(reserved)["refundedAmount"] == 13_156
    assert ledger(reserved)[2:] == [("refunded", 6_578), ("refunded", 6_578)]


def test_what_was_not_captured_is_not_paid_back(reserved):
    want("capture", reserved, "card:1", [card(1)])
    with pytest.raises(actions.NotCovered):
        want("refund", reserved, "back:1", [card(1)])


def test_a_refund_that_fails_at_the_bank_is_booked_back(nexi, told, started):
    nexi.pay(started, books.NO_REFUND)
    payment = actions.take_word(payment=started, actor=SYSTEM)
    want("capture", payment, "card:1", [card(1)])
    deliver()
    want("refund", payment, "back:1", [card(1)])
    deliver()
    for _ in range(2):
        actions.take_word(payment=payment, actor=SYSTEM)
    assert operation("back:1").state == "refused"
    assert ledger(payment)[2:] == [("refunded", 13_156), ("refunded", -13_156)]
    assert nexi.sums(payment)["refundedAmount"] == 0
    want("refund", payment, "back:2", [card(1)])


@pytest.mark.parametrize("state", ["Cancelled", "Expired"])
def test_a_refund_that_comes_to_nothing_later_is_booked_back_too(nexi, reserved, state):
    """Of Nexi's five states of a refund, those that a refund may reach after it was accepted."""
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    want("refund", reserved, "back:1", [card(1)])
    deliver()
    with nexi.store.changing("nexi.payments", reserved.provider_id) as books_of:
        books_of["refunds"][0]["state"] = state
    actions.take_word(payment=reserved, actor=SYSTEM)
    assert operation("back:1").state == "refused"
    assert ledger(reserved)[2:] == [("refunded", 13_156), ("refunded", -13_156)]


def test_keys_fit_where_providers_take_them(reserved, nexi):
    key = "k" * 50
    want("capture", reserved, key, [card(1)])
    deliver()
    assert operation(key).state == "done"


def test_payments_of_two_orders_do_not_meet(nexi, reserved):
    other = start("SECOND")
    nexi.pay(other)
    other = actions.take_word(payment=other, actor=SYSTEM)
    want("capture", reserved, "card:1", [card(1)])
    want("release", other, "rest")
    deliver()
    assert nexi.sums(reserved)["cancelledAmount"] == 0
    assert nexi.sums(other)["cancelledAmount"] == other.amount_ore
