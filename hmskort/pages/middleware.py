"""Answers alike for every page: a conflict, a silence, and a form that leads elsewhere."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect
from redis.exceptions import RedisError

from hmskort.common.transitions import MoveNotAllowed, Superseded

log = logging.getLogger(__name__)

RETRY_AFTER_S = 60
WHOLE_PAGE = "main"  # the id of what a form sent in place is answered into


class ConflictMiddleware:
    """Turns `Superseded` and `MoveNotAllowed` into 409 with a page that helps.

    A part of a page that was asked for by htmx makes the whole page load anew instead: it then
    shows what the other person did. A form that was sent in place shows the page that helps.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Superseded | MoveNotAllowed):
            return None
        response = render(request, "errors/409.html", status=409)
        if _by_htmx(request) and request.headers.get("HX-Target") != WHOLE_PAGE:
            response["HX-Refresh"] = "true"
        return response


class SilenceMiddleware:
    """Turns an error of Valkey into 503 with a page that helps.

    Attempts at passwords and codes are counted there: while it is silent, none is let through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RedisError):
            return None
        log.error("Valkey did not answer: %s", type(error).__name__)
        response = render(request, "errors/503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response


class InPlaceMiddleware:
    """A form that was sent in place and leads elsewhere leads the whole page there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (_by_htmx(request) and isinstance(response, HttpResponseRedirect)):
            return response
        onward = HttpResponseClientRedirect(response.url)
        onward.cookies = response.cookies
        return onward


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
