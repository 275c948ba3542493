"""The simulator site as a WSGI application: for its own process, or inside a test.

With the setting `OUTSIDE_TRANSPORT = "hmskort.simulators.site.transport"` every client made by
`hmskort.common.services` meets the real simulators at once, in the same thread and transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_urlconf, set_urlconf
from whitenoise.middleware import WhiteNoiseMiddleware

from hmskort.simulators.faults import DELAY_HEADER, Waiting

URLCONF = "hmskort.simulators.urls"

Handler = Callable[[HttpRequest], HttpResponseBase]


class Site(WSGIHandler):
    """Serves the simulators and nothing else, whichever site the settings of the process name.

    None of the portal's middleware is in between: a simulator is somebody else's service.
    """

    def __init__(self, *middleware: Callable[[Handler], Handler]) -> None:
        self._middleware = middleware
        super().__init__()

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        """The chain of this site's own middleware, outermost first."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for middleware in reversed(self._middleware):
            chain = convert_exception_to_response(middleware(chain))
        self._middleware_chain = chain

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; the urlconf of a request that this one happens inside is left as it was."""
        request.urlconf = URLCONF
        outer = get_urlconf()
        try:
            return super().get_response(request)
        finally:
            set_urlconf(outer)


def application() -> Site:
    """The site for a process of its own: with static files, and waiting where a fault says so."""
    return Site(Waiting, WhiteNoiseMiddleware)


class _Patience(httpx.BaseTransport):
    """An answer that a fault holds back longer than the caller waits is a time-out, at once."""

    def __init__(self) -> None:
        self._site = httpx.WSGITransport(Site(), raise_app_exceptions=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with _connections_kept():
            response = self._site.handle_request(request)
            response.read()  # the inner request ends when its body has been read
        patience_s = request.extensions.get("timeout", {}).get("read")
        delay_s = float(response.headers.get(DELAY_HEADER, 0))
        if patience_s is not None and delay_s > patience_s:
            raise httpx.ReadTimeout("held back by a simulated fault", request=request)
        return response


@contextmanager
def _connections_kept() -> Iterator[None]:
    """The end of the inner request does not close the database connection of the outer one."""
    if connection.connection is None:  # there is no outer one: a thread of its own
        yield
        return
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def transport() -> httpx.BaseTransport:
    """A transport to the simulators in this process."""
    return _Patience()
