"""Everyone employed in a company, and what stands in the way of a card for each of them today.

A look, not a verdict: nothing is stored. Judged by the same rules as an order line, in a number of
queries that does not grow with the people.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.core import signing
from django.db.models import (
    Count,
    Max,
    Q,
    QuerySet,
    TextField,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Concat

from cards.models import Card
from cards.second_card import usable_cards
from hmskort.common import clock
from hmskort.common.templatetags.portal import orgnr
from orders.models import StaffCheck
from orders.second_card import obstacles
from registers.lookups import Question
from registers.models import Company, Employment, Lookup, Person
from registers.questions import subject_of
from registers.requirements import findings, needs
from registers.requirements.company import of_company, of_person
from registers.requirements.facts import Answer, Asked, EmploymentFacts, Facts
from registers.requirements.findings import Finding, Found
from registers.requirements.gathering import facts_of_people
from registers.requirements.judge import findings_on, requirements_of
from registers.staff import employments_in

PER_PAGE = 25
NEVER_A_CARD = frozenset({"dead", "number_ended", "person_not_found"})
LAST = str.maketrans("æøå", "{|}")  # the last letters of the alphabet, in their order


class Stands(StrEnum):
    """How an employee stands; also what the list is filtered by."""

    READY = "klar"
    MISSING = "mangler"
    WAITING = "venter"  # a register has not answered
    ORDERED = "bestilt"
    CARD = "kort"


MOST_TO_DO_FIRST = (Stands.MISSING, Stands.WAITING, Stands.READY, Stands.ORDERED, Stands.CARD)


class EmployerAsked(Protocol):
    """Somebody asked about people of a company, and its employments are read at once for all."""

    orgnr: Any
    kind: Any
    read_at: Any  # when Aa-registeret last told who is employed; None while it has not


@dataclass(frozen=True)
class Employee:
    """One who is employed. obstacle: why nobody can order for them now, in words."""

    person: Person
    stands: Stands
    findings: list[Finding]  # of the person; those of the company stand by themselves
    card: Card | None = None
    obstacle: str = ""
    units: tuple[str, ...] = ()  # where they work

    @property
    def asking(self) -> bool:
        return any(finding.reason == str(Asked.WAITING) for finding in self.findings)

    @property
    def may_be_ordered_for(self) -> bool:
        """False where nothing that the employer can do leads to a card."""
        hopeless = any(finding.reason in NEVER_A_CARD for finding in self.findings)
        return not self.obstacle and not hopeless


@dataclass(frozen=True)
class Staff:
    """Everyone, in the order of their names, and what is asked of the company itself."""

    employees: list[Employee] = field(default_factory=list)
    company: list[Finding] = field(default_factory=list)

    @property
    def asking(self) -> int:
        """Of how many an answer is on its way."""
        return sum(employee.asking for employee in self.employees)

    def count(self, stands: str) -> int:
        return sum(employee.stands == stands for employee in self.employees)

    @property
    def ready(self) -> list[Employee]:
        """Whom a card can be ordered for now."""
        return [one for one in self.employees if one.stands == Stands.READY and not one.obstacle]


@dataclass(frozen=True)
class Page:
    """One page of the list. after, before: cursors, empty where there is no neighbour."""

    employees: list[Employee]
    after: str = ""
    before: str = ""


def employed(orgnr: str) -> list[UUID]:
    """Everyone with an employment in the main unit that has not ended."""
    rows = employments_in(orgnr, clock.today())
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def questions(asked: EmployerAsked, people: Sequence[UUID]) -> set[Question]:
    """What must be asked besides who is employed, as far as what is known shows."""
    on = clock.today()
    names = requirements_of(asked.kind, on)
    rows = employments_in(asked.orgnr, on).filter(person__in=people)
    return {
        (source, subject_of(source, person=pk, orgnr=asked.orgnr))
        for pk, facts in facts_as_read(asked, people, rows).items()
        for source in needs.sources(facts, names, on)
        if source != "aaregisteret"
    }


def first_questions(orgnr: str, people: Sequence[UUID]) -> QuerySet[Lookup]:
    """What was asked first, and shows what else must be asked."""
    subjects = [str(pk) for pk in people]
    return Lookup.objects.filter(
        Q(source="enhetsregisteret", subject=orgnr)
        | Q(source="folkeregisteret", subject__in=subjects)
    )


def seen(check: StaffCheck) -> str:
    """What the list shows as it stands now: another text once a register has answered or failed.

    In one query, so that who waits for answers costs little while there are none.
    """
    people = employments_in(check.orgnr, clock.today()).annotate(
        text=Cast("person", TextField()),
        in_oar=Concat(Value(f"{check.orgnr}:"), "text", output_field=TextField()),
    )
    about = Q(subject=check.orgnr) | Q(subject__in=people.values("text"))
    about |= Q(source="oar", subject__in=people.values("in_oar"))
    told = Lookup.objects.filter(about).aggregate(
        answers=Count("answered_at"),
        last=Max("answered_at"),
        troubles=Count("pk", filter=~Q(trouble="")),
        due=Count("due_at"),
    )
    shown = [check.asked_at, check.read_at, check.trouble, clock.today(), *told.values()]
    return hashlib.sha256("|".join(map(str, shown)).encode()).hexdigest()[:16]


def staff_of(check: StaffCheck) -> Staff:
    """Everyone employed in the company as the registers have answered so far."""
    on = clock.today()
    rows = list(employments_in(check.orgnr, on).select_related("person"))
    people = {row.person_id: row.person for row in rows}
    names = requirements_of(check.kind, on)
    facts = facts_as_read(check, list(people), rows)
    every = {pk: findings_on(known, names, on) for pk, known in facts.items()}
    company = of_company(every.values())
    cards, hindered = _cards(check.orgnr, people), obstacles(people.values(), check.orgnr)
    units = _units(rows)
    employees = [
        Employee(
            person=person,
            stands=_stands(every[pk], cards.get(pk), hindered.get(pk, "")),
            findings=of_person(every[pk], company),
            card=cards.get(pk),
            obstacle=hindered.get(pk, ""),
            units=units[pk],
        )
        for pk, person in people.items()
    ]
    return Staff(sorted(employees, key=_by_name), company)


def page_of(staff: Staff, wanted: Mapping[str, str]) -> Page:
    """The page that the address asks for.

    wanted: `vis` (a `Stands`), `sorter` (navn, or status: what needs most doing first), `etter` and
    `for` (cursors).
    """
    key = _by_status if wanted.get("sorter") == "status" else _by_name
    shown = [one for one in staff.employees if wanted.get("vis", "") in {"", one.stands}]
    shown.sort(key=key)
    back = bool(wanted.get("for"))
    place = _place(staff, wanted.get("for") or wanted.get("etter") or "")
    ahead = shown
    if place and back:
        ahead = [one for one in shown if key(one) < key(place)]
    elif place:
        ahead = [one for one in shown if key(one) > key(place)]
    rows = ahead[-PER_PAGE:] if back else ahead[:PER_PAGE]
    if not rows:
        return Page([])
    prefetch_related_objects([one.person for one in rows], "numbers")
    return Page(
        rows,
        after=_cursor(rows[-1]) if rows[-1] is not shown[-1] else "",
        before=_cursor(rows[0]) if rows[0] is not shown[0] else "",
    )


def facts_as_read(
    asked: EmployerAsked, people: Sequence[UUID], rows: Iterable[Employment]
) -> dict[UUID, Facts]:
    """What is stored, with employments in this company as its own reading told of them."""
    work: dict[UUID, list[EmploymentFacts]] = {pk: [] for pk in people}
    for row in rows:
        work[row.person_id].append(
            EmploymentFacts(row.orgnr, row.main_orgnr, row.starts_on, row.ends_on)
        )
    every = facts_of_people(people, asked.orgnr, last_known=True)
    how = Asked.ANSWERED if asked.read_at else Asked.WAITING
    return {
        pk: replace(
            facts,
            employments=Answer(how, tuple(work[pk]) if asked.read_at else None, asked.read_at),
        )
        for pk, facts in every.items()
    }


def _stands(judged: list[Finding], card: Card | None, obstacle: str) -> Stands:
    if card:
        return Stands.CARD
    if obstacle:
        return Stands.ORDERED
    return {
        Found.MET: Stands.READY,
        Found.NOT_MET: Stands.MISSING,
        Found.UNKNOWN: Stands.WAITING,
    }[findings.outcome(judged)]


def _cards(orgnr: str, people: Iterable[UUID]) -> dict[UUID, Card]:
    """The card that each has with the company and may use today, or soon will have."""
    cards = usable_cards(list(people), orgnr, clock.today())
    return {card.person_id: card for card in cards}


def _units(rows: Iterable[Employment]) -> dict[UUID, tuple[str, ...]]:
    """Where each works, by name where the register has told it; empty where it is all one unit."""
    places: dict[UUID, dict[str, None]] = {}
    for row in rows:
        places.setdefault(row.person_id, {})[row.orgnr] = None
    every = {unit for units in places.values() for unit in units}
    if len(every) < 2:
        return dict.fromkeys(places, ())
    named = dict(Company.objects.filter(pk__in=every).values_list("orgnr", "name"))
    return {pk: tuple(named.get(u) or orgnr(u) for u in units) for pk, units in places.items()}


def _by_name(one: Employee) -> tuple[object, ...]:
    """Those whose name is not known yet come last."""
    person = one.person
    names = (name.casefold().translate(LAST) for name in (person.surname, person.given_names))
    return (not person.name, *names, str(person.pk))


def _by_status(one: Employee) -> tuple[object, ...]:
    return (MOST_TO_DO_FIRST.index(one.stands), *_by_name(one))


def _cursor(one: Employee) -> str:
    return signing.dumps(str(one.person.pk))


def _place(staff: Staff, cursor: str) -> Employee | None:
    """Whom the cursor is about; a broken one, or one of somebody who left, is the beginning."""
    try:
        pk = signing.loads(cursor)
    except signing.BadSignature:
        return None
    return next((one for one in staff.employees if str(one.person.pk) == pk), None)
