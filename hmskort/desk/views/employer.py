"""The employer's side: apply for an exemption, say that a refusal is wrong, follow and answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import for_company, to_change, with_right
from hmskort.accounts.models import PREPARING
from hmskort.common import clock
from hmskort.common.uploads.files import NoRoom
from hmskort.desk import actions, attachments, complaints, queries, show, subjects
from hmskort.desk.forms import (
    PEOPLE,
    AnswerForm,
    ApplicationForm,
    ComplaintForm,
    DisputeForm,
    KindForm,
)
from hmskort.desk.models import Case
from hmskort.desk.returned import returned_of
from hmskort.desk.states import CaseState
from hmskort.desk.subjects import Subject
from registers.exemptions.models import OVERRIDE, ExemptionKind
from registers.exemptions.queries import applicable
from registers.models import Person
from registers.persons import people_for


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def apply(request: Any, reference: str, line: str, requirement: str) -> HttpResponse:
    """The application for somebody in an order."""
    return _apply(request, subjects.of_line(request.company.orgnr, reference, line, requirement))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def dispute(request: Any, reference: str, line: str, requirement: str) -> HttpResponse:
    """The decision on somebody in an order may be said to be wrong."""
    return _dispute(request, subjects.of_line(request.company.orgnr, reference, line, requirement))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def apply_for_card(request: Any, number: str, requirement: str) -> HttpResponse:
    """The application for the holder of a card."""
    return _apply(request, subjects.of_card(request.company.orgnr, number, requirement))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def dispute_card(request: Any, number: str, requirement: str) -> HttpResponse:
    """The decision on a card may be said to be wrong."""
    return _dispute(request, subjects.of_card(request.company.orgnr, number, requirement))


@require_GET
@for_company
def cases(request: Any) -> HttpResponse:
    """What the company has sent, and how it stands."""
    page = queries.page_of_cases(request.company.orgnr, request.GET.dict())
    rows = [show.shown_to_employer(case) for case in page.rows]
    return render(request, "desk/cases.html", {"cases": rows, "page": page})


@require_http_methods(["GET", "POST"])
@to_change(*PREPARING)
def case(request: Any, reference: str) -> HttpResponse:
    """How the case stands; posting answers what was asked."""
    row = queries.case_for(request.company.orgnr, reference)
    form = AnswerForm(*_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(
                case=row,
                text=form.cleaned_data["text"],
                pictures=form.pictures,
                user=request.user,
                actor=request.actor,
            )
        except NoRoom:
            form.add_error(None, _no_room())
        else:
            messages.success(request, _("Svaret er sendt."))
            return redirect("desk:case", reference)
    context = {
        "shown": show.shown_to_employer(row),
        "case": row,
        "form": form,
        "asked": row.state == CaseState.NEEDS_MORE and request.company.may_prepare,
        "facts": show.facts_of(row, inside=False),
        "record": show.record_of(row.verdict, row.requirement),
        "documents": show.documents_of(row, queries.sent_here(row), "desk:document"),
        "returned": returned_of(row.verdict, row.requirement),
        "history": show.history_of(row, inside=False),
        "right": complaints.right_of(row),
    }
    return _form_page(request, "desk/case.html", form, context)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def complain(request: Any, reference: str) -> HttpResponse:
    """A refusal is complained about, while there is time."""
    row = queries.case_for(request.company.orgnr, reference)
    right = complaints.right_of(row)
    if right is None or not right.open:
        raise Http404
    form = ComplaintForm(*_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            complaints.complain(
                case=row,
                text=form.cleaned_data["text"],
                pictures=form.pictures,
                user=request.user,
                actor=request.actor,
            )
        except NoRoom:
            form.add_error(None, _no_room())
        else:
            messages.success(request, _("Klagen er sendt."))
            return redirect("desk:case", reference)
    context = {"case": row, "shown": show.shown_to_employer(row), "right": right, "form": form}
    return _form_page(request, "desk/complain.html", form, context)


@require_GET
@for_company
def document(request: Any, reference: str, attachment: UUID) -> HttpResponse:
    """A document of the company's own case."""
    row = queries.case_for(request.company.orgnr, reference)
    return attachments.response(row, get_object_or_404(queries.sent_here(row), pk=attachment))


def _apply(request: Any, subject: Subject) -> HttpResponse:
    """The application for the kind that was chosen, or for the only one that there is."""
    kinds = applicable(subject.orgnr, subject.requirement, clock.today())
    if not kinds:
        raise Http404
    if len(kinds) > 1 and request.GET.get("type") not in {kind.code for kind in kinds}:
        return _choose(request, subject, kinds)
    kind = next((k for k in kinds if k.code == request.GET.get("type")), kinds[0])
    person = subject.person if kind.personal else None
    if had := _open_case(subject, kind, person):
        return redirect("desk:case", had.reference)
    form = ApplicationForm(*_posted(request), kind=kind, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        sent = actions.Sent(
            kind=Case.Kind.EXEMPTION,
            exemption_kind=kind,
            person=person,
            people=_people(form, person),
            answers=form.answers,
            contact_email=form.cleaned_data["contact_email"],
            **_carried(subject),
        )
        if case := _send(request, sent, form):
            return redirect("desk:case", case.reference)
    context = {"subject": subject, "kind": kind, "kinds": kinds, "form": form, "person": person}
    return _form_page(request, "desk/apply.html", form, context)


def _choose(request: Any, subject: Subject, kinds: list[ExemptionKind]) -> HttpResponse:
    """Which exemption is it? None is chosen for the employer."""
    form = KindForm(request.GET if "type" in request.GET else None, kinds=kinds)
    return _form_page(request, "desk/choose.html", form, {"subject": subject, "form": form})


def _dispute(request: Any, subject: Subject) -> HttpResponse:
    """The decision is shown with what it rests on, and may be said to be wrong."""
    kind = ExemptionKind.objects.get(pk=OVERRIDE)
    if had := _open_case(subject, kind, subject.person):
        return redirect("desk:case", had.reference)
    form = DisputeForm(*_posted(request), initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        sent = actions.Sent(
            kind=Case.Kind.DISPUTE,
            exemption_kind=kind,
            person=subject.person,
            people=[subject.person],
            text=form.cleaned_data["text"],
            contact_email=form.cleaned_data["contact_email"],
            **_carried(subject),
        )
        if case := _send(request, sent, form):
            return redirect("desk:case", case.reference)
    context = {
        "subject": subject,
        "record": show.record_of(subject.verdict, subject.requirement),
        "returned": returned_of(subject.verdict, subject.requirement),
        "form": form,
    }
    return _form_page(request, "desk/dispute.html", form, context)


def _open_case(subject: Subject, kind: ExemptionKind, person: Person | None) -> Case | None:
    return queries.open_case(
        orgnr=subject.orgnr, requirement=subject.requirement, kind=kind, person=person
    )


def _carried(subject: Subject) -> dict[str, Any]:
    """What the employer need not type: company, number, and the refusal that it is about."""
    return {
        "orgnr": subject.orgnr,
        "company_name": subject.company_name,
        "requirement": subject.requirement,
        "verdict": subject.verdict,
    }


def _people(form: ApplicationForm, person: Person | None) -> list[Person]:
    if person is None:
        return []
    others = people_for(form.cleaned_data.get(PEOPLE, []))
    return list({each.pk: each for each in [person, *others]}.values())


def _send(request: Any, sent: actions.Sent, form: ApplicationForm | DisputeForm) -> Case | None:
    try:
        sent_case = actions.send(
            sent=sent,
            pictures=form.pictures,
            user=request.user,
            language=(get_language() or "nb")[:2],
            actor=request.actor,
        )
    except NoRoom:
        form.add_error(None, _no_room())
        return None
    messages.success(request, _("Saken er sendt. Du får en kvittering på e-post."))
    return sent_case


def _no_room() -> str:
    return _("Vi kan ikke ta imot filer akkurat nå. Prøv igjen om litt. Ingenting er mistet.")


def _posted(request: Any) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _initial(request: Any) -> dict[str, str]:
    return {"contact_email": request.user.email}


def _form_page(request: Any, template: str, form: Form, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if form.errors else 200)
