"""Maskinporten: metadata, keys and the token endpoint, with its rules for grants.

Collections: `maskinporten.clients` (client id -> orgnr, scopes, jwk), `maskinporten.keys` (its own
signing key), `maskinporten.grants` (`jti` of grants that were used).
"""

import functools
import uuid
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from registers.maskinporten.provider import ALGORITHMS, KEYS, SIGNING, public_jwk

CLIENTS = "maskinporten.clients"
GRANTS = "maskinporten.grants"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_LIFE_S = 119
GRANT_LIFE_S = 120
CLOCKS_DIFFER_S = 10


class _GrantRefused(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.answer = {"error": error, "error_description": description}


def register_client(
    store: Store, client_id: str, *, orgnr: str, scopes: list[str], jwk: Document
) -> None:
    """The client may ask for tokens with these scopes, by grants signed with this key."""
    store.put(CLIENTS, client_id, {"orgnr": orgnr, "scopes": scopes, "jwk": jwk})


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of Maskinporten."""

    def with_store(view: Any) -> Any:
        return functools.partial(view, store=store)

    return [
        path(".well-known/oauth-authorization-server", with_store(metadata)),
        path("jwk", with_store(keys)),
        path("token", with_store(token)),
    ]


@require_GET
def metadata(request: HttpRequest, store: Store) -> HttpResponse:
    issuer = _issuer()
    return JsonResponse(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}token",
            "jwks_uri": f"{issuer}jwk",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "grant_types_supported": [GRANT_TYPE],
        }
    )


@require_GET
def keys(request: HttpRequest, store: Store) -> HttpResponse:
    return JsonResponse({"keys": [signing_key(store)["public"]]})


@require_POST
def token(request: HttpRequest, store: Store) -> HttpResponse:
    try:
        grant, client = _accepted(store, _assertion(request))
    except _GrantRefused as refusal:
        return JsonResponse(refusal.answer, status=400)
    return JsonResponse(
        {
            "access_token": _access_token(store, grant, client),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_S,
            "scope": grant["scope"],
        }
    )


def _assertion(request: HttpRequest) -> str:
    if request.POST.get("grant_type") != GRANT_TYPE:
        raise _GrantRefused("unsupported_grant_type", "grant_type is not jwt-bearer")
    return request.POST.get("assertion", "")


def _accepted(store: Store, assertion: str) -> tuple[Document, Document]:
    """The grant's claims and who asked. A grant is used up even when what it asks is refused."""
    client = _client_of(store, assertion)
    try:
        grant = jwt.decode(
            assertion,
            jwt.PyJWK(client["jwk"]).key,
            algorithms=ALGORITHMS,
            audience=_issuer(),  # with its trailing slash
            leeway=CLOCKS_DIFFER_S,
            options={"require": ["aud", "iss", "iat", "exp", "jti"]},
        )
    except jwt.InvalidTokenError as fault:
        raise _GrantRefused("invalid_grant", f"Invalid assertion: {type(fault).__name__}") from None
    if clock.now().timestamp() - grant["iat"] > CLOCKS_DIFFER_S:
        raise _GrantRefused("invalid_grant", "iat is more than 10 seconds ago")
    if grant["exp"] - grant["iat"] > GRANT_LIFE_S:
        raise _GrantRefused("invalid_grant", "exp is more than 120 seconds after iat")
    if not store.add(GRANTS, f"{grant['iss']} {grant['jti']}", {"exp": grant["exp"]}):
        raise _GrantRefused("invalid_grant", "jti has been used")
    missing = set(grant.get("scope", "").split()) - set(client["scopes"])
    if missing or not grant.get("scope"):
        raise _GrantRefused("invalid_scope", "The client does not have the scope")
    return grant, client


def _client_of(store: Store, assertion: str) -> Document:
    """The registered client whose key the grant names."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
        kid = jwt.get_unverified_header(assertion).get("kid")
    except jwt.InvalidTokenError:
        raise _GrantRefused("invalid_grant", "The assertion is not a JWT") from None
    client = store.get(CLIENTS, str(claims.get("iss", "")))
    if client is None:
        raise _GrantRefused("invalid_client", "Unknown client")
    if kid != client["jwk"]["kid"]:
        raise _GrantRefused("invalid_grant", "Unknown kid")
    return client


def _access_token(store: Store, grant: Document, client: Document) -> str:
    now = int(clock.now().timestamp())
    claims: Document = {
        "iss": _issuer(),
        "client_amr": "private_key_jwt",
        "client_id": grant["iss"],
        "scope": grant["scope"],
        "consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{client['orgnr']}"},
        "iat": now,
        "exp": now + TOKEN_LIFE_S,
        "jti": str(uuid.uuid4()),
    }
    if "resource" in grant:
        claims["aud"] = grant["resource"]
    key = signing_key(store)
    return jwt.encode(
        claims, key["private"], algorithm="RS256", headers={"kid": key["public"]["kid"]}
    )


def _issuer() -> str:
    """Maskinporten's own address, with the trailing slash that grants must name."""
    issuer: str = settings.MASKINPORTEN["url"]
    return issuer


def signing_key(store: Store) -> Document:
    """The key that signs access tokens, made the first time."""
    if store.get(KEYS, SIGNING) is None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        pem = private.decode()
        store.add(KEYS, SIGNING, {"private": pem, "public": public_jwk(pem, "maskinporten-1")})
    key = store.get(KEYS, SIGNING)
    if key is None:
        raise LookupError("the signing key was removed while it was made")
    return key
