"""Answers once, for every page, when two people changed the same thing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hmskort.common.transitions import MoveNotAllowed, Superseded


class ConflictMiddleware:
    """Turns `Superseded` and `MoveNotAllowed` into 409 with a page that helps.

    A part of a page that was asked for by htmx makes the whole page load anew instead: it then
    shows what the other person did.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Superseded | MoveNotAllowed):
            return None
        response = render(request, "errors/409.html", status=409)
        if request.headers.get("HX-Request") == "true":
            response["HX-Refresh"] = "true"
        return response
