"""Companies that the desk registers on their behalf, with what was promised them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import staff
from hmskort.accounts.orderers.actions import agreements
from hmskort.accounts.orderers.errors import AgreementExists
from hmskort.accounts.orderers.models import Agreement
from hmskort.desk.admission_forms import AgreementForm, PromiseForm

ON_A_PAGE = 30


@require_GET
@staff("caseworker")
def every(request: Any) -> HttpResponse:
    """All agreements, those that wait for the company first."""
    rows = Agreement.objects.order_by("accepted_at", "company_name")
    sought = request.GET.get("q", "").strip()
    if sought:
        digits = "".join(sought.split())
        by = {"orgnr": digits} if digits.isdecimal() else {"company_name__icontains": sought}
        rows = rows.filter(**by)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("side"))
    return render(request, "desk/agreements.html", {"page": page, "sought": sought})


@require_http_methods(["GET", "HEAD", "POST"])
@staff("caseworker")
def register(request: Any) -> HttpResponse:
    """A company and its contact, who is mailed the way to accept the terms."""
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row = Agreement(**form.cleaned_data, registered_by=request.user)
        try:
            agreements.register_company(agreement=row, actor=request.actor)
        except AgreementExists:
            form.add_error("orgnr", _("Virksomheten har en avtale allerede."))
        else:
            messages.success(
                request, _("Avtalen er registrert, og kontaktpersonen har fått e-post.")
            )
            return redirect("desk:agreement", row.orgnr)
    status = 422 if form.errors else 200
    return render(request, "desk/agreement_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("caseworker")
def agreement(request: Any, orgnr: str) -> HttpResponse:
    """One agreement; what it promises can be changed."""
    row = get_object_or_404(Agreement.objects.select_related("accepted_by"), pk=orgnr)
    given = request.POST if request.method == "POST" else None
    form = PromiseForm(given, initial={"promise_days": row.promise_days})
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["promise_days"]
        agreements.change_promise(agreement=row, days=days, actor=request.actor)
        messages.success(request, _("Leveringsløftet er endret."))
        return redirect("desk:agreement", orgnr)
    status = 422 if form.errors else 200
    return render(request, "desk/agreement.html", {"agreement": row, "form": form}, status=status)


@require_POST
@staff("caseworker")
def invite_again(request: Any, orgnr: str) -> HttpResponse:
    """The contact has the mail once more."""
    row = get_object_or_404(Agreement, pk=orgnr)
    agreements.invite_again(agreement=row, actor=request.actor)
    messages.success(request, _("E-posten er sendt på nytt."))
    return redirect("desk:agreement", orgnr)
