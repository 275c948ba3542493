"""The world on one day: who and what there is, and every document the registers hold on it."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from hmskort.common.simulation import (
    DELEGATIONS,
    PEOPLE,
    ROLES,
    Document,
    WorldCompany,
    WorldPerson,
)
from hmskort.simulators.world import documents, further
from hmskort.simulators.world.companies import COMPANIES
from hmskort.simulators.world.companies import Row as CompanyRow
from hmskort.simulators.world.crowd import crowd
from hmskort.simulators.world.numbers import IdentityNumbers, orgnrs
from hmskort.simulators.world.people import WHO_LOG_IN, WORKERS, Job
from hmskort.simulators.world.people import Row as PersonRow
from registers.aaregisteret.simulator import EMPLOYMENTS
from registers.bemanningsforetaksregisteret.simulator import AGENCIES
from registers.enhetsregisteret import simulator as enhetsregisteret
from registers.folkeregisteret.simulator import PERSONS
from registers.krr.simulator import PERSONS as CONTACTS
from registers.oar.simulator import ROWS as POSTED
from registers.renholdsregisteret.simulator import COMPANIES as CLEANING
from registers.udi.simulator import PERMITS

MAIN_FROM = 31_001_000
SUB_FROM = 32_001_000
HOUSEHOLD = "household"
DELETED_DAYS_AGO = 30

Documents = dict[str, dict[str, Document]]  # collection -> key -> body


@dataclass(frozen=True)
class Inhabitant:
    """A person's row with the numbers they have had, the one of today last."""

    row: PersonRow
    numbers: tuple[str, ...]

    @property
    def national_id(self) -> str:
        return self.numbers[-1]


@dataclass(frozen=True)
class DemonstrationWorld:
    """Implements `hmskort.common.simulation.World`."""

    today: date

    @functools.cached_property
    def people(self) -> tuple[WorldPerson, ...]:
        return tuple(
            WorldPerson(
                case=each.row.case,
                national_id=each.national_id,
                former_numbers=each.numbers[:-1],
                given_names=each.row.given_names,
                surname=each.row.surname,
                birth_date=each.row.born,
                about=each.row.about,
                logs_in=each.row.logs_in,
            )
            for each in self.inhabitants
        )

    @functools.cached_property
    def companies(self) -> tuple[WorldCompany, ...]:
        mains, subs = orgnrs(MAIN_FROM), orgnrs(SUB_FROM)
        return tuple(
            WorldCompany(
                case=row.case,
                orgnr=next(mains),
                name=row.name,
                form=row.form,
                subunits=tuple(next(subs) for _ in row.subunits),
            )
            for row in COMPANIES
        )

    @functools.cached_property
    def inhabitants(self) -> tuple[Inhabitant, ...]:
        numbers = IdentityNumbers()
        rows = chain(WHO_LOG_IN, WORKERS, crowd())
        return tuple(Inhabitant(row, _numbers(row, numbers)) for row in rows)

    def person(self, case: str) -> WorldPerson:
        return self._people_by_case[case]

    def company(self, case: str) -> WorldCompany:
        return self._companies_by_case[case]

    def employees(self, company: WorldCompany) -> tuple[WorldPerson, ...]:
        return tuple(
            person
            for person, each in zip(self.people, self.inhabitants, strict=True)
            if any(job.company == company.case and self._is_on(job) for job in each.row.jobs)
        )

    @functools.cached_property
    def _people_by_case(self) -> dict[str, WorldPerson]:
        return _Cases((person.case, person) for person in self.people)

    @functools.cached_property
    def _companies_by_case(self) -> dict[str, WorldCompany]:
        return _Cases((company.case, company) for company in self.companies)

    def day(self, given: date | int) -> date:
        """A date of a row: itself, or counted from today."""
        return given if isinstance(given, date) else self.today + timedelta(days=given)

    def _is_on(self, job: Job) -> bool:
        ends = None if job.ends is None else self.day(job.ends)
        return self.day(job.starts) <= self.today and (ends is None or self.today <= ends)

    def documents(self) -> Documents:
        """Every document, by collection and key."""
        return {
            enhetsregisteret.UNITS: dict(self._units()),
            enhetsregisteret.SUBUNITS: dict(self._subunits()),
            enhetsregisteret.ROLES: dict(self._role_documents()),
            PERSONS: {
                each.national_id: documents.person(each.row, each.numbers, self._died_on(each))
                for each in self.inhabitants
                if each.row.registered
            },
            EMPLOYMENTS: dict(self._employments()),
            PEOPLE: {
                person.national_id: {
                    "place": place,
                    "name": person.name,
                    "case": person.case,
                    "about": person.about,
                    "logs_in": person.logs_in,
                }
                for place, person in enumerate(self.people)
            },
            ROLES: dict(self._held_roles()),
            DELEGATIONS: dict(self._delegations()),
            **self._further(),
        }

    def _further(self) -> Documents:
        """Approvals of companies; permits, posted work and contact information of people."""
        everybody = list(enumerate(self.inhabitants))
        return {
            CLEANING: _chained(
                chain(
                    (further.cleaning(*each) for each in self._rows()),
                    (cleaning for cleaning, _ in further.others()),
                )
            ),
            AGENCIES: _chained(
                chain(
                    (further.staffing(*each) for each in self._rows()),
                    (staffing for _, staffing in further.others()),
                )
            ),
            POSTED: _chained(
                further.posted(each.row, each.national_id, number, self._orgnr, self.day)
                for number, each in everybody
            ),
            PERMITS: _chained(
                further.permits(each.row, each.national_id, self.day) for _, each in everybody
            ),
            CONTACTS: _chained(
                further.contacts(each.row, each.national_id, number, self.today)
                for number, each in everybody
            ),
        }

    def _orgnr(self, case: str) -> str:
        return self.company(case).orgnr

    def removed(self) -> dict[str, date]:
        """Numbers of main units that were removed for legal reasons, and when."""
        return {
            company.orgnr: self.day(-DELETED_DAYS_AGO)
            for row, company in self._rows()
            if row.state == "removed"
        }

    def _rows(self) -> Iterator[tuple[CompanyRow, WorldCompany]]:
        return zip(COMPANIES, self.companies, strict=True)

    def _units(self) -> Iterator[tuple[str, Document]]:
        for row, company in self._rows():
            if row.state == "deleted":
                on = self.day(-DELETED_DAYS_AGO)
                yield company.orgnr, documents.deleted_unit(row, company.orgnr, on)
            elif row.state != "removed":
                registered_on = self.day(row.registered)
                staff = len(self.employees(company))
                yield company.orgnr, documents.unit(row, company.orgnr, registered_on, staff)

    def _subunits(self) -> Iterator[tuple[str, Document]]:
        for row, company in self._rows():
            for orgnr, name in zip(company.subunits, row.subunits, strict=True):
                opened = self.day(row.registered)
                body = documents.subunit(row, orgnr, company.orgnr, name, opened)
                if row.closed_subunit and orgnr == company.subunits[-1]:
                    body["nedleggelsesdato"] = self.day(-DELETED_DAYS_AGO).isoformat()
                yield orgnr, body

    def _role_documents(self) -> Iterator[tuple[str, Document]]:
        accountant = self.company("accountant").orgnr
        for row, company in self._rows():
            held = [
                (each.row, code)
                for each in self.inhabitants
                for case, code in each.row.roles
                if case == company.case
            ]
            if row.state not in {"deleted", "removed"}:
                yield company.orgnr, documents.role_groups(held, accountant)

    def _held_roles(self) -> Iterator[tuple[str, Document]]:
        for each in self.inhabitants:
            for case, code in each.row.roles:
                if " " not in code:  # a role that is over gives nothing
                    body = {
                        "orgnr": self.company(case).orgnr,
                        "national_id": each.national_id,
                        "role": code,
                        "group": documents.GROUPS.get(code, code),
                    }
                    yield f"{body['orgnr']}:{each.national_id}:{code}", body

    def _delegations(self) -> Iterator[tuple[str, Document]]:
        for each in self.inhabitants:
            for case in each.row.delegations:
                orgnr = self.company(case).orgnr
                yield (
                    f"{orgnr}:{each.national_id}",
                    {
                        "orgnr": orgnr,
                        "national_id": each.national_id,
                        "since": "2024-01-15",
                        "until": None,
                    },
                )

    def _employments(self) -> Iterator[tuple[str, Document]]:
        for person_number, each in enumerate(self.inhabitants):
            for job_number, job in enumerate(each.row.jobs):
                register_id = str(50_000_000 + person_number * 10 + job_number)
                yield (
                    register_id,
                    documents.employment(
                        register_id,
                        each.national_id,
                        self._place(job, each),
                        self.day(job.starts),
                        None if job.ends is None else self.day(job.ends),
                    ),
                )

    def _place(self, job: Job, each: Inhabitant) -> Document:
        if job.company == HOUSEHOLD:
            return documents.household_place(self.person("Ola").national_id)
        company = self.company(job.company)
        return documents.company_place(company.subunits[job.subunit], company.orgnr)

    def _died_on(self, each: Inhabitant) -> date | None:
        return None if each.row.died is None else self.day(each.row.died)


def _numbers(row: PersonRow, numbers: IdentityNumbers) -> tuple[str, ...]:
    match row.number:
        case "fodselsnummer":
            return (numbers.fodselsnummer(row.born),)
        case "d_nummer":
            return (numbers.d_nummer(row.born),)
        case "d_nummer then fodselsnummer":
            return (numbers.d_nummer(row.born), numbers.fodselsnummer(row.born))


def _chained(parts: Iterable[further.Keyed]) -> dict[str, Document]:
    return dict(chain.from_iterable(parts))


class _Cases(dict):  # type: ignore[type-arg]
    """A case that does not exist is answered with those that do."""

    def __missing__(self, case: str) -> object:
        raise KeyError(f"no case {case!r}; there are: {', '.join(self)}")
