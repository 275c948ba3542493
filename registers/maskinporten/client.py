"""Tokens from Maskinporten: a signed grant goes in, an access token for one scope comes out.

Contract: docs.digdir.no, "Maskinporten, token endpoint". The grant's `aud` is the issuer with its
trailing slash, `exp` at most 120 s after `iat`, `jti` is used once.
"""

import threading
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import jwt

from hmskort.common import clock
from hmskort.common.services import Refused, Unreadable, http_client, read_json
from registers.reading import Reader

SERVICE = "maskinporten"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GRANT_LIFE_S = 100  # 120 is the most; the rest allows for clocks that differ
MARGIN = timedelta(seconds=15)  # a token is not used so close to its end


@dataclass(frozen=True)
class _Token:
    value: str
    usable_until: datetime


class Client:
    """Keeps a token per scope until shortly before it expires. Safe to share between threads."""

    def __init__(
        self, *, url: str, client_id: str, key: str, key_id: str, timeout_s: float = 5.0
    ) -> None:
        self._http = http_client(SERVICE, url, timeout_s=timeout_s)
        self._client_id = client_id
        self._key = key
        self._key_id = key_id
        self._metadata: Reader | None = None
        self._tokens: dict[str, _Token] = {}
        self._lock = threading.Lock()

    def token(self, scope: str) -> str:
        """An access token with the scope. Raises `Unavailable`, `Refused` or `Unreadable`."""
        with self._lock:
            held = self._tokens.get(scope)
            if held is None or held.usable_until <= clock.now():
                held = self._tokens[scope] = self._fetched(scope)
            return held.value

    def forget(self, scope: str, token: str) -> None:
        """A token that was not accepted is not used again."""
        with self._lock:
            if scope in self._tokens and self._tokens[scope].value == token:
                del self._tokens[scope]

    def _fetched(self, scope: str) -> _Token:
        asked_at = clock.now()
        response = self._http.post(
            self._about().text("token_endpoint"),
            data={"grant_type": GRANT_TYPE, "assertion": self._grant(scope, asked_at)},
        )
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise Refused(SERVICE, _error_code(response))
        answer = Reader(SERVICE, read_json(response))
        life_s = _usable_for_s(answer, scope)
        return _Token(answer.text("access_token"), asked_at + timedelta(seconds=life_s) - MARGIN)

    def _grant(self, scope: str, at: datetime) -> str:
        claims = {
            "aud": self._about().text("issuer"),
            "iss": self._client_id,
            "scope": scope,
            "iat": int(at.timestamp()),
            "exp": int(at.timestamp()) + GRANT_LIFE_S,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def _about(self) -> Reader:
        """Maskinporten's metadata, read once."""
        if self._metadata is None:
            response = self._http.get(".well-known/oauth-authorization-server")
            self._metadata = Reader(SERVICE, read_json(response))
        return self._metadata


def _usable_for_s(answer: Reader, scope: str) -> int:
    """How long the token lives, in seconds. It is a bearer's, has a life, and the scope asked for.

    Raises:
        Unreadable: it is not that token.
    """
    if answer.text("token_type").casefold() != "bearer":
        raise answer.misfit("token_type", "is another")
    if answer.text("scope", scope) != scope:
        raise answer.misfit("scope", "is another")
    life_s = answer.number("expires_in")
    if life_s <= 0 or not answer.text("access_token"):
        raise answer.misfit("access_token", "is of no use")
    return life_s


def _error_code(response: httpx.Response) -> str:
    """OAuth's short error code; the description may quote the grant and is not kept."""
    try:
        return str(Reader(SERVICE, response.json()).text("error", "status 400"))
    except (ValueError, Unreadable):
        return "status 400"


class BearerAuth(httpx.Auth):
    """Puts a Maskinporten token on each request, and a fresh one where it was turned down."""

    def __init__(self, client: Client, scope: str) -> None:
        self._client = client
        self._scope = scope

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._client.token(self._scope)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._client.forget(self._scope, token)
            request.headers["Authorization"] = f"Bearer {self._client.token(self._scope)}"
            yield request
