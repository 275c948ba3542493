"""The caseworker's side: the queue, one case, the decision. Two set a register aside."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import staff
from hmskort.accounts.orderers.errors import HasIdPorten, MayNotHaveCode
from hmskort.common import clock
from hmskort.common.transitions import MoveNotAllowed
from hmskort.desk import actions, admission, attachments, intake, queries, show, unclear
from hmskort.desk.entries import Period
from hmskort.desk.forms import PlaceForm, RevealForm, RulingForm
from hmskort.desk.models import Case
from hmskort.desk.returned import returned_of
from hmskort.desk.rulings import rulings_of
from hmskort.desk.standing import standing_of
from hmskort.desk.states import CaseState


@require_GET
@staff("caseworker")
def queue(request: Any) -> HttpResponse:
    """What waits, the oldest first; or what the address asks for."""
    wanted = request.GET.dict()
    page = queries.queue(request.user, wanted)
    context = {
        "cases": [show.shown(case) for case in page.rows],
        "page": page,
        "wanted": wanted,
        "filtered": any(wanted.get(name) for name in ("q", "type", "status")),
        "kinds": [("", _("Alle")), *Case.Kind.choices],
        "states": [
            ("", _("Venter på oss")),
            *((s.value, show.state_name(s)) for s in CaseState),
            (queries.ALL, _("Alle")),
        ],
        "sorts": [
            ("eldst", _("Eldste først")),
            ("nyest", _("Nyeste først")),
            ("virksomhet", _("Virksomhet")),
        ],
    }
    return render(request, "desk/queue.html", context)


@require_GET
@staff("caseworker")
def case(request: Any, reference: str) -> HttpResponse:
    """All that is known of the case, and the decisions that may be made."""
    row = _case(request, reference)
    return _page(request, row, Forms.of(row))


@require_POST
@staff("caseworker")
def decide(request: Any, reference: str) -> HttpResponse:
    """What the button says is done. 409 when somebody else was first."""
    row = _case(request, reference)
    decision = request.POST.get("decision", "")
    _must_be_offered(request, row, decision)
    form = RulingForm(request.POST, case=row)
    if decision == "confirm":
        actions.confirm(case=row, user=request.user, actor=request.actor)
    elif decision not in DONE or not form.is_valid():
        return _page(request, row, Forms.of(row, ruling=form), status=422)
    else:
        try:
            (_of_admission if row.kind == Case.Kind.ADMISSION else _decide)(
                request, row, decision, form
            )
        except (HasIdPorten, MayNotHaveCode, admission.NotTheirs) as refused:
            form.add_error(None, _why_not(decision, refused))
            row.refresh_from_db()
            return _page(request, row, Forms.of(row, ruling=form), status=422)
    messages.success(request, DONE[decision]())
    row.refresh_from_db()
    stays = row.state not in {CaseState.REFUSED, CaseState.NEEDS_MORE, CaseState.CLOSED}
    return redirect("desk:staff_case", row.reference) if stays else redirect("desk:queue")


@require_POST
@staff("caseworker")
def place(request: Any, reference: str) -> HttpResponse:
    """The mail is the company's, and the case that now holds it opens."""
    row = _case(request, reference)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, row, Forms.of(row, placing=form), status=422)
    orgnr = form.cleaned_data["orgnr"]
    now = intake.place(case=row, orgnr=orgnr, user=request.user, actor=request.actor)
    messages.success(request, _("E-posten er koblet til virksomheten."))
    may_see = queries.workable_by(request.user).filter(pk=now.pk).exists()
    return redirect("desk:staff_case", now.reference) if may_see else redirect("desk:queue")


@require_POST
@staff("caseworker")
def reveal(request: Any, reference: str) -> HttpResponse:
    """The mails with identity numbers, this once; that they were shown stands in the history."""
    row = _case(request, reference)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, row, Forms.of(row, revealing=form), status=422)
    reason = form.cleaned_data["reason"]
    intake.note_revealed(case=row, reason=reason, user=request.user, actor=request.actor)
    return _page(request, row, Forms.of(row), reveal=True)


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
    "admit": lambda: _("Søkeren er godkjent. Engangskoden venter på å bli sendt i brev."),
    "renew": lambda: _("En ny engangskode venter på å bli sendt i brev eller gitt videre."),
    "propose": lambda: _("En annen saksbehandler må bekrefte."),
    "confirm": lambda: _("Vurderingen er bekreftet og gjelder. Virksomheten får beskjed."),
    "ask": lambda: _("Spørsmålet er sendt til virksomheten."),
    "refuse": lambda: _("Avslaget er sendt til virksomheten."),
    "decline": lambda: _("Forslaget er ikke bekreftet. Saken er tilbake i køen."),
    "end": lambda: _("Det som var innvilget, er avsluttet. Virksomheten får beskjed."),
    "close": lambda: _("Saken er lukket."),
    "reopen": lambda: _("Saken er tatt opp igjen og ligger i køen."),
    "reply": lambda: _("Svaret er sendt på e-post, og saken er lukket."),
    "read": lambda: _("E-posten er merket som lest."),
    "ask_register": lambda: _("Registeret blir spurt. Svarer det klart, lukkes saken av seg selv."),
}


def _must_be_offered(request: Any, row: Case, decision: str) -> None:
    """What the page has no button for is somebody else's decision, or that of a page grown old.

    Raises:
        MoveNotAllowed: it has none.
    """
    own_proposal = row.proposed_by_id == request.user.pk
    offered = {each.decision for each in rulings_of(row, own_proposal=own_proposal).choices}
    if decision in DONE and decision not in offered | {"read"}:
        raise MoveNotAllowed(f"{decision} is not offered of {row.reference}")


def _decide(request: Any, row: Case, decision: str, form: RulingForm) -> None:
    who = {"case": row, "user": request.user, "actor": request.actor}
    given = form.cleaned_data
    text = given["text"]
    match decision:
        case "grant":
            actions.grant(**who, period=_period(given), reason=text)
        case "propose":
            actions.propose(**who, period=_period(given), reason=text)
        case "refuse":
            period = _period(given) if form.has_period(decision) else None
            actions.refuse(**who, period=period, reason=text)
        case "ask":
            actions.ask(**who, text=text)
        case "reply":
            intake.reply(**who, text=text)
        case "ask_register":
            unclear.ask_again(cases=[row], not_older_than=clock.now())
        case "read":
            actions.note_mail_read(case=row)
        case _:
            PLAIN[decision](**who, reason=text)


def _of_admission(request: Any, row: Case, decision: str, form: RulingForm) -> None:
    if decision not in ADMISSIONS:
        _decide(request, row, decision, form)
        return
    text = form.cleaned_data["text"]
    ADMISSIONS[decision](case=row, reason=text, user=request.user, actor=request.actor)


def _why_not(decision: str, refused: Exception) -> str:
    if decision == "renew":
        return _("Personen logger inn med ID-porten, eller handler ikke lenger for virksomheten.")
    if isinstance(refused, HasIdPorten):
        return _("Personen har logget inn med ID-porten, og trenger ikke kode.")
    if isinstance(refused, MayNotHaveCode):
        return _("Personen har en konto for noe annet, som en kode i brev ikke kan åpne.")
    if isinstance(refused, admission.NotTheirs) and not refused.answered:
        return _("Folkeregisteret har ikke svart på om nummeret er søkerens. Prøv igjen om litt.")
    return _("Navn og fødselsdato stemmer ikke med det Folkeregisteret sier om nummeret.")


def _period(given: dict[str, Any]) -> Period:
    return Period(given["from_on"], given["to_on"])


ADMISSIONS = {
    "admit": admission.admit,
    "refuse": admission.refuse,
    "end": admission.end,
    "reopen": admission.reopen,
    "renew": admission.renew,
}
PLAIN = {
    "decline": actions.decline,
    "end": actions.end,
    "close": actions.close,
    "reopen": actions.reopen,
}


@dataclass(frozen=True)
class Forms:
    """The forms of a case's page; one of them may have been posted with faults."""

    ruling: RulingForm
    placing: PlaceForm
    revealing: RevealForm
    faulty: Any = None

    @classmethod
    def of(cls, row: Case, **posted: Any) -> "Forms":
        fresh = {
            "ruling": RulingForm(case=row),
            "placing": PlaceForm(),
            "revealing": RevealForm(),
        }
        return cls(**{**fresh, **posted}, faulty=next(iter(posted.values()), None))


def _case(request: Any, reference: str) -> Case:
    return get_object_or_404(queries.workable_by(request.user), reference=reference)


def _page(
    request: Any, row: Case, forms: Forms, *, reveal: bool = False, status: int = 200
) -> HttpResponse:
    mails = show.mails_of(row, reveal=reveal)
    own_proposal = row.proposed_by_id == request.user.pk
    rulings = rulings_of(row, own_proposal=own_proposal)
    forms.ruling.fields["text"].label = rulings.text
    context = {
        "shown": show.shown(row),
        "case": row,
        "forms": forms,
        "form": forms.ruling,
        "rulings": rulings,
        "own_proposal": own_proposal,
        "facts": show.facts_of(row, inside=True),
        "company": show.company_of(row),
        "record": show.record_of(row.verdict, row.requirement),
        "returned": returned_of(row.verdict, row.requirement),
        "standing": standing_of(row),
        "documents": show.documents_of(row, queries.sent_here(row), "desk:staff_document"),
        "mails": mails,
        "hides": any(mail.hides for mail in mails),
        "history": show.history_of(row, inside=True),
    }
    return render(request, "desk/staff_case.html", context, status=status)
