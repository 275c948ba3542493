"""How each employee stands by what the registers have told, judged as an order line is.

What is found is stored with each (`orders.models.StaffStanding`), so that the list reads rows and
only those about whom something was told are judged again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hmskort.common.folding import folded
from orders.models import StaffCheck, StaffStanding
from orders.staff.asking import facts_as_read
from registers.models import Company, Employment, Person
from registers.requirements import findings
from registers.requirements.company import of_company
from registers.requirements.facts import Asked
from registers.requirements.findings import Finding
from registers.requirements.judge import findings_on, requirements_of
from registers.staff import employments_in

NAMELESS = "~"  # after every letter


@dataclass(frozen=True)
class Judged:
    """Some employees of a company on a day. company: what was found alike of each of them."""

    standings: list[StaffStanding]
    company: list[Finding]
    units: frozenset[str]  # where they work


def judged(check: StaffCheck, on: date, people: Collection[UUID] | None = None) -> Judged:
    """How these employees stand, or everybody; in a number of queries that does not grow."""
    rows = employments_in(check.orgnr, on).select_related("person").order_by("pk")
    work = list(rows if people is None else rows.filter(person__in=people))
    ones = {row.person_id: row.person for row in work}
    names = requirements_of(check.kind, on)
    facts = facts_as_read(check, list(ones), work)
    every = {pk: findings_on(known, names, on) for pk, known in facts.items()}
    units = _units(work)
    standings = [_standing(check, person, every[pk], units[pk]) for pk, person in ones.items()]
    return Judged(
        standings, of_company(every.values()), frozenset(u for each in units.values() for u in each)
    )


def names_of(units: Iterable[str]) -> dict[str, str]:
    """Each unit with its name, empty where the register has not told it."""
    told = dict(Company.objects.filter(pk__in=units).values_list("orgnr", "name"))
    return {unit: told.get(unit, "") for unit in sorted(units)}


def _standing(
    check: StaffCheck, person: Person, found: list[Finding], units: list[str]
) -> StaffStanding:
    return StaffStanding(
        staff=check,
        person=person,
        by_name=_by_name(person),
        outcome=findings.outcome(found),
        asking=any(finding.reason == str(Asked.WAITING) for finding in found),
        findings=[finding.as_json() for finding in found],
        units=units,
    )


def _units(work: Iterable[Employment]) -> dict[UUID, list[str]]:
    places: dict[UUID, dict[str, None]] = {}
    for row in work:
        places.setdefault(row.person_id, {})[row.orgnr] = None
    return {pk: list(units) for pk, units in places.items()}


def _by_name(person: Person) -> str:
    """Those whose name is not known yet come last."""
    if not person.name:
        return NAMELESS
    return f"{folded(person.surname)}  {folded(person.given_names)}"[:420]
