"""The files of one person: portrait, signature and ID copy, uploaded, checked and shown."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import with_right
from hmskort.accounts.models import PREPARING
from hmskort.common.uploads.problems import UploadRefused
from orders import actions, queries, show
from orders.actions.awaiting import stays_behind
from orders.errors import CannotOrder
from orders.evidence import actions as evidence
from orders.evidence import queries as pieces
from orders.evidence import serving
from orders.evidence.forms import EvidenceForm
from orders.evidence.models import Piece
from orders.evidence.reasons import reason_texts
from orders.models import Line
from orders.states import LineState
from registers.requirements.findings import Found

OPEN = frozenset({LineState.DRAFT, LineState.REFUSED})
SLOWER_MS = (1000, 2000, 5000, 10000)  # between questions about the automatic check


@dataclass(frozen=True)
class Slot:
    """The place of one piece on the page."""

    kind: str
    title: str
    piece: Piece | None
    why: list[str]  # of a refused piece
    advice: list[pieces.Check]
    open: bool  # a file may be uploaded now


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def evidence_page(request: Any, reference: str, line: str) -> HttpResponse:
    """The pieces of a person; posting stores what is good and says what is wrong with the rest.

    403 when a register requirement is not met: then no files are asked for, unless the orderer
    has said that the person shall be ordered for as soon as it is.
    """
    row = queries.line_for(request.company.orgnr, reference, line)
    if row.state in OPEN and stays_behind(row):
        return _closed(request, row)
    if request.method == "POST":
        return _posted(request, row)
    return _page(request, row, EvidenceForm(kinds=_open_kinds(row)))


@require_GET
@with_right(*PREPARING)
def evidence_status(request: Any, reference: str, line: str) -> HttpResponse:
    """The portrait with its automatic check, for htmx while the check runs."""
    row = queries.line_for(request.company.orgnr, reference, line)
    slot = next(slot for slot in _slots(row) if slot.kind == Piece.Kind.PORTRAIT)
    if slot.piece is None:
        raise Http404
    number = request.GET.get("nr", "")
    asked = int(number) if number.isdecimal() and len(number) < 4 else 0
    return render(request, "orders/_evidence_shown.html", _shown(row, slot, asked))


@require_GET
@with_right(*PREPARING)
def evidence_file(request: Any, reference: str, line: str, piece: UUID) -> HttpResponse:
    """One picture of the company's own line."""
    row = queries.line_for(request.company.orgnr, reference, line)
    _kind, shown = _place_of(row, piece)
    return serving.file_response(shown, serving.Size.CARD)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def remove_file(request: Any, reference: str, line: str, piece: UUID) -> HttpResponse:
    """Asks, and takes a file away from a person in the cart."""
    row = queries.line_for(request.company.orgnr, reference, line)
    kind, shown = _place_of(row, piece)
    if request.method == "GET":
        context = {"line": row, "order": row.order, "piece": shown, "name": show.name_of(row)}
        return render(request, "orders/remove_file.html", context)
    try:
        actions.detach(line=row, kind=kind, actor=request.actor)
        messages.success(request, _("Filen er fjernet."))
    except CannotOrder as reason:
        messages.error(request, str(reason))
    return redirect("orders:evidence", reference, line)


def _posted(request: Any, row: Line) -> HttpResponse:
    if "keep" in request.POST:
        return _kept(request, row)
    form = EvidenceForm(request.POST, request.FILES, kinds=_open_kinds(row))
    form.full_clean()
    for kind in form.fields:
        _take(request, row, form, kind)
    if not form.errors and not form.files and form.fields:
        form.add_error(next(iter(form.fields)), _("Filen mangler. Velg en fil først."))
    if form.errors:
        return _page(request, row, form, status=422)
    messages.success(request, _("Filene er lagret."))
    return redirect("orders:evidence", row.order.reference, row.reference)


def _take(request: Any, row: Line, form: EvidenceForm, kind: str) -> None:
    """The file of one field is on the line, or the field says why not."""
    upload = form.files.get(kind)
    if upload is None:
        return
    try:
        piece = evidence.store(
            person=row.person, orgnr=row.orgnr, kind=kind, upload=upload, actor=request.actor
        )
        actions.attach(line=row, piece=piece, actor=request.actor)
    except UploadRefused as refused:
        for problem in refused.problems:
            form.add_error(kind, problem.text)
    except CannotOrder as reason:
        form.add_error(kind, str(reason))


def _kept(request: Any, row: Line) -> HttpResponse:
    portrait = row.portrait
    if row.state in OPEN and portrait and str(portrait.pk) == request.POST["keep"]:
        evidence.keep(piece=portrait, actor=request.actor)
    return redirect("orders:evidence", row.order.reference, row.reference)


def _page(request: Any, row: Line, form: EvidenceForm, status: int = 200) -> HttpResponse:
    places = [
        {"field": form[slot.kind] if slot.kind in form.fields else None, **_shown(row, slot)}
        for slot in _slots(row)
    ]
    context = {
        "form": form,
        "line": row,
        "order": row.order,
        "name": show.name_of(row),
        "status": show.status_of(row),
        "places": places,
        "whole": not actions.missing_in(row) and row.state == LineState.DRAFT,
    }
    return render(request, "orders/evidence.html", context, status=status)


def _closed(request: Any, row: Line) -> HttpResponse:
    unmet = [found for found in show.cart_line(row).requirements if found.found == Found.NOT_MET]
    context = {"line": row, "order": row.order, "name": show.name_of(row), "unmet": unmet}
    return render(request, "orders/evidence_closed.html", context, status=403)


def _shown(row: Line, slot: Slot, asked: int = 0) -> dict[str, object]:
    return {
        "line": row,
        "order": row.order,
        "slot": slot,
        "again": asked + 1,
        "wait_ms": SLOWER_MS[min(asked, len(SLOWER_MS) - 1)],
    }


def _slots(row: Line) -> list[Slot]:
    kinds = [(Piece.Kind.PORTRAIT, _("Portrett"), row.portrait)]
    if row.order.kind.signature_required:
        kinds.append((Piece.Kind.SIGNATURE, _("Signatur"), row.signature))
    kinds.append((Piece.Kind.ID_COPY, _("Kopi av legitimasjon"), row.id_copy))
    return [
        Slot(
            kind=kind,
            title=title,
            piece=piece,
            why=reason_texts(piece) if piece and piece.state == Piece.State.REFUSED else [],
            advice=pieces.advice_about(piece) if piece else [],
            open=_is_open(row, piece),
        )
        for kind, title, piece in kinds
    ]


def _place_of(row: Line, wanted: UUID) -> tuple[str, Piece]:
    """Which kind of file of the line it is; another line's does not exist (404)."""
    for slot in _slots(row):
        if slot.piece and slot.piece.pk == wanted:
            return slot.kind, slot.piece
    raise Http404


def _open_kinds(row: Line) -> list[str]:
    return [slot.kind for slot in _slots(row) if slot.open]


def _is_open(row: Line, piece: Piece | None) -> bool:
    """In the cart everything may be changed; of a refused line only what was refused."""
    if row.state == LineState.REFUSED:
        return piece is None or piece.state == Piece.State.REFUSED
    return row.state == LineState.DRAFT
