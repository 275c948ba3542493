"""Sending in a list, seeing how each row stands, mending it, and putting people in the cart."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import with_right
from hmskort.accounts.models import Right
from orders import actions as orders
from orders.errors import CannotOrder
from orders.importing import actions, shown, verdicts
from orders.importing.columns import Entry
from orders.importing.forms import ImportForm
from orders.importing.models import Import
from orders.importing.template import workbook
from orders.importing.verdicts import Look, Stands

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@with_right(Right.ORDER)
def start(request: Any) -> HttpResponse:
    """Asks for the list, and shows those that nobody has finished."""
    company = request.company
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*given, orgnr=company.orgnr)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        found = actions.send_in(
            orgnr=company.orgnr,
            kind=form.cleaned_data["kort_type"],
            entries=form.entries,
            file_name=upload.name if upload else "",
            user=request.user,
            actor=request.actor,
        )
        return redirect("orders:import_batch", found.reference)
    context = {"form": form, "unfinished": _unfinished(company.orgnr)}
    status = 422 if form.errors else 200
    return render(request, "orders/importing/start.html", context, status=status)


@require_GET
@with_right(Right.ORDER)
def template(request: Any) -> HttpResponse:
    """The workbook to fill in."""
    response = HttpResponse(workbook(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="hms-kort-personer.xlsx"'
    return response


@require_GET
@with_right(Right.ORDER)
def batch(request: Any, reference: str) -> HttpResponse:
    """The list: what must be mended, who is ready, who is in the cart."""
    found = _batch(request, reference)
    return render(request, "orders/importing/batch.html", _context(request, found))


@require_GET
@with_right(Right.ORDER)
def progress(request: Any, reference: str) -> HttpResponse:
    """The part of the page that changes while the registers answer, for htmx."""
    found = _batch(request, reference)
    return render(request, "orders/importing/_batch.html", _context(request, found))


@require_POST
@with_right(Right.ORDER)
def mend(request: Any, reference: str) -> HttpResponse:
    """The cells say what was typed, a row is taken out, or the registers are asked again."""
    found, sent = _batch(request, reference), request.POST
    if sent.get("again"):
        actions.ask_again(batch=found, actor=request.actor)
        return _back(found, sent)
    rows = [int(key) for key in sent.getlist("row") if key.isdigit()]
    changes = {
        key: Entry(
            line=0,
            number="".join(sent.get(f"number-{key}", "").split())[:200],
            surname=" ".join(sent.get(f"surname-{key}", "").split())[:200],
            unit="".join(sent.get(f"unit-{key}", "").split())[:200],
        )
        for key in rows
    }
    actions.mend(batch=found, changes=changes, actor=request.actor)
    if sent.get("remove", "").isdigit():
        actions.remove(batch=found, row=int(sent["remove"]), actor=request.actor)
    return _back(found, sent)


@require_POST
@with_right(Right.ORDER)
def take_in(request: Any, reference: str) -> HttpResponse:
    """Those who are ready are in the cart; where nothing is left to mend, that is next."""
    found, company = _batch(request, reference), request.company
    try:
        cart = orders.open_cart(
            orgnr=company.orgnr,
            company_name=company.name,
            kind=found.kind,
            user=request.user,
            actor=request.actor,
        )
        count = actions.take_in(batch=found, order=cart, actor=request.actor)
    except CannotOrder as reason:
        messages.error(request, str(reason))
        return redirect("orders:import_batch", reference)
    told = ngettext(
        "%(n)d person er lagt til i bestilling %(reference)s.",
        "%(n)d personer er lagt til i bestilling %(reference)s.",
        count,
    )
    messages.success(request, told % {"n": count, "reference": cart.reference})
    if found.rows.filter(line=None).exists():
        return redirect("orders:import_batch", reference)
    return redirect("orders:cart", cart.reference)


@require_http_methods(["GET", "POST"])
@with_right(Right.ORDER)
def discard(request: Any, reference: str) -> HttpResponse:
    """Asks, and throws the list away."""
    found = _batch(request, reference)
    if request.method == "GET":
        return render(request, "orders/importing/discard.html", {"batch": found})
    actions.discard(batch=found, actor=request.actor)
    messages.success(request, _("Listen er slettet."))
    return redirect("orders:import")


def _batch(request: Any, reference: str) -> Import:
    """The company's list; another company's does not exist."""
    batches = Import.objects.select_related("kind", "sent_by")
    return get_object_or_404(batches, orgnr=request.company.orgnr, reference=reference)


def _unfinished(orgnr: str) -> list[Import]:
    """The company's lists with somebody left, the newest first."""
    left = Count("rows", filter=Q(rows__line=None))
    batches = Import.objects.filter(orgnr=orgnr).select_related("kind", "sent_by")
    return list(batches.annotate(left=left).filter(left__gt=0).order_by("-sent_at")[:20])


def _context(request: Any, found: Import) -> dict[str, object]:
    everything = verdicts.look(found)
    chosen = request.GET.get("vis") or _first(everything)
    page = Paginator(everything.of(chosen), PER_PAGE).get_page(request.GET.get("side"))
    return {
        "batch": found,
        "look": everything,
        "chosen": chosen,
        "page": page,
        "rows": [shown.row(one) for one in page],
        "filters": shown.filters(everything),
        "ready": len(everything.of(Stands.READY)),
        "again_s": 3 if len(everything.rows) > PER_PAGE else 1,
    }


def _first(everything: Look) -> str:
    """What the page shows first: what there is to do."""
    order = [Stands.WRONG, Stands.READY, Stands.ASKING, Stands.TAKEN]
    if everything.asking:
        order = [Stands.ASKING, *order]
    return next((str(each) for each in order if everything.of(each)), str(Stands.READY))


def _back(found: Import, sent: Any) -> HttpResponseRedirect:
    """The same page of the list."""
    query = {name: sent[name] for name in ("vis", "side") if sent.get(name)}
    address = reverse("orders:import_batch", args=[found.reference])
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
