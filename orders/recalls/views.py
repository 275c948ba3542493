"""Staff find cards with a fault, see what would happen, and have them replaced."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import staff
from orders.recalls import actions, queries, show
from orders.recalls.forms import FaultyForm


@require_http_methods(["GET", "POST"])
@staff("caseworker", "administrator")
def begin(request: Any) -> HttpResponse:
    """Asks which cards, shows what would happen, and begins."""
    form = FaultyForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "recalls": queries.recalls()}
        status = 422 if form.errors else 200
        return render(request, "recalls/begin.html", context, status=status)
    found = queries.looked_at(form.cards())
    if "confirmed" in request.POST:
        return _begun(request, form, found)
    rows = [(one, show.why_not(one.why_not)) for one in found]
    context = {"form": form, "rows": rows, "many": sum(not one.why_not for one in found)}
    return render(request, "recalls/preview.html", context)


@require_GET
@staff("caseworker", "administrator")
def recall(request: Any, reference: str) -> HttpResponse:
    """How far each card has come."""
    row = get_object_or_404(queries.recall_of(reference))
    rows = [(each, show.status_of(each)) for each in queries.cards_of_recall(row)]
    waits = any(each.line is None and not each.left_out for each, _status in rows)
    context = {"recall": row, "rows": rows, "waits": waits}
    part = request.headers.get("HX-Target") == "progress"
    return render(request, "recalls/_progress.html" if part else "recalls/recall.html", context)


def _begun(request: Any, form: FaultyForm, found: list[queries.Found]) -> HttpResponse:
    fault = form.cleaned_data["fault"]
    try:
        begun = actions.begin(found=found, fault=fault, actor=request.actor)
    except actions.NothingToReplace:
        messages.error(request, _("Ingen av kortene kan erstattes. Ingenting er endret."))
        return redirect("recalls:begin")
    many = begun.cards.count()
    told = ngettext("%d kort blir erstattet.", "%d kort blir erstattet.", many) % many
    messages.success(request, told)
    return redirect("recalls:recall", begun.reference)
