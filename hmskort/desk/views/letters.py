"""Letters with one-time codes: printed, marked as sent, or handed out over the counter."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import staff
from hmskort.accounts.orderers import letters
from hmskort.accounts.orderers.actions import codes
from hmskort.accounts.orderers.errors import CodeNotOpen, MayNotHaveCode
from hmskort.accounts.orderers.models import EntryCode


@require_GET
@staff("caseworker", "producer")
def waiting(request: Any) -> HttpResponse:
    """The letters that wait to be sent, the oldest first, and those of late."""
    shown = {"waiting": letters.waiting(), "handled": letters.handled()}
    return render(request, "desk/letters.html", shown)


@require_GET
@never_cache
@staff("caseworker", "producer")
def letter(request: Any, code: int) -> HttpResponse:
    """The letter as PDF, until it is marked as sent."""
    row = _code(code)
    try:
        document = letters.pdf_of(row, base_url=settings.BASE_URL)
    except CodeNotOpen:
        raise Http404 from None
    name = f"brev-{row.pk}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


@require_POST
@staff("caseworker", "producer")
def mark_sent(request: Any, code: int) -> HttpResponse:
    """The letter is in the post; the code cannot be read here any more."""
    codes.note_sent(code=_code(code), actor=request.actor)
    messages.success(request, _("Brevet er merket som sendt."))
    return redirect("desk:letters")


@require_POST
@staff("caseworker")
def hand_out(request: Any, code: int) -> HttpResponse:
    """The code on the screen, once, for who stands at the desk; that it was shown is recorded."""
    row = _code(code)
    try:
        text = codes.hand_out(code=row, actor=request.actor)
    except CodeNotOpen:
        messages.info(request, _("Koden er allerede gitt videre, eller gjelder ikke lenger."))
        return redirect("desk:letters")
    return render(request, "desk/handed_out.html", {"code": row, "text": text})


@require_POST
@staff("caseworker")
def make_anew(request: Any, code: int) -> HttpResponse:
    """A new code for who lost theirs, or let it grow too old."""
    try:
        codes.make_anew(code=_code(code), by=request.user, actor=request.actor)
    except MayNotHaveCode:
        messages.error(
            request, _("Det kan ikke lages en ny kode: tilgangen er avsluttet eller kontoen åpnet.")
        )
    else:
        messages.success(request, _("En ny kode er laget og venter på å bli sendt i brev."))
    return redirect("desk:letters")


def _code(pk: int) -> EntryCode:
    return get_object_or_404(EntryCode.objects.select_related("user"), pk=pk)
