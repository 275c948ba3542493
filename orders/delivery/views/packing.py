"""Shipments of card sleeves, as production staff pack and send them."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hmskort.accounts.access import staff
from hmskort.common.transitions import MoveNotAllowed
from orders.actions import sleeves as sleeve_actions
from orders.delivery import packing, queries
from orders.delivery.models import Sleeves
from orders.delivery.states import SleeveState

MOST_SLIPS = 100  # in one document


@staff("producer")
@require_safe
def to_pack(request: Any) -> HttpResponse:
    """What is to be packed, the oldest first, and what was sent last."""
    context = {
        "waiting": queries.sleeves_to_pack()[:MOST_SLIPS],
        "many": queries.sleeves_to_pack().count(),
        "sent": queries.sleeves_sent(),
    }
    return render(request, "delivery/to_pack.html", context)


@staff("producer")
@require_safe
def slip(request: Any, reference: str) -> HttpResponseBase:
    """The packing slip of one shipment, with the address for the window of the envelope."""
    return _pdf([_shipment(reference)], f"pakkseddel-{reference}.pdf")


@staff("producer")
@require_safe
def all_slips(request: Any) -> HttpResponseBase:
    """The packing slips of all that waits, the oldest first; back to the list if nothing does."""
    waiting = list(queries.sleeves_to_pack()[:MOST_SLIPS])
    if not waiting:
        messages.info(request, _("Ingen kortholdere venter på å bli pakket."))
        return redirect("packing:to_pack")
    return _pdf(waiting, "pakksedler.pdf")


@staff("producer")
@require_http_methods(["GET", "POST"])
def send(request: Any, reference: str) -> HttpResponse:
    """Asks, and then marks one shipment as sent: its money is captured."""
    row = _shipment(reference)
    if request.method == "GET":
        context = {"row": row, "waits": row.state == SleeveState.WAITING}
        return render(request, "delivery/send_sleeves.html", context)
    try:
        if sleeve_actions.send(sleeves=row, actor=request.actor):
            messages.success(request, _("Forsendelse %s er merket som sendt.") % row.reference)
        else:
            messages.info(request, _("Forsendelse %s var allerede sendt.") % row.reference)
    except MoveNotAllowed:
        messages.error(
            request,
            _("Forsendelse %s skal ikke sendes: den er trukket tilbake eller frigitt.")
            % row.reference,
        )
    return redirect("packing:to_pack")


def _shipment(reference: str) -> Sleeves:
    paid_for = Sleeves.objects.exclude(state=SleeveState.DRAFT).select_related("order")
    return get_object_or_404(paid_for, reference=reference)


def _pdf(shipments: list[Sleeves], name: str) -> HttpResponseBase:
    return FileResponse(
        io.BytesIO(packing.slips(shipments)),
        as_attachment=True,
        filename=name,
        content_type="application/pdf",
    )
