"""The terms of an agreement that the desk registered: read, and accepted for the company."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import RightMissing, logged_in
from hmskort.accounts.landing import is_ours
from hmskort.accounts.models import Right
from hmskort.accounts.orderers.actions import agreements
from hmskort.accounts.orderers.forms import AcceptForm
from hmskort.accounts.orderers.models import Agreement
from hmskort.accounts.orderers.rules import terms_version
from hmskort.accounts.queries import acting
from hmskort.accounts.requests import LoggedInRequest
from hmskort.common import clock


def accept_first(orgnr: str, *, onward: str) -> HttpResponse:
    """Off to the terms that the company has not accepted, and on to that address afterwards."""
    address = reverse("orderers:agreement", args=[orgnr])
    return HttpResponseRedirect(f"{address}?{urlencode({'next': onward})}")


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: LoggedInRequest, orgnr: str) -> HttpResponse:
    """The company's agreement; who may order accepts it, and for others it does not exist.

    Who is outside and not authorised binds nobody.
    """
    company = acting(request.user, orgnr)
    if company is None:
        raise Http404
    row = get_object_or_404(Agreement.objects.select_related("accepted_by"), pk=orgnr)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    may_accept = company.may(Right.ORDER) and company.authorised
    if request.method == "POST" and not may_accept:
        raise RightMissing(Right.ORDER, company)
    onward = request.POST.get("next") or request.GET.get("next", "")
    onward = onward if is_ours(request, onward) else ""
    if request.method == "POST" and form.is_valid():
        agreements.accept(agreement=row, user=request.user, actor=request.actor)
        messages.success(request, _("Vilkårene er godtatt. Nå kan dere bestille."))
        return HttpResponseRedirect(onward or request.path)
    shown = {
        "agreement": row,
        "form": form,
        "version": terms_version(clock.today()),
        "next": onward,
        "may_accept": may_accept,
    }
    status = 422 if form.errors else 200
    return render(request, "orderers/agreement.html", shown, status=status)
