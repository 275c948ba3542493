"""Which registers a requirement rests on, as far as what is known already shows.

A source is asked only where it can decide: UDI for those who need a permit, OAR for those whom a
foreign company has not employed here, roles where an owner may need no employment, or alone may
order.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from registers.renholdsregisteret.answers import Status as Cleaning
from registers.requirements.approvals import OWNERS
from registers.requirements.facts import Answer, Facts
from registers.requirements.work import is_foreign, is_free_to_work, works_here

COMPANY, PERSON, WORK = ("enhetsregisteret",), ("folkeregisteret",), ("aaregisteret",)
Need = Callable[[Facts, date], tuple[str, ...]]


def _company(facts: Facts, on: date) -> tuple[str, ...]:
    return COMPANY


def _person(facts: Facts, on: date) -> tuple[str, ...]:
    return PERSON


def _work(facts: Facts, on: date) -> tuple[str, ...]:
    if facts.employments.fact is None or works_here(facts, on):
        return (*COMPANY, *WORK)
    return (*COMPANY, *WORK, "oar" if is_foreign(facts) else "roller")


def _permit(facts: Facts, on: date) -> tuple[str, ...]:
    person = facts.person.fact
    needed = person is not None and person.exists and not is_free_to_work(facts)
    return (*PERSON, "udi") if needed else PERSON


def _cleaning(facts: Facts, on: date) -> tuple[str, ...]:
    alone = (
        facts.company.fact is not None
        and facts.company.fact.form in OWNERS
        and facts.cleaning.fact is not None
        and facts.cleaning.fact.status == Cleaning.APPROVED_WITHOUT_EMPLOYEES
    )
    return (*COMPANY, "roller") if alone else COMPANY


NEEDS: dict[str, Need] = {
    "company_exists": _company,
    "vat_registered": _company,
    "in_foretaksregisteret": _company,
    "staffing_approved": _company,
    "cleaning_approved": _cleaning,
    "person_exists": _person,
    "employed": _work,
    "may_work_in_norway": _permit,
}


def sources(facts: Facts, requirements: Iterable[str], on: date) -> tuple[str, ...]:
    """The sources of these requirements, each once."""
    return tuple(dict.fromkeys(each for name in requirements for each in NEEDS[name](facts, on)))


def answered_at(facts: Facts, source: str) -> datetime | None:
    """When that source last answered what is known here."""
    answers: dict[str, Answer[Any] | None] = {
        "enhetsregisteret": facts.company,
        "roller": facts.roles,
        "folkeregisteret": facts.person,
        "aaregisteret": facts.employments,
        "oar": facts.posted_work,
        "udi": facts.permit,
    }
    answer = answers[source]
    return answer.answered_at if answer else None
