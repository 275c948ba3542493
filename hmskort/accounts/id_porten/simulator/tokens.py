"""What ID-porten signs and opens, and how it knows its client."""

import base64
import functools
import hashlib
import hmac
import secrets
import uuid
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from registers.maskinporten.provider import public_jwk

KEYS = "idporten.keys"
LIFE_S = 120
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def claims(store: Store, login: Document) -> Document:
    now = int(clock.now().timestamp())
    return {
        "iss": issuer(),
        "aud": login["client_id"],
        "sub": _pairwise(store, login),
        "pid": login["national_id"],
        "acr": login["acr"],
        "amr": ["TestID"],
        "auth_time": login["auth_time"],
        "locale": login["locale"],
        "sid": login["sid"],
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + LIFE_S,
    }


def _pairwise(store: Store, login: Document) -> str:
    """The subject: the same at every login to one client, and nothing to another."""
    secret = base64.b64decode(key_of(store)["pairwise"])
    who = f"{login['client_id']} {login['national_id']}".encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, who, "sha256")).decode().rstrip("=")


def signed(store: Store, said: Document) -> str:
    key = key_of(store)
    return jwt.encode(said, key["private"], "RS256", headers={"kid": key["public"]["kid"]})


def opened(store: Store, signed: str) -> Document | None:
    """The claims of one of our own tokens; a hint is good long after its token has run out."""
    try:
        said: Document = jwt.decode(
            signed,
            jwt.PyJWK(key_of(store)["public"]),
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return None
    return said


def key_of(store: Store) -> Document:
    """The signing key and the pairwise secret, made the first time."""
    if store.get(KEYS, "signing") is None:
        store.add(KEYS, "signing", _new_key())
    key = store.get(KEYS, "signing")
    if key is None:
        raise LookupError("the signing key was removed while it was made")
    return key


@functools.cache
def _new_key() -> Document:
    """A key takes a while to make: a process makes one, however often its store is emptied."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "private": private.decode(),
        "public": public_jwk(private.decode(), str(uuid.uuid4())),
        "pairwise": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def issuer() -> str:
    issuer: str = settings.ID_PORTEN["issuer"]
    return issuer


def client_is_authentic(request: HttpRequest) -> bool:
    """By its secret, or by its key where the portal has one."""
    if request.POST.get("client_assertion_type") == ASSERTION_TYPE:
        return _assertion_holds(request.POST.get("client_assertion", ""))
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    expected = f"{settings.ID_PORTEN['client_id']}:{settings.ID_PORTEN['secret']}"
    try:
        given = unquote(base64.b64decode(credentials).decode())
    except ValueError:
        return False
    return scheme == "Basic" and hmac.compare_digest(given.encode(), expected.encode())


def _assertion_holds(assertion: str) -> bool:
    known = settings.ID_PORTEN
    if not known["key"]:
        return False
    try:
        said = jwt.decode(
            assertion,
            jwt.PyJWK(public_jwk(known["key"], known["key_id"])),
            algorithms=["RS256"],
            issuer=known["client_id"],
            audience=[issuer(), f"{issuer()}/token"],
            options={"require": ["iss", "sub", "aud", "exp", "iat", "jti"]},
        )
    except jwt.InvalidTokenError:
        return False
    named: str = jwt.get_unverified_header(assertion).get("kid", "")
    return said["sub"] == known["client_id"] and named == known["key_id"]
