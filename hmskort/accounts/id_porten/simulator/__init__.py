"""ID-porten: discovery, the page where one logs in, tokens, keys and logout both ways.

Collections: `idporten.keys` (its signing key and the secret behind pairwise subjects),
`idporten.codes` (until they are traded), `idporten.sessions` (who is logged in, by `sid`).
Contract: docs.digdir.no, ID-porten. Anybody with a synthetic number may log in, as with TestID.
"""

import functools
import hmac
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.id_porten.parsing import LEVELS
from hmskort.accounts.id_porten.simulator import tokens
from hmskort.common import clock
from hmskort.common.simulation import PEOPLE, Document, Store
from registers import national_id as national_ids

CODES = "idporten.codes"
SESSIONS = "idporten.sessions"
CODE_LIFE_S = 60
CALLBACK = "/logg-inn/retur/"
AFTER_LOGOUT = "/logg-ut/ferdig/"
FIRST = ("Kari", "Per", "Ola", "leader of many", "reviewer", "producer", "cleaning leader")
FRONT_CHANNEL = "/logg-ut/frontkanal/"


class _OAuthError(Exception):
    """What was asked for is not accepted; the text is one of OAuth's error codes."""


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of ID-porten."""

    def with_store(view: Any) -> Any:
        return functools.partial(view, store=store)

    return [
        path(".well-known/openid-configuration", with_store(configuration)),
        path("jwks.json", with_store(keys)),
        path("authorize", with_store(authorize)),
        path("token", with_store(token)),
        path("userinfo", with_store(userinfo)),
        path("logout", with_store(end_session)),
        path("sessions", with_store(sessions)),
    ]


@require_GET
def configuration(request: HttpRequest, store: Store) -> HttpResponse:
    issuer = tokens.issuer()
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "jwks_uri": f"{issuer}/jwks.json",
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile"],
            "subject_types_supported": ["pairwise"],
            "ui_locales_supported": ["nb", "nn", "en", "se"],
            "acr_values_supported": list(LEVELS),
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
        }
    )


@require_GET
def keys(request: HttpRequest, store: Store) -> HttpResponse:
    return JsonResponse({"keys": [tokens.key_of(store)["public"]]})


def authorize(request: HttpRequest, store: Store) -> HttpResponse:
    """The page where one chooses who to be; the choice goes back to the portal as a code."""
    asked = request.GET
    ours = settings.ID_PORTEN["client_id"], settings.BASE_URL + CALLBACK
    if (asked.get("client_id"), asked.get("redirect_uri")) != ours:
        return HttpResponse("Unknown client, or redirect_uri is not registered", status=400)
    if (fault := _fault_in(asked)) is not None:
        return _back(asked, error=fault)
    return _chosen(request, store)


def _chosen(request: HttpRequest, store: Store) -> HttpResponse:
    asked = request.GET
    if request.method != "POST":
        return _login_page(request, store)
    if "cancel" in request.POST:
        return _back(asked, error="access_denied", error_description="User cancelled")
    chosen = "".join((request.POST.get("typed") or request.POST.get("person", "")).split())
    if not (national_ids.is_valid(chosen) and national_ids.is_synthetic(chosen)):
        return _login_page(request, store, wrong=True)
    return _back(asked, code=_code_for(store, request, chosen))


def _fault_in(asked: Any) -> str | None:
    """OAuth's error code for a request that is not as ID-porten demands."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    scopes = set(asked.get("scope", "").split())
    if "openid" not in scopes or scopes - {"openid", "profile"}:
        return "invalid_scope"
    whole = all(asked.get(key) for key in ("state", "nonce", "code_challenge"))
    hashed = asked.get("code_challenge_method") == "S256"
    known_level = asked.get("acr_values", LEVELS[1]) in LEVELS
    return None if whole and hashed and known_level else "invalid_request"


def _login_page(request: HttpRequest, store: Store, *, wrong: bool = False) -> HttpResponse:
    people = [
        {"national_id": national_id, **person}
        for national_id, person in store.all(PEOPLE)
        if person.get("logs_in")
    ]
    people.sort(key=lambda person: person["name"])
    shown = {"first": _some(people, FIRST), "others": [p for p in people if p["case"] not in FIRST]}
    wanted = request.GET.get("acr_values", LEVELS[1])
    text = _page("log_in", **shown, levels=LEVELS, wanted=wanted, wrong=wrong)
    return HttpResponse(text, status=422 if wrong else 200)


def _some(people: list[Document], cases: Sequence[str]) -> list[Document]:
    """Those who stand for the cases, in the order of the cases."""
    by_case = {person["case"]: person for person in people}
    return [by_case[case] for case in cases if case in by_case]


def _code_for(store: Store, request: HttpRequest, national_id: str) -> str:
    code, sid = secrets.token_urlsafe(24), secrets.token_urlsafe(18)
    asked, now = request.GET, int(clock.now().timestamp())
    login = {
        "national_id": national_id,
        "client_id": asked["client_id"],
        "acr": request.POST.get("level") or asked.get("acr_values", LEVELS[1]),
        "locale": asked.get("ui_locales", "nb"),
        "auth_time": now,
        "sid": sid,
    }
    store.put(SESSIONS, sid, login)
    store.put(
        CODES,
        code,
        {
            "login": login,
            "nonce": asked["nonce"],
            "redirect_uri": asked["redirect_uri"],
            "challenge": asked["code_challenge"],
            "until": now + CODE_LIFE_S,
            "traded": False,
        },
    )
    return code


def _back(asked: Any, **said: str) -> HttpResponse:
    answer = urlencode({**said, "state": asked.get("state", ""), "iss": tokens.issuer()})
    return HttpResponseRedirect(f"{asked['redirect_uri']}?{answer}")


@require_POST
def token(request: HttpRequest, store: Store) -> HttpResponse:
    """The id token that a code stands for: once, soon, to who can prove having asked for it."""
    if not tokens.client_is_authentic(request):
        return JsonResponse({"error": "invalid_client"}, status=401)
    try:
        granted = _traded(store, request.POST)
    except _OAuthError as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    answer = {
        "access_token": tokens.signed(store, tokens.claims(store, granted["login"])),
        "id_token": tokens.signed(
            store, tokens.claims(store, granted["login"]) | {"nonce": granted["nonce"]}
        ),
        "token_type": "Bearer",
        "expires_in": tokens.LIFE_S,
        "scope": "openid profile",
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _traded(store: Store, form: Any) -> Document:
    if form.get("grant_type") != "authorization_code":
        raise _OAuthError("unsupported_grant_type")
    code = form.get("code", "")
    if store.get(CODES, code) is None:
        raise _OAuthError("invalid_grant")
    with store.changing(CODES, code) as granted:
        used_before, granted["traded"] = granted["traded"], True
    in_time = clock.now().timestamp() <= granted["until"]
    same_place = form.get("redirect_uri") == granted["redirect_uri"]
    proved = hmac.compare_digest(tokens.s256(form.get("code_verifier", "")), granted["challenge"])
    if used_before or not (in_time and same_place and proved):
        raise _OAuthError("invalid_grant")
    return granted


@require_GET
def userinfo(request: HttpRequest, store: Store) -> HttpResponse:
    said = tokens.opened(store, request.headers.get("Authorization", "").removeprefix("Bearer "))
    if said is None:
        return JsonResponse({"error": "invalid_token"}, status=401)
    return JsonResponse({key: said[key] for key in ("sub", "pid", "locale")})


def end_session(request: HttpRequest, store: Store) -> HttpResponse:
    """Logged out at ID-porten, and back to the service that asked."""
    asked = request.POST if request.method == "POST" else request.GET
    said = tokens.opened(store, asked.get("id_token_hint", ""))
    if said is not None:
        store.delete(SESSIONS, said["sid"])
    back = asked.get("post_logout_redirect_uri", "")
    if said is None or back != settings.BASE_URL + AFTER_LOGOUT:
        return HttpResponse(_page("logged_out"))
    state = asked.get("state")
    return HttpResponseRedirect(f"{back}?{urlencode({'state': state})}" if state else back)


def sessions(request: HttpRequest, store: Store) -> HttpResponse:
    """Who is logged in; ending a session here tells the portal in a frame, as ID-porten does."""
    ended = request.POST.get("sid", "") if request.method == "POST" else ""
    told = urlencode({"iss": tokens.issuer(), "sid": ended})
    if ended:
        store.delete(SESSIONS, ended)
    names = dict(store.all(PEOPLE))
    frame = f"{settings.BASE_URL}{FRONT_CHANNEL}?{told}" if ended else ""
    open_ones = [
        {"sid": sid, "name": names.get(login["national_id"], {}).get("name", "")}
        for sid, login in store.all(SESSIONS)
    ]
    return HttpResponse(_page("sessions", frame=frame, sessions=open_ones))


def _page(name: str, **context: Any) -> str:
    """A page of the simulator's own: nothing of the portal's context belongs here."""
    context["portal_url"] = settings.BASE_URL
    return render_to_string(f"accounts/simulator/{name}.html", context)
