"""What every payment provider does for us: the same cases against each client and its simulator."""

import uuid

import pytest
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common import outbox
from hmskort.common.money import Amount
from hmskort.common.services import Refused, Unavailable, Unreadable
from hmskort.common.transitions import Superseded
from orders.payments import actions, queries
from orders.payments.provider import Checkout, Declined, Item, RefundState, provider
from tests.payments.providers import SIDES
from tests.payments.shop import KARI, card, cart, deliver, operation, want

pytestmark = pytest.mark.django_db
CARD, POSTAGE, ALL = 13_156, 8_500, 47_968


@pytest.fixture(params=SIDES)
def side(request, db):
    return SIDES[request.param]


@pytest.fixture
def ours(side):
    return provider(side.method)


def checkout(items=None) -> Checkout:
    return Checkout(
        reference="ORDER",
        payment=str(uuid.UUID(int=7)),
        items=items or cart(),
        language="nb",
        return_url="http://localhost:8000/tilbake/",
        cancel_url="http://localhost:8000/avbrutt/",
        webhook_url="http://localhost:8000/webhook/",
        terms_url="http://localhost:8000/vilkar/",
    )


@pytest.fixture
def opened(ours):
    return ours.start(checkout(), key="k1").payment_id


@pytest.fixture
def paid(opened, side):
    side.pay(opened)
    return opened


def test_a_new_payment_is_ours_and_reserves_nothing(ours, opened):
    word = ours.read(opened)
    assert (word.reference, word.amount_ore, word.reserved_ore) == ("ORDER", ALL, 0)
    assert (word.captures, word.refunds, word.closed) == ((), (), False)


def test_the_same_key_opens_one_payment(ours):
    assert ours.start(checkout(), key="k1") == ours.start(checkout(), key="k1")


def test_a_paid_payment_is_reserved_whole(ours, paid):
    word = ours.read(paid)
    assert word.reserved_ore == word.amount_ore == word.left_ore


def test_parts_are_captured_and_each_is_known_again(ours, paid):
    first = ours.capture(paid, [card(1)], key="c1")
    second = ours.capture(paid, [card(2), cart()[-1]], key="c2")
    word = ours.read(paid)
    assert [capture.id for capture in word.captures] == [first, second]
    assert word.captured_ore == CARD * 2 + 8_500
    assert word.left_ore == CARD
    for capture, key, references in zip(
        word.captures, ("c1", "c2"), ({"LINE1"}, {"LINE2", "ORDER-P"}), strict=True
    ):
        assert capture.key == key or capture.references == references


def test_a_capture_with_a_key_happens_once(ours, paid):
    assert ours.capture(paid, [card(1)], key="c1") == ours.capture(paid, [card(1)], key="c1")
    assert len(ours.read(paid).captures) == 1


def test_more_than_was_reserved_is_declined(ours, paid):
    ours.capture(paid, cart(), key="c1")
    with pytest.raises(Declined):
        ours.capture(paid, [card(1)], key="c2")


def test_nothing_is_captured_before_it_is_paid(ours, opened, side):
    with pytest.raises(Declined):
        ours.capture(opened, [card(1)], key="c1")
    side.pay(opened)
    assert ours.capture(opened, [card(1)], key="c1")  # what was declined leaves no key behind


def test_everything_is_released_before_a_capture(ours, paid):
    ours.release(paid, ALL)
    word = ours.read(paid)
    assert (word.released_ore, word.left_ore, word.closed) == (ALL, 0, False)


def test_what_is_left_is_released_after_a_capture(ours, paid):
    ours.capture(paid, [card(1)], key="c1")
    ours.release(paid, ALL - CARD)
    word = ours.read(paid)
    assert (word.released_ore, word.left_ore) == (ALL - CARD, 0)


def test_a_capture_is_refunded_in_parts_and_never_more(ours, paid):
    capture = ours.capture(paid, [card(1)], key="c1")
    half = [Item("LINE1", "Halv pris", Amount(5_262, 1_316))]
    first = ours.refund(paid, capture, half, key="r1")
    assert ours.refund(paid, capture, half, key="r1") == first
    ours.refund(paid, capture, half, key="r2")
    with pytest.raises(Declined):
        ours.refund(paid, capture, half, key="r3")
    assert [refund.state for refund in ours.read(paid).refunds] == [RefundState.COMPLETED] * 2


def test_a_closed_page_cannot_be_paid(ours, opened, side):
    ours.close(opened)
    assert ours.read(opened).closed
    side.pay(opened)
    assert ours.read(opened).reserved_ore == 0


def test_a_paid_payment_is_not_closed(ours, paid):
    with pytest.raises(Declined):
        ours.close(paid)
    word = ours.read(paid)
    assert (word.closed, word.left_ore) == (False, ALL)


def test_a_payment_that_nobody_knows_is_never_evidence(ours, side):
    unknown = "ORDER-" + "0" * 32
    with pytest.raises(Unreadable):
        ours.read(unknown)
    with pytest.raises(Unreadable):
        ours.capture(unknown, [card(1)], key="c1")


FAULTS = {
    "silent": Unavailable,
    "500": Unavailable,
    "429": Unavailable,
    "garbage": Unreadable,
    "wrong_shape": Unreadable,
    "wall": Refused,
    "lost": Unavailable,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", ["start", "read", "capture", "refund"])
def test_each_fault_has_its_error_and_passes(ours, paid, side, fault, verb):
    capture = ours.capture(paid, [card(1)], key="c1")
    ask = {
        "start": lambda: ours.start(checkout(), key="k1"),
        "read": lambda: ours.read(paid),
        "capture": lambda: ours.capture(paid, [card(2)], key="c2"),
        "refund": lambda: ours.refund(paid, capture, [card(1)], key="r1"),
    }
    side.fails(fault)
    with pytest.raises(FAULTS[fault]):
        ask[verb]()
    side.heals()
    assert ask[verb]()
    booked = side.booked(paid)
    assert booked[1] == CARD * (2 if verb == "capture" else 1)
    assert booked[3] == CARD * (verb == "refund")


# The same through the money room: what is wanted happens once, whatever the provider does.


@pytest.fixture
def reserved(side):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=side.method
    )
    side.pay(payment.provider_id)
    return actions.take_word(payment=payment, actor=SYSTEM)


@pytest.mark.parametrize("fault", ["lost", "silent", "500", "garbage", "wall"])
@pytest.mark.parametrize("kind", ["capture", "release", "refund"])
def test_what_is_wanted_happens_once(reserved, side, fault, kind):
    want("capture", reserved, "card:1", [card(1)])
    deliver()
    want(kind, reserved, "it", {"capture": [card(2)], "refund": [card(1)]}.get(kind))
    side.fails(fault)
    for _ in range(3):
        deliver()
    assert operation("it").state == "wanted"
    side.heals()
    deliver()
    assert operation("it").state == "done"
    ledger = queries.booked(reserved)
    told = tuple(ledger[name] for name in ("reserved", "captured", "released", "refunded"))
    assert told == side.booked(reserved.provider_id)
    assert told == (
        ALL,
        CARD * 2 if kind == "capture" else CARD,
        ALL - CARD if kind == "release" else 0,
        CARD if kind == "refund" else 0,
    )


def test_two_alike_that_were_lost_are_each_done_once(reserved, side):
    side.fails("lost")
    for number in (1, 2):
        want("capture", reserved, f"same:{number}", [card(1)])
    deliver()
    side.heals()
    deliver()
    assert side.booked(reserved.provider_id)[1] == CARD * 2
    assert queries.booked(reserved)["captured"] == CARD * 2


def test_a_capture_that_is_declined_stands_refused(side):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=side.method
    )
    side.pay(payment.provider_id, side.no_capture)
    payment = actions.take_word(payment=payment, actor=SYSTEM)
    want("capture", payment, "card:1", [card(1)])
    deliver()
    assert operation("card:1").state == "refused"
    assert queries.booked(payment)["captured"] == 0


def refused(side, tries):
    """A capture that the provider says no to, and that may be asked for so many times."""
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=side.method
    )
    side.pay(payment.provider_id, side.no_capture)
    payment = actions.take_word(payment=payment, actor=SYSTEM)
    with transaction.atomic():
        actions.want_capture(
            payment=payment, key="postage:1", items=[cart()[-1]], actor=SYSTEM, tries=tries
        )
        actions.want_release(payment=payment, key="rest:1", actor=SYSTEM)
    deliver()
    return payment


def test_a_capture_that_nobody_else_makes_good_for_is_asked_for_again(side):
    payment = refused(side, tries=3)
    assert (operation("postage:1").state, operation("rest:1").state) == ("wanted", "wanted")
    side.changes_its_mind(payment.provider_id)
    deliver()
    deliver()
    done = operation("postage:1")
    assert (done.state, done.refusals, operation("rest:1").state) == ("done", 1, "done")
    assert side.booked(payment.provider_id)[1:3] == (POSTAGE, 3 * CARD)
    assert queries.booked(payment)["captured"] == POSTAGE


def test_who_heard_the_same_refusal_as_another_comes_back_as_well(side):
    payment = refused(side, tries=3)
    late = operation("postage:1")
    late.refusals = 0  # as a run read it that began before the other was refused
    with pytest.raises(outbox.TryLater):
        actions.carry_out(operation=late, actor=SYSTEM)
    assert (operation("postage:1").state, operation("postage:1").refusals) == ("wanted", 1)
    assert side.booked(payment.provider_id)[1] == 0


def test_after_the_last_try_it_stands_refused_and_the_rest_is_released(side):
    payment = refused(side, tries=3)
    for _ in range(4):
        deliver()
    stopped = operation("postage:1")
    assert (stopped.state, stopped.refusals) == ("refused", 3)
    assert stopped.refusal
    assert side.booked(payment.provider_id)[1:3] == (0, ALL)


def test_a_person_has_a_refused_capture_asked_for_again(side):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=side.method
    )
    side.pay(payment.provider_id, side.no_capture)
    payment = actions.take_word(payment=payment, actor=SYSTEM)
    want("capture", payment, "postage:1", [cart()[-1]])
    deliver()
    side.changes_its_mind(payment.provider_id)
    with transaction.atomic():
        actions.want_capture_again(operation=operation("postage:1"), actor=SYSTEM)
    with pytest.raises(Superseded), transaction.atomic():
        actions.want_capture_again(operation=operation("postage:1"), actor=SYSTEM)
    deliver()
    assert operation("postage:1").state == "done"
    assert side.booked(payment.provider_id)[1] == POSTAGE


def test_who_turns_from_one_way_to_the_other_pays_once(side):
    payment = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=side.method
    )
    other = SIDES["vipps" if side.method == "nexi" else "nexi"]
    second = actions.start(
        reference="ORDER", items=cart(), language="nb", actor=KARI, method=other.method
    )
    side.pay(payment.provider_id)
    other.pay(second.provider_id)
    assert side.booked(payment.provider_id)[0] == 0
    assert other.booked(second.provider_id)[0] == ALL
