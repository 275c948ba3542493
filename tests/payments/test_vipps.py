"""Vipps MobilePay: its page, its token, and messages that are signed, repeated, late or forged."""

import itertools
import json
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.common.services import Refused, Unreadable
from hmskort.simulators.store import Store
from orders.payments import actions
from orders.payments.provider import provider
from orders.payments.vipps import client, parsing, signing
from orders.payments.vipps.simulator import webhooks
from tests.payments.providers import SIDES
from tests.payments.shop import KARI, card, cart, deliver, want

pytestmark = pytest.mark.django_db
ALL = 47_968
PATH = "/betaling/webhook/vipps/"
SECRET = "simulator-vipps-webhook-secret"


@pytest.fixture
def side(db):
    return SIDES["vipps"]


@pytest.fixture
def started(side):
    return start()


def start(reference="ORDER"):
    return actions.start(
        reference=reference, items=cart(), language="nb", actor=KARI, method="vipps"
    )


def letters() -> list[dict]:
    found = [body for _, body in Store().all("vipps.webhooks")]
    return sorted(found, key=lambda letter: letter["body"]["timestamp"])


def signed(body: bytes, *, at=None, secret=SECRET, path=PATH, **changes: str) -> dict[str, str]:
    given = signing.headers(secret, host="testserver", path=path, body=body, at=at or clock.now())
    return {**given, **changes}


def post(body: bytes, headers: dict[str, str]) -> int:
    answer = Client(headers=headers).post(PATH, body, content_type="application/json")
    return answer.status_code


def send(letter: dict) -> int:
    body = json.dumps(letter["body"]).encode()
    return post(body, signed(body))


def heard() -> int:
    return Effect.objects.filter(event="payment:heard").count()


def test_the_reference_leads_from_vipps_to_the_order_and_back(started):
    assert started.provider_id == f"ORDER-{started.pk.hex}"
    assert len(f"ABCDEFGH2345-{started.pk.hex}") <= 50
    assert reverse("payments:vipps_webhook") == PATH == webhooks.PATH


@pytest.mark.parametrize(
    ("how", "state"), [("decline", "failed"), ("expire", "failed"), ("approve", "reserved")]
)
def test_what_the_payer_answers_is_where_the_payment_stands(started, side, how, state):
    back = side.pay(started.provider_id, {"do": how}).headers["Location"]
    assert back == settings.BASE_URL + reverse("payments:back", args=[started.pk])
    assert actions.take_word(payment=started, actor=SYSTEM).state == state


def test_a_page_that_nobody_answered_is_over_after_ten_minutes(started, side):
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert actions.take_word(payment=started, actor=SYSTEM).state == "failed"


def test_a_message_makes_us_read_what_vipps_says(started, side, told):
    side.pay(started.provider_id)
    (letter,) = letters()
    assert send(letter) == 200
    deliver()
    started.refresh_from_db()
    assert started.state == "reserved"
    assert [event for event, _ in told] == ["payment:reserved"]


def test_a_message_that_comes_three_times_is_heard_once(started, side, told):
    webhooks.COURIER.set_mode(Store(), "thrice")
    side.pay(started.provider_id)
    assert [send(letter) for letter in letters()] == [200] * 3
    assert heard() == 1
    deliver()
    assert len(told) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_messages_in_any_order_end_in_the_same_books(started, side, order):
    side.pay(started.provider_id)
    payment = actions.take_word(payment=started, actor=SYSTEM)
    want("capture", payment, "card:1", [card(1)])
    deliver()
    want("release", payment, "rest")
    deliver()
    told_of = letters()
    assert [letter["body"]["name"] for letter in told_of] == [
        "AUTHORIZED",
        "CAPTURED",
        "CANCELLED",
    ]
    for place in order:
        assert send(told_of[place]) == 200
    deliver()
    kinds = payment.ledger.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["reserved", "captured", "released"]


def test_a_message_that_tells_what_did_not_happen_moves_nothing(started):
    body = json.dumps({"reference": started.provider_id, "name": "AUTHORIZED"}).encode()
    assert post(body, signed(body)) == 200
    deliver()
    started.refresh_from_db()
    assert started.state == "started"


FORGED = {
    "another secret": lambda body: (body, signed(body, secret="guess")),
    "another body": lambda body: (body + b" ", signed(body)),
    "another body and its hash": lambda body: (
        body + b" ",
        {**signed(body), "x-ms-content-sha256": signed(body + b" ")["x-ms-content-sha256"]},
    ),
    "another address": lambda body: (body, signed(body, path="/betaling/webhook/nexi/")),
    "another host": lambda body: (body, signed(body, host="localhost")),
    "another moment": lambda body: (
        body,
        signed(body, **{"x-ms-date": "Mon, 30 Nov 2026 00:00:00 GMT"}),
    ),
    "listened to": lambda body: (body, signed(body, at=clock.now() - timedelta(minutes=6))),
    "of a day to come": lambda body: (body, signed(body, at=clock.now() + timedelta(minutes=6))),
    "no signature": lambda body: (body, signed(body, Authorization="")),
    "no date": lambda body: (body, signed(body, **{"x-ms-date": ""})),
    "a signature that is no text": lambda body: (body, signed(body, Authorization="æ")),
    "nothing": lambda body: (body, {}),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_message_is_refused_and_does_nothing(started, side, how):
    side.pay(started.provider_id)
    body = json.dumps(letters()[0]["body"]).encode()
    assert post(*FORGED[how](body)) == 401
    assert heard() == 0


def test_a_portal_without_a_secret_hears_nobody(started, settings):
    body = b'{"reference": "ORDER"}'
    settings.PAYMENT = settings.PAYMENT | {
        "vipps": settings.PAYMENT["vipps"] | {"webhook_secret": ""}
    }
    assert post(body, signed(body, secret="")) == 401


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"reference": 1}', b'{"reference": "a:b"}', b'"text"', b"\xff"]
)
def test_what_is_no_message_is_told_so(db, body):
    assert post(body, signed(body)) == 400


def test_a_message_is_posted_not_fetched(db):
    assert Client().get(PATH).status_code == 405


def test_messages_are_signed_when_they_are_sent_however_late(started, side):
    webhooks.COURIER.set_mode(Store(), "late")
    side.pay(started.provider_id)
    answers = []

    def portal(request: httpx.Request) -> httpx.Response:
        given = {name.lower(): value for name, value in request.headers.items()}
        genuine = signing.is_genuine(
            SECRET, given, path=request.url.path, body=request.content, now=clock.now()
        )
        answers.append(genuine)
        return httpx.Response(200 if genuine else 401)

    with (
        time_machine.travel(clock.now() + timedelta(hours=1)),
        httpx.Client(transport=httpx.MockTransport(portal)) as http,
    ):
        assert webhooks.COURIER.deliver_due(Store(), http) == 0
    assert answers == [True]


def a_client(**changes: str) -> client.Client:
    given = {name: value for name, value in settings.PAYMENT["vipps"].items() if name != "client"}
    return client.Client(**(given | changes))


@pytest.mark.parametrize("what", ["client_id", "client_secret", "subscription_key"])
def test_who_cannot_show_who_they_are_is_refused(started, what):
    with pytest.raises(Refused):
        a_client(**{what: "guess"}).read(started.provider_id)


def test_one_token_serves_until_it_ends_and_is_asked_for_again_when_refused(started, monkeypatch):
    asked = []
    ours = a_client()
    question = client._Token._question
    monkeypatch.setattr(client._Token, "_question", lambda self: asked.append(1) or question(self))
    for _ in range(3):
        ours.read(started.provider_id)
    assert len(asked) == 1
    ours._http.auth._token = "of yesterday"
    ours.read(started.provider_id)
    assert len(asked) == 2
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        ours.read(started.provider_id)
    assert len(asked) == 3


def test_a_payment_whose_events_do_not_add_up_is_not_believed(started, side):
    side.pay(started.provider_id)
    ours = provider("vipps")
    ours.capture(started.provider_id, [card(1)], key="c1")
    with Store().changing("vipps.payments", started.provider_id) as held:
        held["captured"] += 100
    with pytest.raises(Unreadable, match="add up"):
        ours.read(started.provider_id)


def test_another_currency_is_not_believed():
    with pytest.raises(ValueError, match="currency"):
        parsing.word_of({"amount": {"currency": "SEK", "value": 1}}, [])
