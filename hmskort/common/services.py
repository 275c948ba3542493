"""What every client of an outside service shares: its errors, its HTTP client, reading JSON.

    ServiceError
    ├── Unavailable   no usable answer now (time-out, connection, 5xx, 429)  -> ask again later
    ├── Refused       our credentials, rights or question were not accepted  -> stop and alarm
    └── Unreadable    answered, but not as documented                        -> stop, keep no data

No error, log line or repr made here holds a URL, a request body or an answer: Folkeregisteret has
the identity number in its paths.
"""

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, Literal

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from hmskort.common import clock

# httpx writes every URL at INFO, httpcore every request line at DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT_TIMEOUT_S = 3.0
LONGEST_WAIT_S = 3600.0
STREAMED = "hmskort.streamed"  # of a request whose body is too large to be held
USER_AGENT = "hmskort-portal/1"  # Bemanningsforetaksregisteret refuses callers without one

Reason = Literal["timeout", "connection", "server_error", "throttled"]


class ServiceError(Exception):
    """An outside service did not do what was asked; sorted by what the caller must do."""

    def __init__(self, service: str, what: str) -> None:
        super().__init__(service, what)
        self.service = service
        self.what = what

    def __str__(self) -> str:
        return f"{self.service}: {self.what}"


class Unavailable(ServiceError):
    """No answer now. Ask again, at the earliest after `retry_after_s` where that was said."""

    def __init__(self, service: str, reason: Reason, retry_after_s: float | None = None) -> None:
        super().__init__(service, reason)
        self.args = (service, reason, retry_after_s)  # what pickle calls __init__ with
        self.reason = reason
        self.retry_after_s = retry_after_s


class Refused(ServiceError):
    """The service does not accept us or our question; asking again cannot help."""


class Unreadable(ServiceError):
    """The service answered something it does not document; nothing of it may be kept."""


class _Sorted(httpx.BaseTransport):
    """Turns every failure to get an answer into `Unavailable`; marks answers with the service."""

    def __init__(self, service: "_Service", inner: httpx.BaseTransport) -> None:
        self._service = service
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._inner.handle_request(request)
            if STREAMED not in request.extensions:
                response.read()  # the time-outs hold for the body too
        except httpx.TimeoutException:
            raise Unavailable(self._service.name, "timeout") from None
        except httpx.TransportError:
            raise Unavailable(self._service.name, "connection") from None
        except httpx.DecodingError:
            raise Unreadable(self._service.name, "the answer is broken") from None
        response.extensions["service"] = self._service
        return response

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True)
class _Service:
    name: str
    retry_after_unit_s: float


def http_client(
    service: str,
    base_url: str,
    *,
    timeout_s: float,
    auth: httpx.Auth | None = None,
    headers: Mapping[str, str] | None = None,
    retry_after_unit_s: float = 1.0,
) -> httpx.Client:
    """A client for one service; no answer within `timeout_s` raises `Unavailable`."""
    return httpx.Client(
        base_url=base_url,
        auth=auth,
        headers={"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})},
        timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S)),
        transport=_Sorted(_Service(service, retry_after_unit_s), _transport()),
    )


def _transport() -> httpx.BaseTransport:
    """The network, or what the setting `OUTSIDE_TRANSPORT` names (tests without sockets)."""
    path: str | None = getattr(settings, "OUTSIDE_TRANSPORT", None)
    if path is None:
        return httpx.HTTPTransport(limits=httpx.Limits(max_connections=20))
    transport: httpx.BaseTransport = import_string(path)()
    return transport


def answered(response: httpx.Response) -> httpx.Response:
    """The response, when the service accepted the question; else the error that sorts it.

    404 and 410 pass: what they mean belongs to each contract.
    """
    service = _service(response)
    match response.status_code:
        case 200 | 201 | 202 | 204 | 404 | 410:
            return response
        case 429:
            raise Unavailable(service.name, "throttled", retry_after_s(response))
        case 401 | 403:
            raise Refused(service.name, _not_us(response))
        case status if status >= 500:
            raise Unavailable(service.name, "server_error", retry_after_s(response))
        case status if status >= 400:
            raise Refused(service.name, f"status {status}")
        case status:
            raise Unreadable(service.name, f"status {status}")


def read_json(response: httpx.Response) -> Any:
    """The JSON that the service answered with, whatever its accepted status."""
    service = _service(response)
    if not says_json(answered(response)):
        raise Unreadable(service.name, "the answer is not JSON")
    try:
        return response.json()
    except ValueError:
        raise Unreadable(service.name, "the answer is broken JSON") from None


def save(http: httpx.Client, address: str, into: BinaryIO) -> httpx.Headers:
    """A file too large to be held is in `into`; the headers it came with."""
    whole = {"Accept": "*/*", "Accept-Encoding": "identity"}
    with http.stream("GET", address, headers=whole, extensions={STREAMED: True}) as response:
        service = _service(response).name
        if answered(response).status_code != httpx.codes.OK:
            raise Unreadable(service, "the address is not the service's")
        try:
            into.writelines(response.iter_bytes())
        except httpx.DecodingError:
            raise Unreadable(service, "the file is broken") from None
        except httpx.TimeoutException:
            raise Unavailable(service, "timeout") from None
        except httpx.TransportError:
            raise Unavailable(service, "connection") from None
        return response.headers


def says_json(response: httpx.Response) -> bool:
    """Does the content type say JSON, of any flavour?"""
    return "json" in response.headers.get("Content-Type", "").partition(";")[0]


def retry_after_s(response: httpx.Response) -> float | None:
    """Seconds to wait, from `Retry-After` as a number or a date; None when it says nothing.

    The number is in seconds by HTTP's rules; a service with its own unit says so to `http_client`.
    Never longer than `LONGEST_WAIT_S`: a wrong one would put off what waits for years.
    """
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        wait_s = float(value) * _service(response).retry_after_unit_s
        return min(wait_s, LONGEST_WAIT_S)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - clock.now()).total_seconds()), LONGEST_WAIT_S)


def _service(response: httpx.Response) -> _Service:
    service: _Service = response.extensions["service"]
    return service


def _not_us(response: httpx.Response) -> str:
    """Says of a 401 or 403 whether the service itself spoke or a wall in front of it."""
    wall = "" if says_json(response) else ", not said by the service itself"
    return f"status {response.status_code}{wall}"


def client_from(config: Mapping[str, Any]) -> Any:
    """The client that `config["client"]` names, made once with the rest as its arguments."""
    transport: str | None = getattr(settings, "OUTSIDE_TRANSPORT", None)
    return _made(tuple(sorted(config.items())), transport)


@functools.cache
def _made(config: tuple[tuple[str, Any], ...], transport: str | None) -> Any:
    arguments = dict(config)
    return import_string(arguments.pop("client"))(**arguments)
