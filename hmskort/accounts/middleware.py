"""Who acts is known to every view, and a session that has grown old is over."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hmskort.accounts import queries, sessions
from hmskort.accounts.requests import PortalRequest
from hmskort.audit.actor import Actor, ActorKind

ANONYMOUS = Actor(ActorKind.ANONYMOUS)


class ActorMiddleware:
    """`request.actor` says who acts and `request.company` on whose behalf, or None.

    `request.companies` are all that they may act for.

    The chosen company counts only while an access to it holds: it is looked up at every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if request.user.is_authenticated and sessions.is_over(request.session):
            sessions.end(request)
        request.actor, request.company, request.companies = ANONYMOUS, None, []
        if request.user.is_authenticated:
            request.actor = Actor(ActorKind.PERSON, id=str(request.user.pk))
            request.company, request.companies = queries.acting_among(
                request.user, sessions.chosen_orgnr(request.session)
            )
            sessions.keep_alive(request.session)
        return self.get_response(request)
