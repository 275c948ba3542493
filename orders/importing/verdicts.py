"""How each row of a list stands: every cell, and what the registers say of the person.

A look: nothing is stored. In a number of queries that does not grow with the rows.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from hmskort.common import clock
from orders.actions.surnames import MOST_TRIES, known_people, tries_for
from orders.importing.columns import NUMBER, SURNAME, UNIT
from orders.importing.models import Import, Row
from orders.people.second_card import obstacles
from orders.people.typed_numbers import birth_date_of
from orders.staff.asking import facts_as_read
from registers import national_id, units
from registers.models import Company, Lookup, Person
from registers.naming import agrees
from registers.national_id import InvalidNationalId
from registers.requirements import findings
from registers.requirements.findings import Finding, Found
from registers.requirements.judge import findings_on, requirements_of
from registers.staff import employments_in

NUMBER_MISSING = "person_exists"  # the requirement that says that there is nobody with the number


class Stands(StrEnum):
    """How a row stands; also what the list is filtered by."""

    WRONG = "rettes"  # a cell must be mended
    ASKING = "venter"  # Folkeregisteret has not said whose the number is
    READY = "klar"  # may be put in the cart
    TAKEN = "lagt"  # is in a cart


@dataclass(frozen=True)
class Verdict:
    """One row. wrong: what must be mended, in words, by cell. unmet: what the registers require.

    judged: the registers have said all that they are asked about the person.
    """

    row: Row
    stands: Stands
    name: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    unmet: Sequence[Finding] = ()
    judged: bool = False

    @property
    def shown_number(self) -> str:
        """The birth date, and no more of the number."""
        if self.row.person and not self.row.sealed:
            return birth_date_of(self.row.person.national_id)
        return birth_date_of(self.row.typed)

    @property
    def number_wrong(self) -> str:
        return self.wrong.get(NUMBER, "")

    @property
    def surname_wrong(self) -> str:
        return self.wrong.get(SURNAME, "")

    @property
    def unit_wrong(self) -> str:
        return self.wrong.get(UNIT, "")


@dataclass(frozen=True)
class Look:
    """The whole list as it stands now."""

    rows: list[Verdict]
    asking: bool

    @property
    def silent(self) -> bool:
        """Is a register that was asked not answering? It is asked again by itself."""
        return not self.asking and any(one.stands == Stands.ASKING for one in self.rows)

    def of(self, stands: str) -> list[Verdict]:
        return [one for one in self.rows if one.stands == stands]

    @property
    def judged(self) -> int:
        """Rows about which nothing more is awaited."""
        return sum(one.judged or one.stands in {Stands.WRONG, Stands.TAKEN} for one in self.rows)


@dataclass(frozen=True)
class _Known:
    """What is known of everybody in the list, fetched at once. company: what is open of it."""

    hindered: Mapping[UUID, str]
    named: Collection[UUID]
    tries: Mapping[UUID, int]
    units: Mapping[str, Company]
    findings: Mapping[UUID, list[Finding]]
    asked: Collection[str]  # people whom Folkeregisteret has not told about yet, by id


def look(batch: Import) -> Look:
    """Every row of the list, in its order."""
    rows = list(
        batch.rows.select_related("person", "line__order", "line__person").prefetch_related(
            "person__numbers"
        )
    )
    known = _known(batch, [row for row in rows if row.line_id is None])
    typed = Counter(row.person_id for row in rows if row.person_id)
    first: dict[UUID, int] = {}
    judged = []
    for row in rows:
        twice = 0
        if row.person_id and typed[row.person_id] > 1:
            twice = first.setdefault(row.person_id, row.place)
        judged.append(_verdict(row, known, twice if twice != row.place else 0))
    open_rows = [one for one in judged if one.stands in {Stands.ASKING, Stands.READY}]
    asking = any(not one.judged for one in open_rows) and not (batch.trouble and batch.reading)
    return Look(judged, asking)


def ready(batch: Import) -> list[Row]:
    """The rows that can be put in the cart now."""
    return [one.row for one in look(batch).of(Stands.READY)]


def _known(batch: Import, rows: Sequence[Row]) -> _Known:
    people = {row.person.pk: row.person for row in rows if row.person}
    keys, on = list(people), clock.today()
    named = known_people(keys, batch.orgnr)
    names = requirements_of(batch.kind, on)
    work = list(employments_in(batch.orgnr, on).filter(person__in=keys))
    facts = facts_as_read(batch, keys, work)
    waiting = Lookup.objects.filter(
        source="folkeregisteret", subject__in=[str(pk) for pk in keys]
    ).exclude(due_at=None)
    return _Known(
        hindered=obstacles(people.values(), batch.orgnr),
        named=named,
        tries=tries_for(keys, batch.orgnr),
        units={unit.orgnr: unit for unit in units.units_of(batch.orgnr)},
        findings={pk: findings_on(known, names, on) for pk, known in facts.items()},
        asked=set(waiting.values_list("subject", flat=True)),
    )


def _verdict(row: Row, known: _Known, twice: int) -> Verdict:
    """twice: the line on which the person stands before this one, or 0."""
    if row.line:
        return Verdict(row, Stands.TAKEN, name=row.line.shown_name, judged=True)
    wrong = _wrong_number(row, known, twice)
    if UNIT not in wrong and (problem := _wrong_unit(row.unit, known.units)):
        wrong[UNIT] = problem
    person = row.person
    if person is None:
        return Verdict(row, Stands.WRONG, wrong=wrong)
    asking = person.state == Person.State.UNKNOWN
    is_named = person.pk in known.named
    problem = ""
    if not (asking or is_named):
        problem = _wrong_surname(row, person, known.tries.get(person.pk, 0))
    if problem and NUMBER not in wrong:
        wrong[SURNAME] = problem
    found = known.findings.get(person.pk, [])
    return Verdict(
        row,
        Stands.WRONG if wrong else Stands.ASKING if asking else Stands.READY,
        name="" if asking or problem else person.name,
        wrong=wrong,
        unmet=[one for one in found if one.found == Found.NOT_MET],
        judged=findings.outcome(found) != Found.UNKNOWN or _all_told(found),
    )


def _all_told(found: Sequence[Finding]) -> bool:
    """Is nothing on its way? A register that is silent is not waited for."""
    return not any(finding.reason == "waiting" for finding in found)


def _wrong_number(row: Row, known: _Known, twice: int) -> dict[str, str]:
    if row.person is None:
        return {NUMBER: _why_no_number(row.typed)}
    if twice:
        return {NUMBER: _("Personen står også på linje %d.") % twice}
    if row.person.state == Person.State.NOT_FOUND:
        return {NUMBER: _("Nummeret finnes ikke i Folkeregisteret.")}
    if row.person_id in known.hindered:
        return {NUMBER: known.hindered[row.person.pk]}
    return {}


def _why_no_number(typed: str) -> str:
    if typed.startswith("="):
        return _("Cellen har en formel. Skriv nummeret selv.")
    try:
        national_id.validate(typed)
    except InvalidNationalId as problem:
        return str(problem) if typed else _("Nummeret mangler.")
    return ""


def _wrong_surname(row: Row, person: Person, tries: int) -> str:
    if person.state != Person.State.FOUND:
        return ""
    if not row.surname:
        return _("Skriv etternavnet, så vi ser at nummeret er riktig.")
    if tries > MOST_TRIES:
        return _("Det er prøvd for mange etternavn til dette nummeret i dag. Prøv igjen i morgen.")
    right = agrees(row.surname, given_names=person.given_names, surname=person.surname)
    return "" if right else _("Etternavnet stemmer ikke med nummeret.")


def _wrong_unit(unit: str, known: Mapping[str, Company]) -> str:
    digits = "".join(unit.split())
    if not digits or digits in known:
        return ""
    return _("Dette er ikke en av virksomhetens underenheter.")
