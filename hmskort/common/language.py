"""Which language a visitor gets before any choice is made."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NORWEGIAN = re.compile(r"(?i)(?<![\w-])no(?:-[a-z]{2})?(?![\w-])")


class NorwegianMiddleware:
    """Reads `no` in Accept-Language as bokmål.

    Browsers still send the macro language; Django knows only `nb` and `nn`, and would go on to
    the next language in the list, which is English for most.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.META.get("HTTP_ACCEPT_LANGUAGE")
        if wanted:
            request.META["HTTP_ACCEPT_LANGUAGE"] = NORWEGIAN.sub("nb", wanted)
        return self.get_response(request)
