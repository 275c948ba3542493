"""The check for machines goes past everything that it has no use for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cards.public_check.api import check_number

PREFIX = "/api/check/"


class CheckFirst:
    """Answers `/api/check/<number>` before any other middleware.

    It needs no session, language, user or form protection, and those cost several times the
    answer itself. It sets the few headers that matter to a JSON answer by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request.path_info.removeprefix(PREFIX)
        if number == request.path_info or "/" in number:
            return self.get_response(request)
        return check_number(request, number)
