"""Min profil: contact, language, and the way in with a password."""

import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hmskort.accounts import sessions
from hmskort.accounts.models import OpenLogin
from hmskort.accounts.orderers.actions import contact, passwords
from hmskort.accounts.orderers.errors import AddressGone
from hmskort.accounts.orderers.models import Orderer
from hmskort.audit.models import Event
from hmskort.common import clock
from tests.builders import actor_of, rest
from tests.orderers.test_password_login import CODE, IN, PASSWORD, SECRET, code_now

SET_UP, CHANGE, CONTACT = "/min-profil/innlogging/", "/min-profil/passord/", "/min-profil/kontakt/"
NEW = "et helt annet sett med ord"


@pytest.fixture(autouse=True)
def attempts_of_its_own(settings):
    """Each test counts attempts by itself, also beside another worker's."""
    name = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": name, "LOCATION": uuid4().hex}}


def long_ago(client):
    """The login was an hour ago, so who sits there is asked who they are."""
    session = client.session
    session[sessions.PROVED] = int(clock.now().timestamp()) - sessions.FRESH_S - 60
    session.save()
    return client


def twice(password, **more):
    return {"password": password, "again": password, **more}


def set_up(client, password=PASSWORD, **more):
    client.get(SET_UP)
    secret = client.session["mfa.totp.secret"]
    return client.post(SET_UP, twice(password, code=code_now(secret), **more))


@pytest.mark.feature("F030")
def test_a_password_and_a_second_factor_are_set_up_together(kari, client_as, outbox):
    client = client_as(kari)
    page = set_up(client)
    assert page.status_code == 200
    codes = re.findall(r"<code>(\d{8})</code>", page.content.decode())
    assert len(codes) == 10
    assert client.get("/min-profil/").status_code == 200, "this session goes on"
    rest()
    assert "passord" in outbox[-1].subject

    other = Client()
    other.post(IN, {"number": Orderer.objects.get(user=kari).shown, "password": PASSWORD})
    assert other.post(CODE, {"code": codes[3]}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (twice("kort"), "password"),
        (twice("password1234"), "password"),
        (twice("123456789012345"), "password"),
        (twice("kari byggestad"), "password"),
        ({"password": PASSWORD, "again": PASSWORD + "x"}, "again"),
        (twice(PASSWORD, code="000000"), "code"),
    ],
)
def test_what_will_not_do_is_told_beside_the_field_and_nothing_is_half_done(
    kari, client_as, typed, field
):
    client = client_as(kari)
    client.get(SET_UP)
    page = client.post(SET_UP, {"code": code_now(client.session["mfa.totp.secret"]), **typed})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    kari.refresh_from_db()
    assert not kari.has_usable_password()
    assert not kari.authenticator_set.exists()


@pytest.mark.feature("F030")
def test_changing_the_password_ends_other_sessions_is_logged_and_mailed(kari, client_as, outbox):
    here, elsewhere = client_as(kari), client_as(kari)
    set_up(here)
    elsewhere = client_as(kari)
    kari.refresh_from_db()
    elsewhere.force_login(kari, "allauth.account.auth_backends.AuthenticationBackend")
    answer = here.post(CHANGE, twice(NEW))
    assert answer["Location"] == "/min-profil/"
    assert here.get("/min-profil/").status_code == 200
    assert elsewhere.get("/min-profil/")["Location"].startswith("/logg-inn/")
    event = Event.objects.get(name="user:password_changed")
    assert (event.actor_id, event.subject_id) == (str(kari.pk), str(kari.pk))
    rest()
    assert outbox[-1].to == [kari.email]
    assert "byttet" in outbox[-1].subject


def test_a_forgotten_password_is_set_anew_right_after_id_porten(kari, client_as):
    set_up(client_as(kari))
    kari.refresh_from_db()
    assert set_up(client_as(kari), NEW).status_code == 200
    kari.refresh_from_db()
    assert kari.check_password(NEW)


def test_id_porten_still_ends_the_session_that_changed_its_password(kari, client_as):
    client = client_as(kari)
    OpenLogin.objects.create(sid="s1", session_key=client.session.session_key, user=kari)
    set_up(client)
    assert OpenLogin.objects.get(sid="s1").session_key == client.session.session_key


@pytest.mark.feature("F030")
def test_a_new_address_counts_first_when_its_link_is_confirmed(kari, client_as, outbox):
    client = client_as(kari)
    before = kari.email
    client.post(CONTACT, {"email": "ny@byggmester.example", "phone": "400 00 009"})
    rest()
    assert outbox[-1].to == ["ny@byggmester.example"]
    kari.refresh_from_db()
    assert (kari.email, kari.phone) == (before, "+4740000009")
    assert "ny@byggmester.example" in client.get("/min-profil/").content.decode()
    link = re.search(r"/bekreft-e-post/\S+", outbox[-1].body)[0]
    Client().post(link)
    kari.refresh_from_db()
    assert kari.email == "ny@byggmester.example"
    rest()
    assert outbox[-1].to == [before]


def test_a_link_is_dead_when_another_address_was_asked_for_after_it(kari, client_as, outbox):
    client = client_as(kari)
    for email in ("en@byggmester.example", "to@byggmester.example"):
        client.post(CONTACT, {"email": email, "phone": "400 00 009"})
    rest()
    first = re.search(r"/bekreft-e-post/\S+", outbox[0].body)[0]
    assert Client().get(first).status_code == 410


def test_colleagues_may_share_an_address(kari, per, client_as, outbox):
    for user in (kari, per):
        client_as(user).post(CONTACT, {"email": "post@byggmester.example", "phone": "400 00 009"})
        rest()
        Client().post(re.search(r"/bekreft-e-post/\S+", outbox[-1].body)[0])
        user.refresh_from_db()
        assert user.email == "post@byggmester.example"


def test_new_recovery_codes_take_the_place_of_the_old(kari, client_as):
    client = client_as(kari)
    old = re.findall(r"<code>(\d{8})</code>", set_up(client).content.decode())
    page = client.post("/min-profil/reservekoder/")
    new = re.findall(r"<code>(\d{8})</code>", page.content.decode())
    assert len(new) == 10
    assert set(old) & set(new) == set()


def test_the_way_in_with_a_password_can_be_switched_off(kari, client_as):
    SocialAccount.objects.create(user=kari, provider="id_porten", uid="kari")
    client = client_as(kari)
    set_up(client)
    assert client.get("/min-profil/innlogging/sla-av/").status_code == 200
    client.post("/min-profil/innlogging/sla-av/")
    kari.refresh_from_db()
    assert not kari.has_usable_password()
    assert not kari.authenticator_set.exists()
    assert client.get("/min-profil/").status_code == 200


def test_who_was_never_at_id_porten_keeps_the_only_way_in(kari, client_as):
    client = client_as(kari)
    set_up(client)
    assert client.post("/min-profil/innlogging/sla-av/")["Location"] == "/min-profil/"
    kari.refresh_from_db()
    assert kari.has_usable_password(), "a number alone, which the desk may have typed, is no way in"


@pytest.mark.feature("F030")
def test_the_language_of_pages_and_mails_is_chosen_once(kari, client_as, outbox):
    client = client_as(kari)
    client.post("/min-profil/sprak/", {"language": "en"})
    assert 'lang="en"' in client.get("/min-profil/").content.decode()
    assert client.post("/min-profil/sprak/", {"language": "xx"}).status_code == 404
    kari.refresh_from_db()
    passwords.set_up(user=kari, password=PASSWORD, secret=SECRET, actor=actor_of(kari))
    rest()
    assert "password" in outbox[-1].subject


def test_five_links_an_hour_are_sent_and_no_more(kari, client_as, outbox):
    client = client_as(kari)
    for each in range(6):
        typed = {"email": f"en{each}@andre.example", "phone": "400 00 009"}
        page = client.post(CONTACT, typed)
    assert page.status_code == 429
    assert "Vent litt" in page.context["form"].errors["email"][0]
    assert "en5@andre.example" in page.content.decode(), "nothing typed is lost"
    orderer = Orderer.objects.filter(user=kari).first()
    client.post(f"/min-profil/{orderer.pk}/send/")
    rest()
    assert [mail.to for mail in outbox] == [[f"en{each}@andre.example"] for each in range(5)]
    keeps = {"email": kari.email, "phone": "400 00 010"}
    assert client.post(CONTACT, keeps).status_code == 302, "a number needs no mail"


def test_a_link_that_is_used_twice_at_once_confirms_once(kari, client_as, outbox):
    client_as(kari).post(CONTACT, {"email": "ny@byggmester.example", "phone": "400 00 009"})
    held = EmailAddress.objects.get(user=kari, verified=False)
    contact.confirm_address(address=held)
    contact.confirm_address(address=held)
    assert Event.objects.filter(name="user:email_changed").count() == 1
    EmailAddress.objects.all().delete()
    with pytest.raises(AddressGone):
        contact.confirm_address(address=held)


def test_a_link_whose_address_goes_while_it_is_used_is_dead(kari, client_as, outbox, monkeypatch):
    client_as(kari).post(CONTACT, {"email": "ny@byggmester.example", "phone": "400 00 009"})
    rest()
    link = re.search(r"/bekreft-e-post/\S+", outbox[-1].body)[0]
    confirm = contact.confirm_address

    def too_late(*, address):
        EmailAddress.objects.filter(pk=address.pk).delete()
        return confirm(address=address)

    monkeypatch.setattr(contact, "confirm_address", too_late)
    assert Client().post(link).status_code == 410
