"""The caseworker's side: the queue, one case, the decision. Two settle a dispute."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import staff
from hmskort.desk import actions, attachments, queries, show
from hmskort.desk.forms import RulingForm
from hmskort.desk.models import Case
from hmskort.desk.states import CaseState


@require_GET
@staff("caseworker")
def queue(request: Any) -> HttpResponse:
    """What waits, the oldest first; or what is in another state."""
    kind, state = request.GET.get("type", ""), request.GET.get("status", "")
    rows = queries.queue(request.user, kind=kind, state=state)
    context = {
        "cases": [show.shown(case) for case in rows],
        "kind": kind,
        "state": state,
        "kinds": [("", _("Alle")), *Case.Kind.choices],
        "states": [("", _("Venter")), *((s.value, show.state_name(s)) for s in CaseState)],
    }
    return render(request, "desk/queue.html", context)


@require_GET
@staff("caseworker")
def case(request: Any, reference: str) -> HttpResponse:
    """All that is known of the case, and the decision that may be made."""
    row = _case(request, reference)
    return _page(request, row, RulingForm(case=row))


@require_POST
@staff("caseworker")
def decide(request: Any, reference: str) -> HttpResponse:
    """What the button says is done. 409 when somebody else was first."""
    row = _case(request, reference)
    decision = request.POST.get("decision", "")
    if decision == "confirm":
        actions.confirm(case=row, user=request.user, actor=request.actor)
        return _done(request, row, _("Overprøvingen er bekreftet, og unntaket gjelder."))
    form = RulingForm(request.POST, case=row)
    if decision not in DONE or not form.is_valid():
        return _page(request, row, form, status=422)
    _decide(request, row, decision, form.cleaned_data)
    return _done(request, row, DONE[decision]())


@require_GET
@staff("caseworker")
def document(request: Any, reference: str, attachment: UUID) -> HttpResponse:
    """A document of the case; that it was looked at stands in the history."""
    row = _case(request, reference)
    found = get_object_or_404(row.attachments, pk=attachment)
    actions.note_view(case=row, attachment=found, actor=request.actor)
    return attachments.response(row, found)


DONE = {
    "grant": lambda: _("Unntaket er innvilget. Virksomheten får beskjed."),
    "propose": lambda: _("En annen saksbehandler må bekrefte."),
    "ask": lambda: _("Spørsmålet er sendt til virksomheten."),
    "refuse": lambda: _("Avslaget er sendt til virksomheten."),
    "decline": lambda: _("Forslaget er ikke bekreftet. Saken er tilbake i køen."),
    "end": lambda: _("Unntaket er avsluttet. Virksomheten får beskjed."),
}


def _decide(request: Any, row: Case, decision: str, given: dict[str, Any]) -> None:
    who = {"case": row, "user": request.user, "actor": request.actor}
    text = given["text"]
    if decision in {"grant", "propose"}:
        period = actions.Period(given["from_on"], given["to_on"])
        settle = actions.grant if decision == "grant" else actions.propose
        settle(**who, period=period, reason=text)
    elif decision == "ask":
        actions.ask(**who, text=text)
    else:
        act = {"refuse": actions.refuse, "decline": actions.decline, "end": actions.end}[decision]
        act(**who, reason=text)


def _case(request: Any, reference: str) -> Case:
    return get_object_or_404(queries.workable_by(request.user), reference=reference)


def _done(request: Any, row: Case, text: str) -> HttpResponse:
    messages.success(request, text)
    waits = row.state in {CaseState.PROPOSED, CaseState.GRANTED}
    return redirect("desk:staff_case", row.reference) if waits else redirect("desk:queue")


def _page(request: Any, row: Case, form: RulingForm, status: int = 200) -> HttpResponse:
    context = {
        "shown": show.shown(row),
        "case": row,
        "form": form,
        "own_proposal": row.proposed_by_id == request.user.pk,
        "facts": show.facts_of(row),
        "company": show.company_of(row),
        "record": show.record_of(row.verdict, row.requirement),
        "documents": show.documents_of(row, "desk:staff_document"),
        "history": show.history_of(row, inside=True),
        "exemptions": queries.exemptions_of(row),
    }
    return render(request, "desk/staff_case.html", context, status=status)
