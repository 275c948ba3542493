"""What an API behind Maskinporten checks of a caller: signature, issuer, life, scope.

Used by the simulators of the APIs, so that a client without a proper token fails here as it would
in the world. Source: docs.digdir.no, "Maskinporten, guide for API providers".
"""

import functools
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from jwt.algorithms import RSAAlgorithm

from hmskort.common.simulation import Document, Store

KEYS = "maskinporten.keys"  # collection: the signing key, private and public
SIGNING = "signing"
ALGORITHMS = ["RS256", "RS384", "RS512"]

View = Callable[..., HttpResponseBase]


def caller(request: HttpRequest, store: Store) -> Document | None:
    """The claims of the request's bearer token; None when it does not hold."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    keys = store.get(KEYS, SIGNING)
    if scheme != "Bearer" or keys is None:
        return None
    try:
        claims: Document = jwt.decode(
            token,
            jwt.PyJWK(keys["public"]).key,
            algorithms=ALGORITHMS,
            issuer=settings.MASKINPORTEN["url"],
            options={"verify_aud": False, "require": ["exp", "iat", "iss"]},
        )
    except jwt.InvalidTokenError:
        return None
    return claims


def scope_required(store: Store, scope: str) -> Callable[[View], View]:
    """The view answers only callers with a Maskinporten token for the scope: else 401 or 403."""

    def guarded(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            claims = caller(request, store)
            if claims is None:
                return JsonResponse({"melding": "Autentisering mangler."}, status=401)
            if scope not in claims["scope"].split():
                return JsonResponse({"melding": "Tilgang mangler."}, status=403)
            return view(request, *args, **kwargs)

        return answer

    return guarded


def public_jwk(private_pem: str, key_id: str) -> Document:
    """The public half of a private RSA key, as a JWK with its id."""
    key = load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("Maskinporten takes RSA keys")
    return {
        **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "kid": key_id,
        "use": "sig",
        "alg": "RS256",
    }
