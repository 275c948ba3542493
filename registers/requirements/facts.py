"""The facts that requirements are judged on: plain values, with what is known of their age."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from hmskort.common.ranges import DateRanges

Fact = TypeVar("Fact")


class Asked(StrEnum):
    """How it stands with the question to the register."""

    ANSWERED = "answered"  # as fresh as was asked for
    WAITING = "waiting"  # asked, no answer yet
    SILENT = "silent"  # asked, and the register does not answer; it is asked again


@dataclass(frozen=True)
class Answer(Generic[Fact]):
    """What the register last said, if anything, and whether that is as new as was asked for."""

    asked: Asked
    fact: Fact | None = None
    answered_at: datetime | None = None


NOT_ASKED: Answer[Any] = Answer(Asked.WAITING)


@dataclass(frozen=True)
class CompanyFacts:
    """A main unit. `exists` is False when the register has no such number."""

    orgnr: str
    exists: bool = True
    name: str = ""
    form: str = ""
    deleted_on: date | None = None
    bankrupt: bool | None = None
    vat_registered: bool | None = None
    in_foretaksregisteret: bool | None = None
    industries: tuple[str, ...] = ()  # NACE codes, the main one first


@dataclass(frozen=True)
class PersonFacts:
    """A person. `register_status` is Folkeregisteret's own word: bosatt, inaktiv, doed ..."""

    exists: bool = True
    register_status: str = ""
    number_in_use: bool | None = None
    died_on: date | None = None
    citizenships: tuple[str, ...] = ()
    printable: bool = True  # has a name and a birth date, which the card shows


@dataclass(frozen=True)
class EmploymentFacts:
    """An employment in one sub-unit of one main unit."""

    orgnr: str
    main_orgnr: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class ApprovalFacts:
    """How a company stands in a register of Arbeidstilsynet.

    status: a `Status` of that register's answers; empty where the company is not in the register.
    """

    status: str = ""


@dataclass(frozen=True)
class PermitFacts:
    """What UDI says of a person: yes, no, unclear, or not_found; bound_to: what a yes is for."""

    access: str
    bound_to: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Exempt:
    """A requirement need not be met on these days.

    reason: a code with a text in `texts`; source: who says so, a key of `texts.SOURCES`; told:
    plain values that the text names; since: when it was granted or last seen. refused: the days on
    which a caseworker has answered no where a register's answer is unclear.
    """

    reason: str
    holds: DateRanges
    source: str
    told: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    refused: DateRanges = field(default_factory=DateRanges.never)


@dataclass(frozen=True)
class Facts:
    """All that is known when one person's card in one company is judged.

    unit: the sub-unit that the card is for, empty where nobody chose one. posted_work: what a
    foreign company has reported to OAR. roles: the codes of those that the person holds in the
    company, None where nobody has asked. exempt: by requirement, what the person or the company
    need not meet, and on which days.
    """

    orgnr: str  # of the main unit
    company: Answer[CompanyFacts]
    person: Answer[PersonFacts]
    employments: Answer[tuple[EmploymentFacts, ...]]
    cleaning: Answer[ApprovalFacts] = NOT_ASKED
    staffing: Answer[ApprovalFacts] = NOT_ASKED
    posted_work: Answer[tuple[EmploymentFacts, ...]] = NOT_ASKED
    permit: Answer[PermitFacts] = NOT_ASKED
    roles: Answer[frozenset[str]] | None = None
    exempt: Mapping[str, Exempt] = field(default_factory=dict)
    unit: str = ""
