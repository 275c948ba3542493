"""Nexi's messages: known by their key, heard once each, and never believed."""

import itertools

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hmskort.common.models import Effect
from orders.payments.nexi.simulator import webhooks
from tests.payments.shop import card, deliver, start, want

pytestmark = pytest.mark.django_db


def send(letter: dict, **headers: str):
    given = {"Authorization": letter["authorization"]} | headers
    return Client(headers=given).post(
        reverse("payments:nexi_webhook"), letter["body"], content_type="application/json"
    )


def heard() -> int:
    return Effect.objects.filter(event="payment:heard").count()


def test_the_message_of_a_reservation_reserves(started, nexi, told):
    nexi.pay(started)
    (letter,) = nexi.letters()
    assert letter["body"]["event"] == "payment.reservation.created.v2"
    assert send(letter).status_code == 200
    deliver()
    started.refresh_from_db()
    assert started.state == "reserved"
    assert [event for event, _ in told] == ["payment:reserved"]


def test_the_view_answers_before_the_provider_is_asked(started, nexi):
    nexi.pay(started)
    nexi.fails("silent")
    assert send(nexi.letters()[0]).status_code == 200
    started.refresh_from_db()
    assert started.state == "started"
    nexi.heals()
    deliver()
    started.refresh_from_db()
    assert started.state == "reserved"


def test_a_message_that_comes_three_times_is_heard_once(started, nexi, told):
    webhooks.COURIER.set_mode(nexi.store, "thrice")
    nexi.pay(started)
    letters = nexi.letters()
    assert len(letters) == 3
    for letter in letters:
        assert send(letter).status_code == 200
    assert heard() == 1
    deliver()
    assert len(told) == 1


def test_messages_in_any_order_end_in_the_same_books(nexi, told):
    for number, order in enumerate(itertools.permutations(range(3))):
        payment = start(f"ORDER{number}")
        nexi.pay(payment)
        seen = len(nexi.letters())
        payment.refresh_from_db()
        from_nexi = nexi.letters()[-1:]
        send(from_nexi[0])
        deliver()
        payment.refresh_from_db()
        want("capture", payment, f"card:{number}", [card(1)])
        deliver()
        want("release", payment, f"rest:{number}")
        deliver()
        letters = nexi.letters()[seen - 1 :]
        for place in order:
            assert send(letters[place]).status_code == 200
        deliver()
        assert list(payment.ledger.order_by("id").values_list("kind", flat=True)) == [
            "reserved",
            "captured",
            "released",
        ]


def test_a_forged_body_moves_nothing(started, nexi):
    body = {
        "id": "1",
        "event": "payment.reservation.created.v2",
        "data": {"paymentId": started.provider_id, "amount": {"amount": 47_968}},
    }
    assert send({"authorization": settings.PAYMENT["nexi"]["webhook_secret"], "body": body})
    deliver()
    started.refresh_from_db()
    assert started.state == "started"


@pytest.mark.parametrize("key", ["", "wrong", "simulatorwebhook000", "simulatorwebhook0001 ", "ø"])
def test_without_the_right_key_nothing_is_heard(started, nexi, key):
    nexi.pay(started)
    assert send(nexi.letters()[0], Authorization=key).status_code == 401
    assert heard() == 0


def test_a_portal_without_a_key_hears_nobody(started, nexi, settings):
    nexi.pay(started)
    settings.PAYMENT = {"nexi": settings.PAYMENT["nexi"] | {"webhook_secret": ""}}
    assert send(nexi.letters()[0], Authorization="").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {},
        {"id": "1"},
        {"id": "1", "data": {}},
        {"id": 1, "data": {"paymentId": "x"}},
        {"id": "1", "data": {"paymentId": "x" * 65}},
        {"id": "a:b", "data": {"paymentId": "x"}},
    ],
)
def test_what_is_not_a_message_is_told_so(db, body):
    letter = {"authorization": settings.PAYMENT["nexi"]["webhook_secret"], "body": body}
    assert send(letter).status_code == 400


def test_a_message_about_nobodys_payment_is_answered_and_forgotten(db):
    body = {"id": "1", "data": {"paymentId": "0" * 32}}
    letter = {"authorization": settings.PAYMENT["nexi"]["webhook_secret"], "body": body}
    assert send(letter).status_code == 200
    assert heard() == 0


def test_a_message_is_posted_not_fetched(db):
    assert Client().get(reverse("payments:nexi_webhook")).status_code == 405


def test_messages_go_where_they_are_wanted_until_they_arrive(started, nexi):
    nexi.pay(started)
    answers = iter([503, 200])
    got = []

    def shop(request: httpx.Request) -> httpx.Response:
        got.append(request)
        return httpx.Response(next(answers))

    with httpx.Client(transport=httpx.MockTransport(shop)) as http:
        assert webhooks.COURIER.deliver_due(nexi.store, http) > 0
        with nexi.store.changing("nexi.webhooks", nexi.letters()[0]["key"]) as letter:
            letter["due_at"] = letter["body"]["timestamp"]
        assert webhooks.COURIER.deliver_due(nexi.store, http) == 0
    assert len(got) == 2
    assert str(got[0].url) == f"{settings.BASE_URL}{reverse('payments:nexi_webhook')}"
    assert got[0].headers["Authorization"] == settings.PAYMENT["nexi"]["webhook_secret"]


def test_messages_can_be_late_or_never_come(started, nexi):
    webhooks.COURIER.set_mode(nexi.store, "late")
    nexi.pay(started)
    (letter,) = nexi.letters()
    assert letter["due_at"] > letter["body"]["timestamp"]
    webhooks.COURIER.set_mode(nexi.store, "never")
    nexi.pay(start("OTHER"))
    assert len(nexi.letters()) == 1


def test_a_mode_that_is_not_known_is_told_so(nexi):
    with pytest.raises(ValueError, match="thrice"):
        webhooks.COURIER.set_mode(nexi.store, "often")
