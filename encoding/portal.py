"""The portal's production API, as an encoding station speaks to it: JSON, bearer token."""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from typing import Any

from encoding.errors import EncodingFault

TIMEOUT_S = 20
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
AT_HOME = {("http", host) for host in ("localhost", "127.0.0.1", "::1")}


class Stopped(EncodingFault):
    """The station was told to stop while it waited."""


class Unavailable(EncodingFault):
    """No answer, or one that a later try may mend (5xx, 429)."""


class TokenRefused(EncodingFault):
    """401 or 403: nothing will work until a person mends the token."""


class Conflict(EncodingFault):
    """409: the portal knows better; `code` is its word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Portal:
    """One portal. Calls that get no answer are tried again, `tries` times, with growing pauses."""

    def __init__(self, url: str, token: str, stopping: threading.Event, *, tries: int) -> None:
        address = urllib.parse.urlsplit(url)
        if address.scheme != "https" and (address.scheme, address.hostname) not in AT_HOME:
            raise ValueError(f"{url}: not an https address; names and the token would go in clear")
        self._base = url.rstrip("/") + "/api/production/jobs/"
        self._token = token
        self._stopping = stopping
        self._tries = tries

    def claim(self, station: str) -> dict[str, Any] | None:
        """The station's job: the unfinished one again, or a new one, or None."""
        answer = self._tell("claim", {"station": station})
        return answer["job"] if answer else None

    def started(self, job: str, *, uid: bytes, plan: str) -> None:
        """The portal knows that the job is on this card. Raises Conflict if it is on another."""
        self._tell(f"{job}/started", {"uid": uid.hex(), "plan": plan})

    def done(self, job: str, report: dict[str, Any]) -> None:
        """The portal has the report of the finished card."""
        self._tell(f"{job}/done", report)

    def scrapped(self, job: str, *, uid: bytes, reason: str) -> None:
        """The portal knows that this card is waste and the job waits for another."""
        self._tell(f"{job}/scrapped", {"uid": uid.hex(), "reason": reason})

    def _tell(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        pause = FIRST_PAUSE_S
        for _ in range(self._tries - 1):
            try:
                return self._post(path, body)
            except Unavailable:
                if self._stopping.wait(pause):
                    raise Stopped("told to stop while the portal was silent") from None
                pause = min(2 * pause, LONGEST_PAUSE_S)
        return self._post(path, body)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  # https, or at home: see __init__
            self._base + urllib.parse.quote(path),
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                text = answer.read()
                found: dict[str, Any] = json.loads(text) if text else {}
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise _fault(error.code, error.read()) from None
        except (OSError, ValueError) as error:
            raise Unavailable(f"{self._base}: {error}") from None


def _fault(status: int, text: bytes) -> EncodingFault:
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return TokenRefused(f"the portal refuses this station's token ({status})")
        case HTTPStatus.CONFLICT:
            try:
                said = json.loads(text)
                return Conflict(str(said["code"]), str(said["message"]))
            except (ValueError, KeyError, TypeError):
                return Conflict("conflict", "the portal gave no reason")
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == 429:
            return Unavailable(f"the portal answers {status}")
        case _:
            return Conflict(f"http-{status}", "the portal does not take this call")
