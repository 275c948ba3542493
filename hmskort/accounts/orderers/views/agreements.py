"""The terms of an agreement that the desk registered: read, and accepted for the company."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import logged_in
from hmskort.accounts.models import Right
from hmskort.accounts.orderers.actions import agreements
from hmskort.accounts.orderers.forms import AcceptForm
from hmskort.accounts.orderers.models import Agreement
from hmskort.accounts.orderers.rules import terms_version
from hmskort.accounts.queries import acting
from hmskort.accounts.requests import LoggedInRequest
from hmskort.common import clock


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: LoggedInRequest, orgnr: str) -> HttpResponse:
    """The company's agreement, for who may order for it; for others it does not exist."""
    company = acting(request.user, orgnr)
    if company is None or not company.may(Right.ORDER):
        raise Http404
    row = get_object_or_404(Agreement.objects.select_related("accepted_by"), pk=orgnr)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        agreements.accept(agreement=row, user=request.user, actor=request.actor)
        messages.success(request, _("Vilkårene er godtatt. Nå kan dere bestille."))
        return redirect("orderers:agreement", orgnr)
    shown = {"agreement": row, "form": form, "version": terms_version(clock.today())}
    status = 422 if form.errors else 200
    return render(request, "orderers/agreement.html", shown, status=status)
