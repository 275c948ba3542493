"""Before what opens the account is changed, who sits there shows once more who they are."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from hmskort.accounts import sessions
from hmskort.accounts.id_porten.simulator import CODES
from hmskort.accounts.orderers.actions import passwords
from hmskort.accounts.orderers.models import Orderer
from hmskort.simulators.store import Store
from tests.accounts.visitor import Visitor, user_of
from tests.builders import actor_of
from tests.orderers.test_password_login import PASSWORD, SECRET
from tests.orderers.test_profile import long_ago

PROVE = "/min-profil/bekreft/"
GUARDED = [
    "/min-profil/innlogging/",
    "/min-profil/passord/",
    "/min-profil/innlogging/sla-av/",
    "/min-profil/reservekoder/",
]


@pytest.fixture(autouse=True)
def attempts_of_its_own(settings):
    name = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": name, "LOCATION": uuid4().hex}}


@pytest.fixture
def stale(kari, client_as):
    """Kari's session, an hour after she logged in; she has a password and a second factor."""
    passwords.set_up(user=kari, password=PASSWORD, secret=SECRET, actor=actor_of(kari))
    kari.refresh_from_db()
    return long_ago(client_as(kari))


@pytest.mark.parametrize("address", GUARDED)
def test_a_session_that_was_left_open_changes_no_way_in(stale, kari, address):
    before = kari.password, [row.data for row in kari.authenticator_set.order_by("pk")]
    typed = {"password": "et helt annet sett med ord", "again": "et helt annet sett med ord"}
    for answer in (stale.get(address), stale.post(address, typed)):
        assert answer["Location"] == f"{PROVE}?next={address.replace('/', '%2F')}"
    kari.refresh_from_db()
    assert before == (kari.password, [r.data for r in kari.authenticator_set.order_by("pk")])


def test_the_password_proves_it_and_leads_on(stale):
    page = stale.post(PROVE, {"password": "feil passord igjen", "next": GUARDED[3]})
    assert page.status_code == 422
    assert page.context["form"].errors["password"]
    answer = stale.post(PROVE, {"password": PASSWORD, "next": GUARDED[3]})
    assert answer["Location"] == GUARDED[3]
    assert re.findall(r"<code>(\d{8})</code>", stale.post(GUARDED[3]).content.decode())


def test_nobody_is_led_elsewhere_afterwards(stale):
    answer = stale.post(PROVE, {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/min-profil/"


def test_the_password_is_not_guessed_at_there(stale):
    for _ in range(5):
        stale.post(PROVE, {"password": "feil passord igjen"})
    assert stale.post(PROVE, {"password": PASSWORD}).status_code == 429
    assert stale.get(GUARDED[0]).status_code == 302


def test_guesses_at_the_code_elsewhere_do_not_keep_the_owner_from_changing_the_password(
    stale, kari
):
    guesser, number = Client(REMOTE_ADDR="198.51.100.7"), Orderer.objects.get(user=kari).shown
    guesser.post("/logg-inn/passord/", {"number": number, "password": PASSWORD})
    for _ in range(6):
        answer = guesser.post("/logg-inn/engangskode/", {"code": "000000"})
    assert answer.status_code == 429
    proved = stale.post(PROVE, {"password": PASSWORD, "next": GUARDED[1]})
    assert proved["Location"] == GUARDED[1]


@pytest.mark.parametrize("has_password", [True, False])
def test_id_porten_proves_it_too_and_asks_anew(db, has_password):
    visitor = Visitor()
    visitor.log_in("leader of many")
    user = user_of("leader of many")
    if has_password:
        passwords.set_up(user=user, password=PASSWORD, secret=SECRET, actor=actor_of(user))
        visitor.log_in("leader of many")
    orgnr = user.person.accesses.first().main_orgnr
    visitor.post("/velg-virksomhet/", orgnr=orgnr)
    long_ago(visitor.portal)
    page = visitor.get(GUARDED[0], follow=True)
    assert "Bekreft med ID-porten" in page.content.decode()
    assert bool(page.context["form"]) == has_password
    address = visitor.begin(next=GUARDED[0])
    assert "prompt=login" in address
    back = visitor.back(visitor.choose(address, "leader of many"))
    assert back["Location"] == GUARDED[0]
    assert visitor.get(GUARDED[0]).status_code == 200
    assert sessions.chosen_orgnr(visitor.portal.session) == orgnr, "the company is still chosen"


def test_what_id_porten_remembered_from_before_proves_nothing(db):
    visitor, store, hour = Visitor(), Store(), 3600
    address = visitor.choose(visitor.begin(), "Kari")
    [(code, granted)] = store.all(CODES)
    granted["login"]["auth_time"] -= hour
    store.put_all(CODES, {code: granted})
    visitor.back(address)
    assert visitor.is_logged_in
    assert visitor.get(GUARDED[0])["Location"].startswith(PROVE)
