"""The client and the simulator speak the same Nexi Checkout."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from hmskort.common import clock
from hmskort.common.money import Amount
from hmskort.common.services import Refused, Unavailable, Unreadable
from orders.payments.nexi import client
from orders.payments.nexi.simulator import books
from orders.payments.provider import Checkout, Declined, Item, RefundState, provider, total
from tests.payments.shop import card, cart

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return provider("nexi")


def checkout(items=None, language="nb", **changes) -> Checkout:
    given = {
        "reference": "ORDER",
        "payment": "our-id",
        "items": items or cart(),
        "language": language,
        "return_url": "http://localhost:8000/tilbake/",
        "cancel_url": "http://localhost:8000/avbrutt/",
        "webhook_url": "http://localhost:8000/webhook/",
        "terms_url": "http://localhost:8000/vilkar/",
    }
    return Checkout(**given | changes)


@pytest.fixture
def opened(ours):
    return ours.start(checkout(), key="k1")


@pytest.fixture
def paid(opened, nexi):
    nexi.visit("POST", f"hosted/{opened.payment_id}", card=books.APPROVED, do="pay")
    return opened.payment_id


def test_a_new_payment_reserves_nothing_and_holds_every_line_with_its_vat(ours, opened, nexi):
    word = ours.read(opened.payment_id)
    assert (word.reference, word.amount_ore, word.reserved_ore) == ("ORDER", 47_968, 0)
    held = nexi.store.get("nexi.payments", opened.payment_id)
    assert held["checkout"]["charge"] is False
    assert [item["taxRate"] for item in held["order"]["items"]] == [2500] * 4
    assert [item["taxAmount"] for item in held["order"]["items"]] == [2631, 2631, 2631, 1700]
    assert held["myReference"] == "our-id"


@pytest.mark.parametrize(("language", "nexis"), [("nb", "nb-NO"), ("nn", "nb-NO"), ("en", "en-GB")])
def test_the_page_comes_in_the_payers_language(ours, language, nexis):
    page = ours.start(checkout(language=language), key=f"k-{language}")
    assert page.url.endswith(f"?language={nexis}")


def test_signs_that_nexi_does_not_allow_are_written_otherwise(ours):
    item = Item("A&B", 'Kort til O\'Neill <Bygg & "Anlegg">', Amount(100, 25))
    assert ours.start(checkout(items=[item]), key="k").payment_id


def test_a_line_without_vat_has_no_tax_rate(ours, nexi):
    page = ours.start(checkout(items=[Item("A", "Gebyr", Amount(100, 0))]), key="k")
    held = nexi.store.get("nexi.payments", page.payment_id)
    assert held["order"]["items"][0]["taxRate"] == 0


def test_the_same_key_opens_one_payment(ours, opened):
    assert ours.start(checkout(), key="k1") == opened
    assert ours.start(checkout(), key="k2") != opened


def test_a_paid_payment_is_reserved_whole(ours, paid):
    word = ours.read(paid)
    assert word.reserved_ore == word.amount_ore == word.left_ore


def test_parts_are_captured_and_told_by_their_items(ours, paid):
    first = ours.capture(paid, [card(1)], key="c1")
    second = ours.capture(paid, [card(2), cart()[-1]], key="c2")
    word = ours.read(paid)
    assert [(capture.id, capture.references) for capture in word.captures] == [
        (first, frozenset({"LINE1"})),
        (second, frozenset({"LINE2", "ORDER-P"})),
    ]
    assert word.captured_ore == 13_156 * 2 + 8_500
    assert word.left_ore == 13_156


def test_a_charge_with_a_key_happens_once_for_a_day(ours, paid):
    first = ours.capture(paid, [card(1)], key="c1")
    assert ours.capture(paid, [card(1)], key="c1") == first
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert ours.capture(paid, [card(1)], key="c1") != first


def test_more_than_was_reserved_is_declined(ours, paid):
    ours.capture(paid, cart(), key="c1")
    with pytest.raises(Declined, match="402 1001"):
        ours.capture(paid, [card(1)], key="c2")


def test_what_was_declined_leaves_no_key_behind(ours, opened, nexi):
    with pytest.raises(Declined, match="402"):
        ours.capture(opened.payment_id, [card(1)], key="c1")
    nexi.visit("POST", f"hosted/{opened.payment_id}", card=books.APPROVED, do="pay")
    assert ours.capture(opened.payment_id, [card(1)], key="c1")


def test_everything_is_released_before_a_charge(ours, paid):
    ours.release(paid, 47_968)
    word = ours.read(paid)
    assert (word.released_ore, word.left_ore) == (47_968, 0)


def test_a_part_is_not_released_before_a_charge(ours, paid):
    with pytest.raises(Declined, match="400 amount"):
        ours.release(paid, 100)


def test_what_is_left_is_released_after_a_charge(ours, paid):
    ours.capture(paid, [card(1)], key="c1")
    with pytest.raises(Declined, match="402"):
        ours.release(paid, 47_968)
    ours.release(paid, 47_968 - 13_156)
    assert ours.read(paid).left_ore == 0


def test_a_capture_is_refunded_in_parts_and_never_more(ours, paid):
    charge = ours.capture(paid, [card(1)], key="c1")
    half = [Item("LINE1", "Halv pris", Amount(5_262, 1_316))]
    first = ours.refund(paid, charge, half, key="r1")
    assert ours.refund(paid, charge, half, key="r1") == first
    ours.refund(paid, charge, half, key="r2")
    with pytest.raises(Declined, match="402 1002"):
        ours.refund(paid, charge, half, key="r3")
    refunds = ours.read(paid).refunds
    assert [refund.state for refund in refunds] == [RefundState.COMPLETED] * 2


def test_a_closed_page_cannot_be_paid(ours, opened, nexi):
    ours.close(opened.payment_id)
    assert ours.read(opened.payment_id).closed
    page = nexi.visit("POST", f"hosted/{opened.payment_id}", card=books.APPROVED, do="pay")
    assert page.status_code == 410
    assert ours.read(opened.payment_id).reserved_ore == 0


def test_a_paid_payment_is_not_closed(ours, paid):
    with pytest.raises(Declined):
        ours.close(paid)
    assert not ours.read(paid).closed


@pytest.mark.parametrize(
    "url", ["http://evil.example/hook", "ftp://localhost/", "https://x/" + "a" * 260]
)
def test_webhooks_go_to_https_addresses_of_a_bearable_length(ours, url):
    with pytest.raises(Declined, match=r"notifications\.webHooks"):
        ours.start(checkout(webhook_url=url), key="k")


def test_sums_that_do_not_add_up_are_declined(ours, paid, monkeypatch):
    monkeypatch.setattr(client, "total", lambda items: total(items) + Amount(1, 0))
    with pytest.raises(Declined, match="400 amount"):
        ours.capture(paid, [card(1)], key="c1")


def test_another_secret_is_refused_not_declined(nexi, opened):
    stranger = client.Client(settings.PAYMENT["nexi"]["base_url"], "guess", "simulatorwebhook0001")
    with pytest.raises(Refused):
        stranger.read(opened.payment_id)


def test_a_payment_that_nexi_does_not_know_is_never_evidence(ours, db):
    with pytest.raises(Unreadable):
        ours.read("0" * 32)
    with pytest.raises(Unreadable):
        ours.capture("0" * 32, [card(1)], key="c1")


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
def test_each_fault_has_its_error(ours, paid, nexi, fault, verb):
    charge = ours.capture(paid, [card(1)], key="c1")
    ask = {
        "start": lambda: ours.start(checkout(), key="k9"),
        "read": lambda: ours.read(paid),
        "capture": lambda: ours.capture(paid, [card(2)], key="c2"),
        "refund": lambda: ours.refund(paid, charge, [card(1)], key="r1"),
    }
    nexi.fails(fault)
    with pytest.raises(FAULTS[fault]):
        ask[verb]()
    nexi.heals()
    assert ask[verb]()


def test_a_lost_answer_means_that_it_was_done(ours, paid, nexi):
    nexi.fails("lost")
    with pytest.raises(Unavailable):
        ours.capture(paid, [card(1)], key="c1")
    nexi.heals()
    assert len(ours.read(paid).captures) == 1
    assert ours.capture(paid, [card(1)], key="c1") == ours.read(paid).captures[0].id
    assert len(ours.read(paid).captures) == 1


def test_a_slow_answer_is_an_answer(ours, paid, nexi):
    nexi.fails("slow")
    assert ours.read(paid).reserved_ore
