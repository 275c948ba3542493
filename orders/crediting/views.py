"""Staff see what is late and why, and correct postage for many orders."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import staff
from orders.crediting import actions, queries, show
from orders.crediting.forms import CorrectionForm, ReasonForm
from orders.crediting.models import Correction
from orders.models import Order


@require_GET
@staff("caseworker", "producer", "administrator")
def late(request: Any) -> HttpResponse:
    """What is late and where it stands; what was given back for it."""
    context = {
        "lines": [(line, show.line_waits_for(line)) for line in queries.late_in_review()],
        "credits": [(credit, show.card_waits_for(credit)) for credit in queries.late_credits()],
    }
    return render(request, "crediting/late.html", context)


@require_http_methods(["GET", "POST"])
@staff("caseworker", "administrator")
def correct(request: Any) -> HttpResponse:
    """Finds the orders, shows what each would have back, and begins."""
    form = CorrectionForm(request.GET or None)
    if not (request.GET and form.is_valid()):
        context = {"form": form, "corrections": queries.corrections()}
        status = 422 if form.errors else 200
        return render(request, "crediting/find.html", context, status=status)
    orders = queries.correctable(form.filters)
    looked = show.looked_at(orders, form.right_net_ore)
    reason = ReasonForm(request.POST or None, initial={"seen": looked.seen})
    if request.method == "POST" and reason.is_valid():
        if reason.cleaned_data["seen"] == looked.seen:
            return _begun(request, form, orders, reason.cleaned_data["reason"])
        messages.warning(request, _("Bestillingene er endret siden du så dem. Se over på nytt."))
        told = {"reason": reason.cleaned_data["reason"], "seen": looked.seen}
        reason = ReasonForm(initial=told)
    context = {"form": form, "reason": reason, "looked": looked}
    status = 422 if reason.errors else 200
    return render(request, "crediting/preview.html", context, status=status)


@require_GET
@staff("caseworker", "administrator")
def correction(request: Any, reference: str) -> HttpResponse:
    """How far it has come, order by order."""
    row = get_object_or_404(queries.corrections_named(reference))
    after = request.GET.get("etter", "0")
    rows = list(queries.corrected_orders(row, int(after) if after.isdecimal() else 0))
    context = {
        "correction": row,
        "waits": queries.is_under_way(row),
        "rows": [(each, show.result_of(each)) for each in rows],
        "next": rows[-1].pk if len(rows) == queries.SHOWN else None,
    }
    part = request.headers.get("HX-Target") == "progress"
    name = "crediting/_progress.html" if part else "crediting/correction.html"
    return render(request, name, context)


def _begun(
    request: Any, form: CorrectionForm, orders: QuerySet[Order], reason: str
) -> HttpResponse:
    try:
        begun: Correction = actions.begin(
            orders=orders, right_net_ore=form.right_net_ore, reason=reason, actor=request.actor
        )
    except actions.NothingToCorrect:
        messages.error(request, _("Ingen av bestillingene har betalt for mye."))
        return redirect("crediting:correct")
    many = begun.orders.count()
    told = ngettext("Porto rettes for %d bestilling.", "Porto rettes for %d bestillinger.", many)
    messages.success(request, told % many)
    return redirect("crediting:correction", begun.reference)
