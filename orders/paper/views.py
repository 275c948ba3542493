"""The paper form: printed by who orders, scanned in by the issuer's people."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import staff, with_right
from hmskort.accounts.models import PREPARING
from hmskort.common.uploads import files
from hmskort.common.uploads.problems import UploadRefused
from hmskort.common.uploads.serving import picture_response
from orders import queries as orders
from orders.paper import actions, queries
from orders.paper.form import form_of
from orders.paper.forms import MOST_AT_ONCE, CodeForm, ScansForm
from orders.paper.models import Scan
from orders.paper.printing import may_be_printed


@require_POST
@with_right(*PREPARING)
def print_form(request: Any, reference: str, line: str) -> HttpResponseBase:
    """The paper form of a person who waits for files, as PDF."""
    row = orders.line_for(request.company.orgnr, reference, line)
    if not may_be_printed(row):
        raise Http404
    sheet = actions.print_sheet(line=row, actor=request.actor)
    return FileResponse(
        io.BytesIO(form_of(sheet)),
        as_attachment=True,
        filename=f"kb4-{sheet.code}.pdf",
        content_type="application/pdf",
    )


@require_http_methods(["GET", "POST"])
@staff("reviewer", "caseworker")
def scans(request: Any) -> HttpResponse:
    """Pages are taken in; those that could not be matched wait here."""
    form = ScansForm()
    if request.method == "POST":
        form = ScansForm(request.POST, request.FILES)
        _take_in(request, form, request.FILES.getlist("pages"))
        if not form.errors:
            return redirect("paper:scans")
    context = {"form": form, "waiting": queries.waiting()[:50], "settled": queries.settled()}
    return render(request, "paper/scans.html", context, status=422 if form.errors else 200)


def _take_in(request: Any, form: ScansForm, uploads: list[Any]) -> None:
    form.full_clean()
    taken = 0
    if not uploads:
        form.add_error("pages", _("Filen mangler. Velg en fil først."))
    if len(uploads) > MOST_AT_ONCE:
        told = _("Du kan sende %(n)d filer om gangen. Ingen av dem er tatt imot.")
        form.add_error("pages", told % {"n": MOST_AT_ONCE})
        return
    for upload in uploads:
        try:
            actions.take_in(upload=upload, actor=request.actor)
            taken += 1
        except UploadRefused as refusal:
            for problem in refusal.problems:
                form.add_error("pages", f"{upload.name[:60]}: {problem.text}")
    if taken:
        told = ngettext("%d side er tatt imot.", "%d sider er tatt imot.", taken) % taken
        messages.success(request, told)


@require_http_methods(["GET", "POST"])
@staff("reviewer", "caseworker")
def match(request: Any, scan: UUID) -> HttpResponse:
    """A page that nobody could read, and whose it is, typed by hand."""
    row = get_object_or_404(Scan, pk=scan, settled_at=None)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.match_by_hand(scan=row, sheet=form.cleaned_data["code"], actor=request.actor)
        row.refresh_from_db()
        if row.settled_at:
            messages.success(request, _("Siden er koblet til skjemaet."))
            return redirect("paper:scans")
        form.add_error("code", str(Scan.Trouble(row.trouble).label).capitalize() + ".")
    context = {"scan": row, "form": form}
    return render(request, "paper/match.html", context, status=422 if form.errors else 200)


@require_GET
@staff("reviewer", "caseworker")
def picture(request: Any, scan: UUID) -> HttpResponse:
    """The scanned page, while it waits."""
    row = get_object_or_404(Scan, pk=scan, settled_at=None)
    return picture_response(files.read(row.file), "side")


@require_POST
@staff("reviewer", "caseworker")
def discard(request: Any, scan: UUID) -> HttpResponse:
    """The page is of no use. The question stands in the page's own dialog."""
    actions.discard(scan=get_object_or_404(Scan, pk=scan, settled_at=None), actor=request.actor)
    messages.success(request, _("Siden er slettet."))
    return redirect("paper:scans")
