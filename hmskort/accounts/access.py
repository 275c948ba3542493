"""Who may use a view is said above it, by one of these.

    @public                anyone
    @logged_in             anyone with a user
    @for_company           who acts for a company: `request.company` is it
    @with_right(RIGHT)     the same, and only with that right, or one of several
    @to_change(RIGHT)      the same, where the right is needed to send something, not to look
    @for_leaders           who leads the company themself; for others the page does not exist
    @staff("reviewer")     who has that staff role, or one of several: `request.actor` is staff
    @station, @webhook     machines; the view checks their token itself

Each stamps `view.access`; those about a company `view.rights` and `view.reading` besides, those for
staff `view.roles`. A house test holds the stamps, and what the pages answer, against one table.

A person who may not is told that the page does not exist; who acts for the company and lacks a
right is told who can give it (403); one who is not logged in is asked to log in and comes back.
What a company sees of its own rows is for each room's queries, by `request.company.orgnr`.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django_htmx.http import HttpResponseClientRedirect

from hmskort.accounts.models import Right, StaffRole
from hmskort.accounts.requests import Acting
from hmskort.audit.actor import Actor, ActorKind

READING = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Anyone may use the view."""
    return _stamped(view, "public")


def logged_in(view: View) -> View:
    """Only who is logged in may use the view; others log in and come back."""
    return _gate(view, "logged_in", _nothing_more)


def for_company(view: View) -> View:
    """Only who acts for a company may use the view; others choose one and come back."""
    return _company_gate((), reading=())(view)


class RightMissing(PermissionDenied):
    """Somebody acts for a company, but was not given the right to this."""

    def __init__(self, right: Right, company: Acting) -> None:
        super().__init__(
            _("Du har ikke fått rett til å %(what)s for %(company)s.")
            % {"what": right.label, "company": company.name}
        )
        self.company = company


def with_right(*rights: Right) -> Callable[[View], View]:
    """Only who acts for a company with one of the rights may use the view; others: 403."""
    return _company_gate(rights, reading=rights)


def to_change(*rights: Right) -> Callable[[View], View]:
    """Who acts for a company may look; only with one of the rights may they send anything."""
    return _company_gate(rights, reading=())


def for_leaders(view: View) -> View:
    """Only who leads the company by a role in it may use the view; for others it does not exist."""

    def check(request: Any) -> HttpResponseBase | None:
        elsewhere = _company_chosen(request)
        if elsewhere is None and not request.company.leads:
            raise Http404
        return elsewhere

    return _gate(view, "for_leaders", check)


def _company_gate(rights: Sequence[Right], *, reading: Sequence[Right]) -> Callable[[View], View]:
    """reading: the rights, one of which it takes to look; none where acting is enough."""

    def check(request: Any) -> HttpResponseBase | None:
        elsewhere = _company_chosen(request)
        wanted = reading if request.method in READING else rights
        if elsewhere is None and wanted and not any(request.company.may(right) for right in wanted):
            raise RightMissing(wanted[0], request.company)
        return elsewhere

    def gated(view: View) -> View:
        stamped: Any = _gate(view, "for_company", check)
        stamped.rights, stamped.reading = tuple(rights), tuple(reading)
        return stamped  # type: ignore[no-any-return]

    return gated


def staff(*roles: str) -> Callable[[View], View]:
    """Only who has one of the staff roles may use the view; for other users it does not exist.

    Raises:
        ValueError: there is no such role.
    """
    wanted = [StaffRole(role) for role in roles]

    def check(request: Any) -> HttpResponseBase | None:
        if not any(request.user.has_role(role) for role in wanted):
            raise Http404
        request.actor = Actor(ActorKind.STAFF, id=str(request.user.pk))
        return None

    def gated(view: View) -> View:
        stamped: Any = _gate(view, f"staff:{wanted[0]}", check)
        stamped.roles = tuple(wanted)
        return stamped  # type: ignore[no-any-return]

    return gated


def station(view: View) -> View:
    """An encoding station uses the view; the view checks its token."""
    return _stamped(csrf_exempt(view), "station")


def webhook(view: View) -> View:
    """An outside service calls the view; the view checks its token."""
    return _stamped(csrf_exempt(view), "webhook")


def log_in_first(request: Any) -> HttpResponse:
    """Off to the login, and back to the page; who sent a form is told that it was not stored."""
    if request.method != "GET":
        messages.warning(request, _("Du er logget ut, så det du sendte, ble ikke lagret."))
    return _via(request, "accounts:login")


def _gate(view: View, access: str, check: Callable[[Any], HttpResponseBase | None]) -> View:
    @wraps(view)
    def gated(request: Any, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return log_in_first(request)
        response = check(request) or view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return _stamped(gated, access)


def _stamped(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def _nothing_more(request: Any) -> HttpResponseBase | None:
    return None


def _company_chosen(request: Any) -> HttpResponseBase | None:
    return None if request.company else _via(request, "accounts:choose_company")


def _via(request: Any, name: str) -> HttpResponse:
    """Off to the page of that name, which leads back here; a posted form leads to its page."""
    if request.htmx:
        return HttpResponseClientRedirect(_address(name, request.htmx.current_url_abs_path))
    come_back = request.get_full_path() if request.method == "GET" else _referring_page(request)
    return HttpResponseRedirect(_address(name, come_back))


def _address(name: str, come_back: str | None) -> str:
    return f"{reverse(name)}?{urlencode({'next': come_back})}" if come_back else reverse(name)


def _referring_page(request: Any) -> str | None:
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if referrer.netloc == request.get_host() else None
