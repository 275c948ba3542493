import uuid

import httpx
import jwt
import pytest

from hmskort.common import clock
from hmskort.common.services import Refused
from hmskort.simulators import site, world
from registers.clients import client
from registers.maskinporten.client import GRANT_TYPE, Client
from registers.maskinporten.provider import public_jwk
from registers.maskinporten.simulator import CLIENTS, register_client, signing_key

SCOPE = "nav:aareg/v1/arbeidsforhold"


@pytest.fixture
def maskinporten(settings):
    return Client(**settings.MASKINPORTEN)


@pytest.fixture
def http(settings):
    return httpx.Client(base_url=settings.MASKINPORTEN["url"], transport=site.transport())


@pytest.fixture
def grant(settings):
    """A grant as it should be, with what the test changes."""

    def make(**changes):
        now = int(clock.now().timestamp())
        kid = changes.pop("kid", settings.MASKINPORTEN["key_id"])
        claims = {
            "aud": settings.MASKINPORTEN["url"],
            "iss": settings.MASKINPORTEN["client_id"],
            "scope": SCOPE,
            "iat": now,
            "exp": now + 100,
            "jti": str(uuid.uuid4()),
        }
        claims = {key: value for key, value in (claims | changes).items() if value is not None}
        key = settings.MASKINPORTEN["key"]
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})

    return make


def ask(http, assertion, grant_type=GRANT_TYPE):
    return http.post("token", data={"grant_type": grant_type, "assertion": assertion})


def test_a_grant_gives_a_token_that_says_who_asks(http, grant, settings, store):
    answer = ask(http, grant()).json()
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 119, SCOPE)
    (key,) = http.get("jwk").json()["keys"]
    claims = jwt.decode(answer["access_token"], jwt.PyJWK(key).key, algorithms=["RS256"])
    assert claims["iss"] == settings.MASKINPORTEN["url"]
    assert claims["consumer"]["ID"] == f"0192:{settings.ISSUER_ORGNR}"
    assert "aud" not in claims


def test_the_metadata_names_an_issuer_with_a_trailing_slash(http):
    about = http.get(".well-known/oauth-authorization-server").json()
    assert about["issuer"].endswith("/")
    assert about["token_endpoint"] == f"{about['issuer']}token"


def test_a_grant_is_used_once(http, grant):
    same = grant()
    assert ask(http, same).status_code == httpx.codes.OK
    assert ask(http, same).json()["error"] == "invalid_grant"


def broken_grants():
    now = int(clock.now().timestamp())
    return [
        ({"aud": "http://localhost:8001/maskinporten"}, "invalid_grant"),  # no trailing slash
        ({"exp": now + 121, "iat": now}, "invalid_grant"),
        ({"iat": now - 30, "exp": now + 60}, "invalid_grant"),
        ({"iat": now + 60}, "invalid_grant"),
        ({"exp": now - 60, "iat": now - 120}, "invalid_grant"),
        ({"jti": None}, "invalid_grant"),
        ({"iss": "somebody else"}, "invalid_client"),
        ({"scope": "not:ours"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"kid": "another key"}, "invalid_grant"),
    ]


@pytest.mark.parametrize("place", range(len(broken_grants())))
def test_a_grant_that_breaks_a_rule_is_refused(http, grant, place):
    changes, error = broken_grants()[place]
    answer = ask(http, grant(**changes))
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["error"] == error


def test_only_the_jwt_grant_is_known(http, grant):
    assert ask(http, grant(), "client_credentials").json()["error"] == "unsupported_grant_type"
    assert ask(http, "no jwt").json()["error"] == "invalid_grant"


def test_a_token_is_kept_until_shortly_before_it_expires(maskinporten, time_machine):
    time_machine.move_to(clock.now())
    first = maskinporten.token(SCOPE)
    time_machine.shift(90)
    assert maskinporten.token(SCOPE) == first
    time_machine.shift(20)
    assert maskinporten.token(SCOPE) != first


def test_each_scope_has_its_token(maskinporten):
    other = "folkeregister:deling/offentligmedhjemmel"
    assert maskinporten.token(SCOPE) != maskinporten.token(other)


def test_a_forgotten_token_is_fetched_anew(maskinporten):
    first = maskinporten.token(SCOPE)
    maskinporten.forget(SCOPE, "another token")
    assert maskinporten.token(SCOPE) == first
    maskinporten.forget(SCOPE, first)
    assert maskinporten.token(SCOPE) != first


def test_a_client_that_maskinporten_does_not_know_is_refused(maskinporten, store, settings):
    store.delete(CLIENTS, settings.MASKINPORTEN["client_id"])
    with pytest.raises(Refused, match="invalid_client"):
        maskinporten.token(SCOPE)


def test_a_register_refuses_a_client_without_its_scope(store, settings):
    config = settings.MASKINPORTEN
    jwk = public_jwk(config["key"], config["key_id"])
    register_client(store, config["client_id"], orgnr="1", scopes=["other"], jwk=jwk)
    settings.MASKINPORTEN = {**config, "timeout_s": 4.0}  # a client of its own, without tokens
    with pytest.raises(Refused, match="invalid_scope"):
        client("aaregisteret").employments(world.person("Kari").national_id)


def test_a_token_that_a_register_no_longer_accepts_is_replaced(store):
    register = client("aaregisteret")
    kari = world.person("Kari").national_id
    assert register.employments(kari)
    store.delete("maskinporten.keys", "signing")
    signing_key(store)  # Maskinporten has changed its key
    assert register.employments(kari)
