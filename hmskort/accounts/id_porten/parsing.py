"""What ID-porten says, read and checked.

Source: docs.digdir.no, ID-porten: OIDC discovery, ID token, assurance levels.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from hmskort.common.services import Unreadable

SERVICE = "ID-porten"
ALGORITHMS = ["RS256", "RS384", "RS512"]
LEVELS = ("idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high")  # rising
CLOCKS_DIFFER_S = 30


@dataclass(frozen=True)
class Metadata:
    """Where ID-porten's endpoints are."""

    issuer: str
    authorize_url: str
    token_url: str
    keys_url: str
    end_session_url: str


@dataclass(frozen=True)
class Claims:
    """Who logged in, and how surely. `pid` is in clear: it goes no further than the login."""

    sub: str
    pid: str | None  # fødselsnummer or D-nummer; some foreign eIDs have none
    acr: str
    sid: str | None
    nonce: str
    auth_time: int | None = None  # seconds since 1970: when they showed there who they are

    def __repr__(self) -> str:
        return f"Claims(acr={self.acr!r})"

    def answers(self, nonce: str) -> bool:
        """True when this login was asked for with that nonce."""
        return hmac.compare_digest(self.nonce, nonce)

    def reaches(self, level: str) -> bool:
        """True when the assurance is at least the level; a level not known is below all."""
        return self.acr in LEVELS and LEVELS.index(self.acr) >= LEVELS.index(level)


def metadata(document: Any, *, issuer: str) -> Metadata:
    """The endpoints of that issuer.

    Raises:
        Unreadable: the document lacks one, or speaks for another issuer.
    """
    try:
        found = Metadata(
            issuer=document["issuer"],
            authorize_url=document["authorization_endpoint"],
            token_url=document["token_endpoint"],
            keys_url=document["jwks_uri"],
            end_session_url=document["end_session_endpoint"],
        )
    except (KeyError, TypeError):
        raise Unreadable(SERVICE, "the discovery document is not whole") from None
    if found.issuer != issuer:
        raise Unreadable(SERVICE, "the discovery document is another issuer's")
    return found


def claims(id_token: str, *, key: jwt.PyJWK, issuer: str, client_id: str) -> Claims:
    """The token's claims, when ID-porten signed it for us and it has not run out.

    Raises:
        Unreadable: it did not, or a claim that must be there is missing.
    """
    try:
        said = jwt.decode(
            id_token,
            key=key,
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=CLOCKS_DIFFER_S,
            options={"require": ["iss", "aud", "exp", "iat", "sub", "acr", "nonce"]},
        )
    except jwt.InvalidTokenError as error:
        raise Unreadable(SERVICE, f"the id token is not valid: {type(error).__name__}") from None
    return _claims(said)


def _claims(said: Mapping[str, Any]) -> Claims:
    return Claims(
        sub=str(said["sub"]),
        pid=_text(said.get("pid")),
        acr=str(said["acr"]),
        sid=_text(said.get("sid")),
        nonce=str(said["nonce"]),
        auth_time=_seconds(said.get("auth_time")),
    )


def _seconds(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
