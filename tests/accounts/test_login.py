import logging
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.apps import apps
from django.db import connection

from hmskort.accounts.id_porten.provider import id_porten
from hmskort.accounts.id_porten.simulator import tokens
from hmskort.accounts.models import OpenLogin, User
from hmskort.audit.models import Event
from hmskort.common.services import Refused
from hmskort.simulators.faults import set_fault
from registers.models import PersonNumber
from tests.accounts.visitor import changed, national_id, parameter, user_of


def failed(response):
    """Which failure the page is about."""
    assert "accounts/failed.html" in [template.name for template in response.templates]
    failure = response.context["failure"]
    return {
        "Du avbrøt innloggingen": "cancelled",
        "Du må logge inn med en sikrere elektronisk ID": "too_low",
        "Vi fikk ikke fødselsnummeret ditt": "no_number",
        "ID-porten svarer ikke": "silent",
        "Brukeren din er stengt": "closed",
        "Innloggingen ble ikke fullført": "broken",
    }[str(failure.title)]


@pytest.mark.feature("F031")
def test_a_person_is_known_by_the_number_id_porten_gives(visitor):
    assert visitor.log_in("Kari").status_code == 302
    assert visitor.is_logged_in
    user = user_of("Kari")
    assert user.name == "Kari Byggestad"
    assert not user.has_usable_password()
    assert visitor.get("/velg-virksomhet/").context["user"] == user


def test_the_next_login_is_the_same_user(visitor, logged_in_as):
    logged_in_as("Kari")
    users = User.objects.count()
    visitor.log_in("Kari")
    assert User.objects.count() == users


def test_the_portal_asks_as_id_porten_demands(visitor):
    asked = visitor.begin()
    assert parameter(asked, "response_type") == "code"
    assert parameter(asked, "code_challenge_method") == "S256"
    assert set(parameter(asked, "scope").split()) == {"openid", "profile"}
    assert parameter(asked, "acr_values") == "idporten-loa-substantial"
    assert parameter(asked, "redirect_uri") == "http://localhost:8000/logg-inn/retur/"
    assert all(parameter(asked, name) for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize(("language", "asked_for"), [("nb", "nb"), ("nn", "nn"), ("en", "en")])
def test_id_porten_speaks_the_visitors_language(visitor, language, asked_for):
    visitor.portal.cookies["django_language"] = language
    assert parameter(visitor.begin(), "ui_locales") == asked_for


@pytest.mark.feature("F031")
def test_a_level_below_substantial_is_refused_with_the_way_to_a_better_one(visitor):
    response = visitor.log_in("Kari", level="low")
    assert failed(response) == "too_low"
    assert response.status_code == 403
    assert "/hjelp/elektronisk-id/" in response.content.decode()
    assert not visitor.is_logged_in
    assert not OpenLogin.objects.exists()


def test_a_visitor_cannot_ask_for_a_lower_level(visitor):
    query = "?" + urlencode({"auth_params": "acr_values=idporten-loa-low", "scope": "email"})
    asked = visitor.begin(query)
    assert parameter(asked, "acr_values") == "idporten-loa-substantial"
    assert set(parameter(asked, "scope").split()) == {"openid", "profile"}
    lowered = changed(asked, acr_values="idporten-loa-low")
    assert failed(visitor.back(visitor.choose(lowered, "Kari"))) == "too_low"
    assert not visitor.is_logged_in


def test_high_is_more_than_enough(visitor):
    visitor.log_in("Kari", level="high")
    assert visitor.is_logged_in


def test_an_answer_to_another_nonce_is_refused(visitor):
    asked = changed(visitor.begin(), nonce="another")
    assert failed(visitor.back(visitor.choose(asked, "Kari"))) == "broken"
    assert not visitor.is_logged_in


def test_an_answer_to_another_state_is_refused(visitor):
    answer = changed(visitor.choose(visitor.begin(), "Kari"), state="another")
    assert failed(visitor.back(answer)) == "broken"
    assert not visitor.is_logged_in


def test_somebody_elses_answer_is_refused(visitor, logged_in_as):
    stolen = visitor.choose(visitor.begin(), "Kari")
    other = logged_in_as("Ola")
    other.post("/logg-ut/")
    assert failed(other.back(stolen)) == "broken"
    assert not other.is_logged_in


def test_a_code_opens_the_door_once(visitor):
    answer = visitor.choose(visitor.begin(), "Kari")
    visitor.back(answer)
    visitor.post("/logg-ut/")
    assert failed(visitor.back(answer)) == "broken"
    assert not visitor.is_logged_in


def test_a_code_is_refused_when_the_state_is_new_but_the_code_is_used(visitor):
    used = visitor.choose(visitor.begin(), "Kari")
    visitor.back(used)
    visitor.post("/logg-ut/")
    fresh = visitor.choose(visitor.begin(), "Kari")
    assert failed(visitor.back(changed(fresh, code=parameter(used, "code")))) == "broken"
    assert not visitor.is_logged_in


def test_a_code_is_worth_nothing_without_the_verifier_of_its_challenge(visitor):
    asked = changed(visitor.begin(), code_challenge="A" * 43)
    assert failed(visitor.back(visitor.choose(asked, "Kari"))) == "broken"
    assert not visitor.is_logged_in


def test_a_token_signed_with_another_key_is_refused(visitor, monkeypatch):
    def forged(claims, key, algorithm, headers):
        return jwt.api_jwt.encode(claims, "k" * 32, "HS256", headers=headers)

    answer = visitor.choose(visitor.begin(), "Kari")
    monkeypatch.setattr("hmskort.accounts.id_porten.simulator.tokens.jwt.encode", forged)
    assert failed(visitor.back(answer)) == "broken"
    assert not visitor.is_logged_in


def test_who_cancels_at_id_porten_is_told_that_nothing_happened(visitor):
    response = visitor.back(visitor.choose(visitor.begin(), cancel="1"))
    assert failed(response) == "cancelled"
    assert response.status_code == 200


def test_an_electronic_id_without_a_number_is_explained(visitor, monkeypatch):
    claims = tokens.claims
    monkeypatch.setattr(tokens, "claims", lambda *given: {**claims(*given), "pid": None})
    assert failed(visitor.log_in("Kari")) == "no_number"


def test_id_porten_silent_before_or_after_gets_a_page_and_not_an_error(visitor):
    answer = visitor.choose(visitor.begin(), "Kari")
    set_fault("idporten", "silent")
    response = visitor.back(answer)
    assert failed(response) == "silent"
    assert response.status_code == 503
    assert not visitor.is_logged_in


def test_a_closed_user_stays_out(visitor, logged_in_as):
    logged_in_as("Kari")
    User.objects.filter(pk=user_of("Kari").pk).update(is_active=False)
    assert failed(visitor.log_in("Kari")) == "closed"
    assert not visitor.is_logged_in
    assert Event.objects.filter(name="user:login_refused").exists()


def test_going_back_after_logging_in_leads_on_and_not_to_an_error(visitor):
    answer = visitor.choose(visitor.begin(), "Kari")
    visitor.back(answer)
    assert visitor.back(answer)["Location"] == "/logg-inn/"
    assert visitor.get("/logg-inn/").status_code == 302
    assert visitor.is_logged_in


def test_the_portal_can_prove_itself_with_a_key_and_no_secret(visitor, settings):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.ID_PORTEN = {**settings.ID_PORTEN, "key": pem, "secret": ""}
    visitor.log_in("Kari")
    assert visitor.is_logged_in


def test_a_wrong_secret_lets_nobody_in(visitor, settings):
    right = settings.ID_PORTEN
    settings.ID_PORTEN = {**right, "secret": "wrong"}
    answer = visitor.choose(visitor.begin(), "Kari")
    with_wrong = id_porten()
    settings.ID_PORTEN = right
    with pytest.raises(Refused):
        with_wrong.login(
            code=parameter(answer, "code"),
            code_verifier="v" * 43,
            redirect_uri="http://localhost:8000/logg-inn/retur/",
        )


def test_the_session_gets_a_new_key_at_login(visitor):
    address = visitor.begin()
    before = visitor.portal.cookies["session"].value
    visitor.back(visitor.choose(address, "Kari"))
    assert visitor.portal.cookies["session"].value != before


def test_the_login_leads_back_to_where_it_began(visitor):
    response = visitor.get("/virksomhet/")
    assert response["Location"] == "/logg-inn/?next=%2Fvirksomhet%2F"
    assert visitor.log_in("Kari", next="/virksomhet/")["Location"] == "/virksomhet/"


def test_nobody_is_sent_to_another_site(visitor):
    assert visitor.log_in("Kari", next="https://evil.example/")["Location"].startswith("/")


@pytest.mark.feature("F032")
@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Slik skaffer du deg elektronisk ID"), ("en", "How to get an electronic ID")],
)
def test_the_login_page_shows_the_way_to_an_electronic_id(visitor, language, words):
    visitor.portal.cookies["django_language"] = language
    page = visitor.get("/logg-inn/").content.decode()
    assert f'href="/hjelp/elektronisk-id/">{words}</a>' in page
    assert visitor.get("/hjelp/elektronisk-id/").status_code == 200


def test_the_history_tells_of_login_and_logout(visitor):
    visitor.log_in("Kari")
    visitor.post("/logg-ut/")
    names = Event.objects.filter(subject_id=str(user_of("Kari").pk)).values_list("name", flat=True)
    assert {"user:logged_in", "user:logged_out"} <= set(names)


def test_the_number_stands_nowhere_in_clear(visitor, caplog):
    caplog.set_level(logging.DEBUG)
    visitor.log_in("Kari")
    number = national_id("Kari")
    id_token_payload = jwt.utils.base64url_encode(number.encode()).decode()[:12]
    assert PersonNumber.objects.get(person=user_of("Kari").person).national_id == number
    simulated = ("simulators_",)  # the outside world knows people by their numbers
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.db_table.startswith(simulated):
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - our own tables
                rows = "\n".join(row for (row,) in cursor.fetchall())
            assert number not in rows, model
            assert id_token_payload not in rows, model
    for session in visitor.portal.session.items():
        assert number not in str(session)
    assert number not in caplog.text
    assert "eyJ" not in str(dict(visitor.portal.session.items()))
