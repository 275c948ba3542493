"""Which company to act for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from hmskort.accounts import actions, queries, sessions
from hmskort.accounts.access import logged_in
from hmskort.accounts.landing import home_of, is_ours
from hmskort.accounts.requests import Acting, LoggedInRequest

MANY = 8  # above this the list can be searched
ON_A_PAGE = 20


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose_company(request: LoggedInRequest) -> HttpResponse:
    """Every company the person may act for, and why; choosing one leads on."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    wanted = wanted if is_ours(request, wanted) else ""
    if request.method == "POST":
        company = _choose(request, request.POST.get("orgnr", ""))
        return HttpResponseRedirect(wanted or reverse(home_of(company)))
    actions.refresh_accesses(user=request.user)
    every = queries.companies_for(request.user.person) if request.user.person else []
    sought = request.GET.get("sok", "").strip()
    found = [choice for choice in every if choice.matches(sought)]
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("side"))
    shown = {
        "page": page,
        "every": every,
        "sought": sought,
        "searchable": len(every) > MANY,
        "next": wanted,
    }
    return render(request, "accounts/choose_company.html", shown)


def _choose(request: LoggedInRequest, orgnr: str) -> Acting:
    company = queries.acting(request.user, orgnr)
    if company is None:
        raise Http404
    actions.choose_company(user=request.user, company=company, actor=request.actor)
    sessions.choose(request.session, company.orgnr)
    messages.success(
        request, gettext("Du handler nå på vegne av %(name)s.") % {"name": company.name}
    )
    return company
