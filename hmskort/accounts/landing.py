"""Where a person lands: the page they wanted, their queue, their company, or the list."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hmskort.accounts import queries, sessions
from hmskort.accounts.models import Right, StaffRole, User
from hmskort.accounts.requests import Acting


def after_login(request: Any, user: User, wanted: str | None) -> HttpResponse:
    """The first page of a session. Who may act for one company only does so at once."""
    companies = queries.companies_for(user.person) if user.person else []
    if len(companies) == 1:
        sessions.choose(request.session, companies[0].acting.orgnr)
    if wanted and is_ours(request, wanted):
        return HttpResponseRedirect(wanted)
    queue = next((page for role in staff_roles(user) if (page := queue_of(role))), None)
    start = home_of(companies[0].acting) if len(companies) == 1 else "accounts:choose_company"
    return HttpResponseRedirect(queue or reverse(start))


def home_of(company: Acting) -> str:
    """The first page for a company: a new order, or the orders for who may only look."""
    return "orders:start" if company.may(Right.ORDER) else "orders:orders"


def is_ours(request: Any, address: str) -> bool:
    """True for an address of the portal itself: nobody is sent elsewhere."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def staff_roles(user: User) -> list[StaffRole]:
    """The user's staff roles, in the order of their queues."""
    return [role for role in StaffRole if user.has_role(role)]


def queue_of(role: StaffRole) -> str | None:
    """The address of the role's work, where it has a page of its own."""
    try:
        return reverse(settings.STAFF_QUEUES[role.value])
    except (KeyError, NoReverseMatch):
        return None
