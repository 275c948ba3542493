"""The reviewer's pages: the queue, one case at a time, the decision."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import staff
from hmskort.common import clock
from hmskort.common.transitions import Superseded
from orders.evidence import actions as evidence
from orders.evidence import queries as pieces
from orders.evidence import serving
from orders.evidence.models import Piece
from orders.people.own_cards import is_own_card
from orders.review import actions, queries
from orders.review.forms import DecisionForm
from orders.review.models import Claim
from orders.states import LineState

SHORTCUTS = "hurtigtaster"  # the cookie, set by review.js
LETTERS = {"portrait": "b", "id_copy": "l", "signature": "s"}


@dataclass(frozen=True)
class Look:
    """One piece on the reviewer's page."""

    piece: Piece
    title: str
    letter: str  # the key that leads to its reasons
    field: BoundField | None  # None when it was approved before
    checks: list[pieces.Check]


@require_GET
@staff("reviewer")
def queue(request: Any) -> HttpResponse:
    """What waits, oldest first, and who has what."""
    show = request.GET.get("vis", "")
    context = {
        "lines": queries.queue(show),
        "counts": queries.counts(),
        "show": show,
        "now": clock.now(),
        "mine": queries.claim_of(request.user),
        "progress": queries.progress_of(request.user),
        "filters": [
            ("", _("Alle")),
            ("free", _("Ledige")),
            ("taken", _("Hos noen")),
            ("flagged", _("Med merknad")),
        ],
    }
    return render(request, "review/queue.html", context)


@require_POST
@staff("reviewer")
def claim_next(request: Any) -> HttpResponse:
    """The next case is in the reviewer's hand, and its page opens."""
    return _to_next(request)


@require_GET
@staff("reviewer")
def case(request: Any, reference: str) -> HttpResponse:
    """The case in hand. Of any other the page tells only where it is (404)."""
    claim = _claim_on(request, reference)
    if claim is None:
        return _not_in_hand(request, reference)
    form = DecisionForm(pieces=queries.pieces_of(claim.line), initial={"claim": claim.pk})
    return _case_page(request, claim, form)


@require_http_methods(["GET", "POST"])
@staff("reviewer")
def decide(request: Any, reference: str) -> HttpResponse:
    """The decision is stored, and the next case opens. 409 when somebody else took the case."""
    if request.method == "GET":  # come back to after a change of language
        return redirect("review:case", reference)
    if not queries.had_in_hand(request.user, reference):
        raise Http404
    claim = queries.claim_of(request.user)
    if claim is None or claim.line.reference != reference:
        raise Superseded(f"{reference} is not in hand any more")
    form = DecisionForm(request.POST, pieces=queries.pieces_of(claim.line))
    if not form.is_valid():
        return _case_page(request, claim, form, status=422)
    line = actions.decide(
        claim_id=form.cleaned_data["claim"],
        refusals=form.refusals,
        comment=form.cleaned_data["comment"],
        reviewer=request.user,
        actor=request.actor,
    )
    approved = line.state != LineState.REFUSED
    messages.success(request, _("Godkjent.") if approved else _("Avvist. Bestilleren får beskjed."))
    return _to_next(request)


@require_POST
@staff("reviewer")
def put_back(request: Any, reference: str) -> HttpResponse:
    """Somebody else may take the case; the next one opens, or the queue when asked to stop."""
    actions.put_back(reviewer=request.user, reference=reference, actor=request.actor)
    return redirect("review:queue") if "stopp" in request.POST else _to_next(request)


@require_POST
@staff("reviewer")
def renew(request: Any, reference: str) -> HttpResponse:
    """The open page keeps the case in hand; the page loads anew when it is lost."""
    claim = actions.renew(reviewer=request.user, reference=reference)
    if claim is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "review/_until.html", {"claim": claim})


@require_GET
@staff("reviewer")
def picture(request: Any, reference: str, piece: UUID) -> HttpResponse:
    """A picture of the case in hand; that it was looked at stands in the history."""
    claim = _claim_on(request, reference)
    for shown in queries.pieces_of(claim.line) if claim else []:
        if shown.pk == piece:
            evidence.note_view(piece=shown, actor=request.actor)
            whole = "hele" in request.GET
            size = serving.Size.WHOLE if whole else serving.Size.CARD
            return serving.file_response(shown, size)
    raise Http404


def _claim_on(request: Any, reference: str) -> Claim | None:
    claim = queries.claim_of(request.user)
    if claim is None or claim.line.reference != reference:
        return None
    return claim if claim.line.state == LineState.IN_REVIEW else None


def _not_in_hand(request: Any, reference: str) -> HttpResponse:
    case = queries.not_in_hand(request.user, reference)
    if case is None:
        raise Http404
    context = {
        "reference": reference,
        "case": case,
        "mine": queries.claim_of(request.user),
        "progress": queries.progress_of(request.user),
    }
    return render(request, "review/not_in_hand.html", context, status=404)


def _to_next(request: Any) -> HttpResponse:
    claim = actions.claim_next(reviewer=request.user, actor=request.actor)
    if claim is None:
        messages.info(request, _("Det er ingen flere saker du kan kontrollere nå."))
        return redirect("review:queue")
    return redirect("review:case", claim.line.reference)


def _case_page(request: Any, claim: Claim, form: DecisionForm, status: int = 200) -> HttpResponse:
    context = {
        "claim": claim,
        "line": claim.line,
        "order": claim.line.order,
        "person": claim.line.person,
        "own_card": is_own_card(claim.line),
        "looks": [_look(piece, form) for piece in queries.pieces_of(claim.line)],
        "form": form,
        "progress": queries.progress_of(request.user),
        "shortcuts": request.COOKIES.get(SHORTCUTS) == "1",
    }
    return render(request, "review/case.html", context, status=status)


def _look(piece: Piece, form: DecisionForm) -> Look:
    titles = {"portrait": _("Portrett"), "id_copy": _("Legitimasjon"), "signature": _("Signatur")}
    return Look(
        piece=piece,
        title=titles[piece.kind],
        letter=LETTERS[piece.kind],
        field=form[piece.kind] if piece.kind in form.fields else None,
        checks=pieces.checks_of(piece),
    )
