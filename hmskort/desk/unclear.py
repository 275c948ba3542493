"""Answers that are neither yes nor no: each has a case until a person or the register says which.

Source: UDI answers *uavklart* (RS 2014-012); a status that a register did not have before.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from cards.models import Card
from cards.states import ALIVE
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import move
from hmskort.desk import mails
from hmskort.desk.entries import enter
from hmskort.desk.models import Case, Entry
from hmskort.desk.states import CASE_MOVES, CASE_OPEN, CaseState
from orders.models import Line
from orders.states import LINE_OPEN
from registers import lookups
from registers.exemptions.models import ASSESSED, Exemption
from registers.models import Company, Person, Verdict
from registers.questions import concerned
from registers.requirements.findings import UNCLEAR, UNCLEAR_OF_PERSON, Finding, Found
from registers.requirements.gathering import facts_of_people
from registers.requirements.judge import findings_on


def requirements_of(verdict: Verdict) -> list[str]:
    """The requirements that the verdict found an unclear answer to."""
    return [row["requirement"] for row in verdict.findings if row["reason"] in UNCLEAR]


@owns_transaction
def open_case(*, verdict: Verdict, requirement: str) -> Case | None:
    """A case waits for a caseworker, once while it is open; None when nobody needs one.

    Nobody does when the register has answered since, or no card and no open line rests on it.
    """
    person, orgnr = verdict.person.survivor, verdict.main_orgnr
    found = _found_now(person, orgnr, requirement)
    line = _open_line(person, orgnr)
    if found.reason not in UNCLEAR or not (line or _has_card(person, orgnr)):
        return None
    about = person if found.reason in UNCLEAR_OF_PERSON else None
    case = Case(
        kind=Case.Kind.UNCLEAR,
        orgnr=orgnr,
        company_name=_name_of(orgnr),
        requirement=requirement,
        exemption_kind_id=ASSESSED,
        person=about,
        verdict=verdict,
        contact_email=_contact(line, person, orgnr),
        language=line.order.language if line else "nb",
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:  # there is one already
        return None
    case.people.set([about] if about else [])
    enter(case, Entry.Kind.OPENED, None, SYSTEM)
    return case


def open_cases_about(subjects: Collection[str]) -> QuerySet[Case]:
    """Cases that wait for what a register says of these companies and people."""
    every = {concerned(subject) for subject in subjects}
    companies = {one for one in every if one.isdigit()}
    people = every - companies
    main = Company.objects.filter(pk__in=companies).values("main_orgnr")
    return Case.objects.filter(
        Q(orgnr__in=companies)
        | Q(orgnr__in=main)
        | Q(person__in=people)
        | Q(person=None, verdict__person__in=people),
        kind=Case.Kind.UNCLEAR,
        state__in=CASE_OPEN,
    )


@owns_transaction
def close_if_clear(*, case: Case) -> bool:
    """The case is closed if the register now says yes or no; who was asked for more is told."""
    case = Case.objects.select_for_update(of=("self",)).select_related("verdict").get(pk=case.pk)
    if case.state not in CASE_OPEN or case.verdict is None:
        return False
    person = case.person or case.verdict.person
    if _found_now(person.survivor, case.orgnr, case.requirement).found == Found.UNKNOWN:
        return False
    asked = case.state == CaseState.NEEDS_MORE
    move(case, CaseState.CLOSED, CASE_MOVES, mail_at=None)
    entry = enter(case, Entry.Kind.CLOSED, None, SYSTEM)
    if asked:
        mails.news(case, entry)
    return True


@owns_transaction
def ask_again(*, cases: Collection[Case], not_older_than: datetime) -> None:
    """UDI is asked again about the people of these cases, where its answer is older than that.

    The cleaning and staffing registers are files, which are read as they come.
    """
    people = {case.person.survivor.pk for case in cases if case.person}
    lookups.want({("udi", str(pk)) for pk in people}, not_older_than=not_older_than)


def with_unclear_answers() -> QuerySet[Case]:
    """Cases that a clear answer would end, or make what caseworkers read into it superfluous."""
    read = Exemption.objects.filter(kind=ASSESSED, ended_at=None, to_on__gte=clock.today())
    return Case.objects.filter(
        Q(state__in=CASE_OPEN) | Q(reference__in=read.values("case_reference")),
        kind=Case.Kind.UNCLEAR,
    ).select_related("person__same_as")


def _found_now(person: Person, orgnr: str, requirement: str) -> Finding:
    facts = facts_of_people([person.pk], orgnr, last_known=True)[person.pk]
    return findings_on(facts, [requirement], clock.today())[0]


def _open_line(person: Person, orgnr: str) -> Line | None:
    lines = Line.objects.filter(person=person, orgnr=orgnr, state__in=LINE_OPEN)
    return lines.select_related("order__orderer").first()


def _has_card(person: Person, orgnr: str) -> bool:
    cards = Card.objects.filter(person=person, orgnr=orgnr, state__in=ALIVE)
    return cards.filter(expires_on__gte=clock.today()).exists()


def _name_of(orgnr: str) -> str:
    company = Company.objects.filter(pk=orgnr).only("name").first()
    return company.name if company else ""


def _contact(line: Line | None, person: Person, orgnr: str) -> str:
    """Where the employer is asked for more: who ordered this card, else who ordered last."""
    lines = Line.objects.filter(orgnr=orgnr).select_related("order__orderer")
    one = line or lines.filter(person=person).order_by("-created_at").first()
    one = one or lines.order_by("-created_at").first()
    return (one.order.contact_email or one.order.orderer.email) if one else ""
