"""In with BestillerID, password and a code: right ones open a session, wrong ones tell nothing."""

import time
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from django.core.cache import cache
from django.test import Client

from hmskort.accounts.models import User
from hmskort.accounts.orderers import attempts
from hmskort.accounts.orderers.actions import passwords
from hmskort.accounts.orderers.models import Orderer
from hmskort.audit.models import Event
from tests.builders import actor_of, rest

PASSWORD = "fire rare ord paa rad"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
IN, CODE = "/logg-inn/passord/", "/logg-inn/engangskode/"
WRONG = 5


def code_now(secret=SECRET, ahead=0):
    return f"{hotp_value(secret, int(time.time()) // 30 + ahead):06}"


@pytest.fixture(autouse=True)
def attempts_of_its_own(settings):
    """Each test counts attempts by itself, also beside another worker's."""
    name = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": name, "LOCATION": uuid4().hex}}


@pytest.fixture
def number(kari):
    """Kari's BestillerID; she has a password and a second factor."""
    kari.recovery = passwords.set_up(
        user=kari, password=PASSWORD, secret=SECRET, actor=actor_of(kari)
    )
    return Orderer.objects.get(user=kari).shown


def tries(number, password=PASSWORD, client=None, **headers):
    client = client or Client(**headers)
    return client, client.post(IN, {"number": number, "password": password})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.feature("F028")
def test_bestillerid_password_and_code_log_in_and_only_together(number):
    client, answer = tries(number.lower().replace("-", " "))
    assert answer["Location"] == CODE
    assert not is_in(client), "a password alone opens nothing"
    assert client.get("/min-profil/").status_code == 302
    client, _ = tries(number)
    answer = client.post(CODE, {"code": code_now()})
    assert answer.status_code == 302
    assert is_in(client)
    assert client.get("/min-profil/").status_code == 200


@pytest.mark.feature("F028")
def test_the_session_cookie_is_for_http_alone_and_new_after_the_login(number, settings):
    settings.SESSION_COOKIE_SECURE = True
    client, _ = tries(number)
    before = client.session.session_key
    client.post(CODE, {"code": code_now()})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert client.session.session_key != before


def test_a_page_that_was_wanted_is_where_the_login_leads(number):
    client = Client()
    client.post(IN, {"number": number, "password": PASSWORD, "next": "/bestillinger/"})
    assert client.post(CODE, {"code": code_now()})["Location"] == "/bestillinger/"


def test_nobody_is_led_elsewhere(number):
    client = Client()
    elsewhere = {"number": number, "password": PASSWORD, "next": "https://evil.example/"}
    client.post(IN, elsewhere)
    assert client.post(CODE, {"code": code_now()})["Location"].startswith("/")


@pytest.mark.feature("F028")
def test_five_wrong_passwords_lock_for_a_time_and_the_owner_is_mailed_once(
    number, kari, outbox, settings
):
    for _ in range(WRONG + 2):
        _, answer = tries(number, "feil passord igjen")
    assert answer.status_code == 429
    assert tries(number)[1].status_code == 429, "the right one does not open it either"
    rest()
    mine = [mail for mail in outbox if "Noen prøvde" in mail.subject]
    assert [mail.to for mail in mine] == [[kari.email]]
    assert Event.objects.filter(name="user:password_locked", subject_id=str(kari.pk)).exists()


def test_the_lock_is_the_guesser_s_and_not_the_victim_s(number):
    for _ in range(WRONG):
        tries(number, "feil passord igjen", REMOTE_ADDR="198.51.100.7")
    assert tries(number, REMOTE_ADDR="198.51.100.7")[1].status_code == 429
    assert tries(number, REMOTE_ADDR="203.0.113.5")[1]["Location"] == CODE


def test_what_is_told_of_wrong_ones_is_the_same_whether_the_id_exists(number):
    for nobody in ("HXK7-2P4W", "finnes ikke"):
        _, of_nobody = tries(nobody, "feil passord igjen")
        _, of_kari = tries(number, "feil passord igjen")
        assert of_nobody.status_code == of_kari.status_code == 422
        alike = of_nobody.content.decode().replace(nobody, number)
        assert alike.split("<main")[1].count("feil") == of_kari.content.decode().split("<main")[
            1
        ].count("feil")
    for _ in range(WRONG):
        _, answer = tries("HXK7-2P4W", "feil passord igjen")
    assert answer.status_code == 429, "the lock tells nothing either"


def test_a_wrong_code_opens_nothing_and_neither_does_one_that_was_used(number):
    client, _ = tries(number)
    assert client.post(CODE, {"code": "000000"}).status_code == 422
    code = code_now()
    assert client.post(CODE, {"code": code}).status_code == 302
    other, _ = tries(number)
    assert other.post(CODE, {"code": code}).status_code == 422
    assert not is_in(other)


def test_a_code_opens_once_whatever_valkey_remembers(number):
    code = code_now(ahead=1)
    client, _ = tries(number)
    assert client.post(CODE, {"code": code}).status_code == 302
    cache.clear()
    for used in (code, code_now()):
        other, _ = tries(number)
        assert other.post(CODE, {"code": used}).status_code == 422, "nor one shown before it"
        assert not is_in(other)


def test_the_code_that_set_up_the_app_opens_nothing(kari, client_as):
    client = client_as(kari)
    client.get("/min-profil/innlogging/")
    code = code_now(client.session["mfa.totp.secret"])
    chosen = {"password": PASSWORD, "again": PASSWORD, "code": code}
    assert client.post("/min-profil/innlogging/", chosen).status_code == 200
    other, _ = tries(Orderer.objects.get(user=kari).shown)
    assert other.post(CODE, {"code": code}).status_code == 422


def test_codes_cannot_be_guessed_at_and_the_owner_hears_of_it_once(number, kari, outbox):
    for address in ("198.51.100.7", "203.0.113.5"):
        client, _ = tries(number, REMOTE_ADDR=address)
        for _ in range(WRONG):
            client.post(CODE, {"code": "000000"})
    assert client.post(CODE, {"code": code_now()}).status_code == 429
    assert not is_in(client)
    rest()
    mine = [mail for mail in outbox if "Noen har passordet" in mail.subject]
    assert [mail.to for mail in mine] == [[kari.email]]
    assert Event.objects.filter(name="user:code_locked", subject_id=str(kari.pk)).exists()


def test_a_right_code_leaves_the_tries_of_others_behind_the_same_address(number, rf):
    request = rf.post(CODE)
    for each in range(29):
        assert attempts.begin(request, f"person:{each}")
    client, _ = tries(number)
    assert client.post(CODE, {"code": code_now()}).status_code == 302
    assert attempts.begin(request, "person:30")
    assert not attempts.begin(request, "person:31"), "thirty a minute from one address"


@pytest.mark.parametrize("address", [IN, "/apne-konto/", "/uten-id-porten/"])
def test_while_valkey_is_silent_nobody_is_let_in_and_a_page_helps(number, settings, address):
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "unix:///nowhere/valkey"}}
    client = Client()
    typed = {"number": number, "password": PASSWORD, "entry_code": "HXK7-2P4W-QRS3"}
    page = client.post(address, typed)
    assert page.status_code == 503
    assert "Logg inn med ID-porten" in page.content.decode()
    assert not client.session.keys() & {"account_login", "opening"}


def test_a_recovery_code_opens_once(number, kari):
    client, _ = tries(number)
    assert client.post(CODE, {"code": kari.recovery[0]}).status_code == 302
    other, _ = tries(number)
    assert other.post(CODE, {"code": kari.recovery[0]}).status_code == 422


def test_without_a_second_factor_a_password_is_worth_nothing(kari):
    kari.set_password(PASSWORD)
    kari.save()
    number = Orderer.objects.get(user=kari).shown
    assert tries(number)[1].status_code == 422


def test_the_code_page_is_for_who_has_told_a_password(client):
    assert client.get(CODE)["Location"] == "/logg-inn/"


def test_who_is_closed_out_is_told_after_the_password_and_nobody_else(number, kari):
    User.objects.filter(pk=kari.pk).update(is_active=False)
    assert tries(number, "feil passord igjen")[1].status_code == 422
    client, answer = tries(number)
    assert answer.status_code == 403
    assert not is_in(client)


def test_id_porten_can_be_made_the_only_way_in(number, settings):
    client, _ = tries(number)
    client.post(CODE, {"code": code_now()})
    settings.PASSWORD_LOGIN = False
    assert client.get(IN).status_code == 404
    assert client.post(IN, {}).status_code == 404
    assert client.get("/min-profil/").status_code == 302, "who is in by a password is not any more"
    assert "BestillerID" not in Client().get("/logg-inn/").content.decode()


def test_the_password_is_stored_with_argon2_and_the_secret_sealed(number, kari):
    kari.refresh_from_db()
    assert kari.password.startswith("argon2")
    stored = kari.authenticator_set.get(type="totp").data["secret"]
    assert SECRET not in stored
