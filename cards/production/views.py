"""The production floor's pages: what waits, what is made, what goes in the post."""

import io
import uuid
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cards.production import actions, printing, queries
from cards.production.models import Batch, ChipJob, Shipment
from cards.production.states import JobState
from hmskort.accounts.access import staff
from hmskort.accounts.requests import LoggedInRequest

FILES = {"forsider": "fronts", "baksider": "backs", "brev": "letters"}


@staff("producer")
@require_safe
def floor(request: LoggedInRequest) -> HttpResponse:
    """What waits, what stations have in hand, what is late, and the latest batches."""
    context = {
        "standing": queries.standing(),
        "late": queries.late_cards(),
        "encoding": queries.being_encoded(),
        "batches": queries.batches(),
    }
    return render(request, "production/floor.html", context)


@staff("producer")
@require_safe
def batch(request: LoggedInRequest, reference: str) -> HttpResponse:
    """One batch: its print files, its letters and how far each card is."""
    row = get_object_or_404(Batch, reference=reference)
    context = {
        "batch": row,
        "shipments": queries.shipments_of(row),
        "jobs": queries.jobs_of(row),
        "late": queries.is_late(row),
        "sendable": queries.ready_to_send(row).exists(),
    }
    return render(request, "production/batch.html", context)


@staff("producer")
@require_safe
def batch_file(request: LoggedInRequest, reference: str, name: str) -> HttpResponseBase:
    """Fronts, backs or all letters of a batch as PDF."""
    row = get_object_or_404(Batch, reference=reference)
    return _pdf(getattr(row, FILES.get(name, ""), None), f"{row.reference}-{name}.pdf")


@staff("producer")
@require_safe
def letter(request: LoggedInRequest, reference: str) -> HttpResponseBase:
    """One letter as PDF."""
    row = get_object_or_404(
        Shipment.objects.select_related("batch"), reference=reference, pages__gt=0
    )
    return FileResponse(
        io.BytesIO(printing.letter_of(row)),
        as_attachment=True,
        filename=f"brev-{row.reference}.pdf",
        content_type="application/pdf",
    )


@staff("producer")
def send_batch(request: LoggedInRequest, reference: str) -> HttpResponse:
    """Asks, and then marks every letter of the batch that is ready as sent."""
    row = get_object_or_404(Batch, reference=reference)
    return _send(request, row, list(queries.ready_to_send(row)))


@staff("producer")
def send_shipment(request: LoggedInRequest, reference: str) -> HttpResponse:
    """Asks, and then marks one letter as sent."""
    row = get_object_or_404(Shipment.objects.select_related("batch"), reference=reference)
    return _send(request, row.batch, [row])


@staff("producer")
@require_http_methods(["GET", "POST"])
def free_job(request: LoggedInRequest, job: uuid.UUID) -> HttpResponse:
    """Asks, and then lets another station make the card that one was lost with."""
    row = get_object_or_404(ChipJob.objects.select_related("card"), pk=job)
    batch = get_object_or_404(Batch, jobs=row)
    if request.method == "GET":
        context = {"job": row, "batch": batch, "stuck": row.state == JobState.STARTED}
        return render(request, "production/free.html", context)
    actions.free(job=row, actor=request.actor)
    told = gettext("Kodejobben er frigitt. Neste ledige stasjon lager kortet på en ny brikke.")
    messages.success(request, told)
    return redirect("production:batch", batch.reference)


def _send(request: LoggedInRequest, batch: Batch, shipments: list[Shipment]) -> HttpResponse:
    if request.method != "POST":
        context = {"batch": batch, "shipments": shipments}
        return render(request, "production/send.html", context)
    try:
        sent = actions.dispatch(shipments=shipments, actor=request.actor)
    except actions.NotAllMade:
        messages.error(request, gettext("Et kort er ikke ferdig laget. Ingenting er endret."))
    else:
        told = ngettext("%(sent)d brev er sendt.", "%(sent)d brev er sendt.", sent) % {"sent": sent}
        messages.success(request, told)
    return redirect("production:batch", batch.reference)


def _pdf(file: Any, name: str) -> HttpResponseBase:
    if not file or not default_storage.exists(file.name):
        raise Http404
    return FileResponse(
        default_storage.open(file.name), as_attachment=True, filename=name,
        content_type="application/pdf",
    )  # fmt: skip
