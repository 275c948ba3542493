"""Which exemptions a company and a person may have: plain Python over stored facts.

A condition that names nothing asks for nothing. What is not known never fulfils a condition.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

ANY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conditions:
    """What a kind of exemption asks of a company. Months are its age since registration.

    industries: beginnings of the company's main NACE code.
    """

    forms: frozenset[str] = ANY
    sector_codes: frozenset[str] = ANY
    industries: frozenset[str] = ANY
    municipalities: frozenset[str] = ANY
    months_at_least: int | None = None
    months_below: int | None = None


@dataclass(frozen=True)
class CompanyFacts:
    """What Enhetsregisteret says of a main unit, as far as conditions ask."""

    form: str = ""
    sector_code: str = ""
    industry: str = ""  # the main NACE code
    municipality: str = ""
    registered_on: date | None = None


@dataclass(frozen=True)
class Holder:
    """A person, as Folkeregisteret or a role tells of them."""

    given_names: str
    surname: str
    birth_date: date | None


@dataclass(frozen=True)
class Role:
    """A role that is in force."""

    code: str
    holder: Holder


def fits(conditions: Conditions, company: CompanyFacts, on: date) -> bool:
    """The company is one that this kind of exemption is for."""
    return (
        _is_among(company.form, conditions.forms)
        and _is_among(company.sector_code, conditions.sector_codes)
        and _is_among(company.municipality, conditions.municipalities)
        and (not conditions.industries or company.industry.startswith(tuple(conditions.industries)))
        and _is_of_age(company, conditions, on)
    )


def months_old(registered_on: date, on: date) -> int:
    """Whole months since the company was registered."""
    months = (on.year - registered_on.year) * 12 + on.month - registered_on.month
    return months - (on.day < registered_on.day)


def has_role(person: Holder, roles: Iterable[Role], codes: Collection[str]) -> bool:
    """The person holds one of the roles.

    The open register has no identity number. A role is the person's when birth date and surname
    are the same and so is the first given name: middle names are written in some registers only.
    """
    return any(role.code in codes and _same(person, role.holder) for role in roles)


def _same(one: Holder, other: Holder) -> bool:
    return (
        one.birth_date is not None
        and one.birth_date == other.birth_date
        and _plain(one.surname) == _plain(other.surname) != ""
        and _first(one.given_names) == _first(other.given_names) != ""
    )


def _first(names: str) -> str:
    return next(iter(_plain(names).split()), "")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _is_among(value: str, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def _is_of_age(company: CompanyFacts, conditions: Conditions, on: date) -> bool:
    if conditions.months_at_least is None and conditions.months_below is None:
        return True
    if company.registered_on is None:
        return False
    age = months_old(company.registered_on, on)
    least, below = conditions.months_at_least or 0, conditions.months_below
    return least <= age and (below is None or age < below)
