"""All that is stored of people and a company, as the plain facts that rules judge."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from hmskort.common import clock
from registers.exemptions.queries import exemptions_for
from registers.exemptions.rules import Holder, has_role
from registers.exemptions.rules import Role as HeldRole
from registers.models import (
    Approval,
    Company,
    Employer,
    Employment,
    Lookup,
    Person,
    PostedWork,
    RightToWork,
    Role,
    Snapshot,
)
from registers.questions import subject_of
from registers.requirements.approvals import CLEANING, STAFFING
from registers.requirements.facts import (
    Answer,
    ApprovalFacts,
    Asked,
    CompanyFacts,
    EmploymentFacts,
    Fact,
    Facts,
    PermitFacts,
    PersonFacts,
)

FILE_IS_FRESH = timedelta(hours=36)  # made anew every morning; a missed one is tried again all day
Row = TypeVar("Row", Employment, PostedWork)
Asking = tuple[Asked, datetime | None]


def facts_of_people(
    ids: Collection[UUID], orgnr: str, *, unit: str = "", last_known: bool = False
) -> dict[UUID, Facts]:
    """All that is stored of some people and a company, by person, in a fixed number of queries.

    unit: the sub-unit that their cards are for, where one was chosen.
    last_known: an answer older than what was asked for still counts. A row that turned out to be
    the same person as another is judged by the other's facts.
    """
    rows = Person.objects.filter(pk__in=ids).only("same_as_id")
    survivors = {row.pk: row.same_as_id or row.pk for row in rows}
    facts = _facts_of(set(survivors.values()), orgnr, last_known=last_known)
    return {pk: replace(facts[one], unit=unit) for pk, one in survivors.items()}


def _facts_of(ids: Collection[UUID], orgnr: str, *, last_known: bool) -> dict[UUID, Facts]:
    """When each register answered is read before what it said: a fact is never older than told."""
    subjects = [orgnr, *map(str, ids), *(subject_of("oar", person=pk, orgnr=orgnr) for pk in ids)]
    lookups = {
        (row.source, row.subject): row for row in Lookup.objects.filter(subject__in=subjects)
    }
    employer = Employer.objects.filter(orgnr=orgnr).first()
    company = Company.objects.filter(orgnr=orgnr).first()
    people = Person.objects.in_bulk(ids)
    work = _by_person(ids, Employment.objects.filter(person__in=ids))
    posted = _by_person(ids, PostedWork.objects.filter(person__in=ids, main_orgnr=orgnr))
    permits = RightToWork.objects.in_bulk(ids)
    roles = list(Role.objects.filter(orgnr=orgnr)) if ("roller", orgnr) in lookups else []
    files = _files(orgnr, last_known=last_known)
    exempt = exemptions_for(ids, orgnr)

    def facts(pk: UUID) -> Facts:
        def of(source: str) -> Asking:
            lookup = lookups.get((source, subject_of(source, person=pk, orgnr=orgnr)))
            return _asked(lookup, last_known=last_known)

        return Facts(
            orgnr=orgnr,
            company=_answer(of("enhetsregisteret"), _company(company)),
            person=_answer(of("folkeregisteret"), _person(people[pk])),
            employments=_answer(_reread(of("aaregisteret"), employer), _employments(work[pk])),
            cleaning=files[CLEANING],
            staffing=files[STAFFING],
            posted_work=_answer(of("oar"), _posted(posted[pk])),
            permit=_answer(of("udi"), _permit(permits.get(pk))),
            roles=_answer(of("roller"), _roles(people[pk], roles))
            if ("roller", orgnr) in lookups
            else None,
            exempt=exempt[pk],
        )

    return {pk: facts(pk) for pk in ids}


def _by_person(ids: Iterable[UUID], rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {pk: [] for pk in ids}
    for row in rows:
        found[row.person_id].append(row)
    return found


def _answer(asking: Asking, fact: Fact | None) -> Answer[Fact]:
    """What is stored counts as an answer only where the question was ever answered."""
    asked, at = asking
    return Answer(asked, fact if at else None, at)


def _asked(lookup: Lookup | None, *, last_known: bool) -> Asking:
    if lookup is None:
        return Asked.WAITING, None
    if lookup.answered or (last_known and lookup.answered_at):
        return Asked.ANSWERED, lookup.answered_at
    return (Asked.SILENT if lookup.trouble else Asked.WAITING), lookup.answered_at


def _reread(asking: Asking, employer: Employer | None) -> Asking:
    """The employer's own reading is newer than the person's, where there is one."""
    asked, at = asking
    if asked != Asked.ANSWERED or at is None or employer is None or employer.read_at is None:
        return asking
    return asked, max(at, employer.read_at)


def _files(orgnr: str, *, last_known: bool) -> dict[str, Answer[ApprovalFacts]]:
    """How the company stands in the registers that are published as files."""
    read = Snapshot.objects.in_bulk([CLEANING, STAFFING])
    held = {row.register: row.status for row in Approval.objects.filter(orgnr=orgnr)}
    return {
        name: _answer(
            _file_asked(read.get(name), last_known=last_known), ApprovalFacts(held.get(name, ""))
        )
        for name in (CLEANING, STAFFING)
    }


def _file_asked(snapshot: Snapshot | None, *, last_known: bool) -> Asking:
    if snapshot is None:
        return Asked.WAITING, None
    at = snapshot.read_at
    if at and (last_known or clock.now() - at < FILE_IS_FRESH):
        return Asked.ANSWERED, at
    return (Asked.SILENT if snapshot.trouble else Asked.WAITING), at


def _company(row: Company | None) -> CompanyFacts | None:
    if row is None:
        return None
    return CompanyFacts(
        orgnr=row.orgnr,
        exists=row.state != Company.State.NOT_FOUND,
        name=row.name,
        form=row.form,
        deleted_on=row.deleted_on,
        bankrupt=row.bankrupt,
        vat_registered=row.vat_registered,
        in_foretaksregisteret=row.in_foretaksregisteret,
        industries=tuple(row.industries),
    )


def _person(row: Person) -> PersonFacts | None:
    if row.state == Person.State.UNKNOWN:
        return None
    return PersonFacts(
        exists=row.state == Person.State.FOUND,
        register_status=row.register_status,
        number_in_use=row.number_in_use,
        died_on=row.died_on,
        citizenships=tuple(row.citizenships),
        printable=bool(row.birth_date and row.name),
    )


def _employments(rows: Iterable[Employment]) -> tuple[EmploymentFacts, ...]:
    return tuple(
        EmploymentFacts(row.orgnr, row.main_orgnr, row.starts_on, row.ends_on) for row in rows
    )


def _posted(rows: Iterable[PostedWork]) -> tuple[EmploymentFacts, ...]:
    return tuple(
        EmploymentFacts(row.main_orgnr, row.main_orgnr, row.starts_on, row.ends_on) for row in rows
    )


def _permit(row: RightToWork | None) -> PermitFacts | None:
    if row is None:
        return None
    return PermitFacts(row.access, row.bound_to, row.starts_on, row.ends_on)


def _roles(person: Person, rows: Iterable[Role]) -> frozenset[str]:
    """The codes of the roles that are the person's."""
    who = Holder(person.given_names, person.surname, person.birth_date)
    held = ((row.code, Holder(row.given_names, row.surname, row.birth_date)) for row in rows)
    return frozenset(code for code, one in held if has_role(who, [HeldRole(code, one)], [code]))
