"""Every question that a register is asked about one subject: how, and where the answer goes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registers import facts
from registers.clients import client
from registers.models import Person

COMPANY = frozenset({"enhetsregisteret", "roller"})  # both in Enhetsregisteret
PAIR = frozenset({"oar"})  # a person in a company
Call = Callable[[], object]


@dataclass(frozen=True)
class Source:
    """ask: makes the call; the identity number is read there and nowhere kept.

    store: what was answered becomes facts. It gives the row that the person goes on as, when the
    one asked about is, or turned out to be, an older row of somebody else's.
    """

    ask: Callable[[str], Call]
    store: Callable[[str, Any, datetime], Person | None]


def subject_of(source: str, *, person: object, orgnr: str) -> str:
    """What the question to that source is about, for a person (by id) in a main unit."""
    if source in COMPANY:
        return orgnr
    return f"{orgnr}:{person}" if source in PAIR else str(person)


def concerned(subject: str) -> str:
    """The company or person whose facts an answer changes: an orgnr or a person's id."""
    return subject.rpartition(":")[2]


def _about_company(orgnr: str) -> Call:
    return lambda: client("enhetsregisteret").company(orgnr)


def _about_roles(orgnr: str) -> Call:
    return lambda: client("enhetsregisteret").roles(orgnr)


def _about_person(subject: str) -> Call:
    number = _number(subject)
    return lambda: client("folkeregisteret").person(number)


def _about_employments(subject: str) -> Call:
    number = _number(subject)
    return lambda: client("aaregisteret").employments(number)


def _about_posted_work(subject: str) -> Call:
    orgnr, number = subject.partition(":")[0], _number(subject)
    return lambda: client("oar").posted_work(orgnr, number)


def _about_right_to_work(subject: str) -> Call:
    number = _number(subject)
    return lambda: client("udi").right_to_work(number)


def _number(subject: str) -> str:
    return Person.objects.get(pk=uuid.UUID(concerned(subject))).national_id


def _of_person(
    store: Callable[[Person, Any, datetime], None],
) -> Callable[[str, Any, datetime], Person | None]:
    def stored(subject: str, answer: Any, at: datetime) -> Person | None:
        person = _locked(subject)
        if person.same_as is None:  # else the answer may be to a number that is no longer theirs
            store(person, answer, at)
        return person.same_as

    return stored


def _of_company(
    store: Callable[[str, Any, datetime], None],
) -> Callable[[str, Any, datetime], Person | None]:
    def stored(subject: str, answer: Any, at: datetime) -> None:
        store(subject, answer, at)

    return stored


def _store_posted_work(subject: str, answer: Any, at: datetime) -> Person | None:
    person = _locked(subject)
    if person.same_as is None:
        facts.store_posted_work(person, subject.partition(":")[0], answer)
    return person.same_as


def _locked(subject: str) -> Person:
    people = Person.objects.select_for_update(of=("self",)).select_related("same_as")
    return people.get(pk=uuid.UUID(concerned(subject)))


SOURCES: dict[str, Source] = {
    "enhetsregisteret": Source(_about_company, _of_company(facts.store_company)),
    "roller": Source(_about_roles, _of_company(facts.store_roles)),
    "folkeregisteret": Source(_about_person, _of_person(facts.store_person)),
    "aaregisteret": Source(_about_employments, _of_person(facts.store_employments)),
    "oar": Source(_about_posted_work, _store_posted_work),
    "udi": Source(_about_right_to_work, _of_person(facts.store_right_to_work)),
}
