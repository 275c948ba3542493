"""Speaks OpenID Connect with ID-porten.

Source: docs.digdir.no, ID-porten. Endpoints are read from discovery, never written down here.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
import jwt

from hmskort.accounts.id_porten import parsing
from hmskort.accounts.id_porten.parsing import SERVICE, Claims, Metadata
from hmskort.common import clock
from hmskort.common.services import Unreadable, http_client, read_json

METADATA_LIVES_S = 24 * 3600.0  # as ID-porten advises
TIMEOUT_S = 8.0
ASSERTION_LIVES_S = 60
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Login:
    """A finished login. The token is kept, sealed, only to log out with."""

    claims: Claims
    id_token: str

    def __repr__(self) -> str:
        return f"Login({self.claims!r})"


class _Remembered(Generic[Value]):
    """An answer that is asked for again when it has grown old."""

    def __init__(self, lives_s: float) -> None:
        self._lives_s = lives_s
        self._held: tuple[Value, float] | None = None  # with when it runs out, monotonic

    def or_ask(self, ask: Callable[[], Value]) -> Value:
        if self._held is None or self._held[1] < time.monotonic():
            self._held = (ask(), time.monotonic() + self._lives_s)
        return self._held[0]

    def forget(self) -> None:
        self._held = None


class Client:
    """Our side of ID-porten; one for the process, since it remembers what discovery said."""

    def __init__(
        self, *, issuer: str, client_id: str, secret: str, key: str = "", key_id: str = ""
    ) -> None:
        """`key` is a private key (PEM) known to ID-porten as `key_id`; without one, `secret`."""
        self.issuer = issuer
        self.client_id = client_id
        self._secret = secret
        self._key = key
        self._key_id = key_id
        self._http = http_client(SERVICE, issuer, timeout_s=TIMEOUT_S)
        self._metadata = _Remembered[Metadata](METADATA_LIVES_S)
        self._keys = _Remembered[jwt.PyJWKSet](METADATA_LIVES_S)

    def metadata(self) -> Metadata:
        """Where the endpoints are; asked for once a day."""
        return self._metadata.or_ask(self._read_metadata)

    def login(self, *, code: str, code_verifier: str, redirect_uri: str) -> Login:
        """Trade the code for the login it stands for. Nonce and level are the caller's to check.

        Raises:
            Refused: the code, the verifier or our credentials were not accepted.
            Unreadable: the token is not one that ID-porten signed for us.
        """
        answer = read_json(self._post_code(code, code_verifier, redirect_uri))
        id_token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(id_token, str):
            raise Unreadable(SERVICE, "no id token")
        claims = parsing.claims(
            id_token, key=self._key_of(id_token), issuer=self.issuer, client_id=self.client_id
        )
        return Login(claims, id_token)

    def _read_metadata(self) -> Metadata:
        response = self._http.get(f"{self.issuer}/.well-known/openid-configuration")
        return parsing.metadata(read_json(response), issuer=self.issuer)

    def _post_code(self, code: str, code_verifier: str, redirect_uri: str) -> httpx.Response:
        url = self.metadata().token_url
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": code_verifier,
            "redirect_uri": redirect_uri,
        }
        if self._key:
            return self._http.post(url, data=form | self._assertion())
        return self._http.post(url, data=form, auth=httpx.BasicAuth(self.client_id, self._secret))

    def _assertion(self) -> dict[str, str]:
        """Proof that we hold the key (`private_key_jwt`)."""
        now = int(clock.now().timestamp())
        grant = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "iat": now,
            "exp": now + ASSERTION_LIVES_S,
            "jti": str(uuid.uuid4()),
        }
        signed = jwt.encode(grant, self._key, "RS256", headers={"kid": self._key_id})
        return {
            "client_id": self.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": signed,
        }

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The key the token names. Keys are asked for again when it is one we have not seen."""
        try:
            wanted = str(jwt.get_unverified_header(id_token).get("kid"))
        except jwt.InvalidTokenError:
            raise Unreadable(SERVICE, "the id token is no token") from None
        known = self._keys.or_ask(self._read_keys)
        if not _has(known, wanted):
            self._keys.forget()
            known = self._keys.or_ask(self._read_keys)
        if not _has(known, wanted):
            raise Unreadable(SERVICE, "the id token is signed with an unknown key")
        return known[wanted]

    def _read_keys(self) -> jwt.PyJWKSet:
        document: Any = read_json(self._http.get(self.metadata().keys_url))
        try:
            return jwt.PyJWKSet.from_dict(document)
        except (jwt.PyJWTError, AttributeError, TypeError):
            raise Unreadable(SERVICE, "the keys cannot be read") from None


def _has(keys: jwt.PyJWKSet, key_id: str) -> bool:
    return any(key.key_id == key_id for key in keys.keys)
