"""Every question that a register is asked: how, how many at once, and where the answer goes."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from hmskort.common.sealed import fingerprint
from registers import facts
from registers.answers import NotFound
from registers.clients import client
from registers.enhetsregisteret.client import AT_ONCE as COMPANIES_AT_ONCE
from registers.folkeregisteret.answers import Person as PersonAnswer
from registers.folkeregisteret.client import AT_ONCE as PEOPLE_AT_ONCE
from registers.models import Person, PersonNumber
from registers.oar.answers import PostedWork
from registers.udi.answers import Access, RightToWork

COMPANY = frozenset({"enhetsregisteret", "roller", "underenheter"})  # all in Enhetsregisteret
PAIR = frozenset({"oar"})  # a person in a company
Call = Callable[[], object]
CallForMany = Callable[[], Mapping[str, object]]  # by subject; what is left out is asked alone
Store = Callable[[str, Any, datetime], Person | None]


def _no_end(answer: object) -> date | None:
    return None


@dataclass(frozen=True)
class Source:
    """register: which is called, and whose budget the calls use.

    ask: makes the call; the identity number and the register's one client are read there, so that
    the call itself can be made in any thread.

    store: what was answered becomes facts. It gives the row that the person goes on as, when the
    one asked about is, or turned out to be, an older row of somebody else's.

    ask_many: one call about as many subjects as `at_once` says. last_day: of what was granted for
    a period.
    """

    register: str
    ask: Callable[[str], Call]
    store: Store
    ask_many: Callable[[Collection[str]], CallForMany] | None = None
    at_once: int = 1
    last_day: Callable[[Any], date | None] = _no_end


def subject_of(source: str, *, person: object, orgnr: str) -> str:
    """What the question to that source is about, for a person (by id) in a main unit."""
    if source in COMPANY:
        return orgnr
    return f"{orgnr}:{person}" if source in PAIR else str(person)


def concerned(subject: str) -> str:
    """The company or person whose facts an answer changes: an orgnr or a person's id."""
    return subject.rpartition(":")[2]


def people_touched(answers: Iterable[tuple[str, str, object]]) -> set[uuid.UUID]:
    """Every row of a person that storing answers may write to: theirs, and one it turns into.

    answers: source, subject and what was answered.
    """
    told = [each for each in answers if each[0] not in COMPANY]
    asked = {uuid.UUID(concerned(subject)) for _, subject, _ in told}
    if not asked:
        return set()
    rows = Person.objects.filter(Q(pk__in=asked) | Q(same_as__in=asked))
    touched = {pk for row in rows.values_list("pk", "same_as") for pk in row if pk}
    people = [answer for _, _, answer in told if isinstance(answer, PersonAnswer)]
    if people:
        marks = {fingerprint(person.national_id) for person in people}
        numbers = PersonNumber.objects.filter(fingerprint__in=marks)
        touched |= set(numbers.values_list("person", flat=True))
    return touched


def _about_company(orgnr: str) -> Call:
    register = client("enhetsregisteret")
    return lambda: register.company(orgnr)


def _about_companies(orgnrs: Collection[str]) -> CallForMany:
    register = client("enhetsregisteret")
    return lambda: register.companies(orgnrs)


def _about_roles(orgnr: str) -> Call:
    register = client("enhetsregisteret")
    return lambda: register.roles(orgnr)


def _about_subunits(orgnr: str) -> Call:
    register = client("enhetsregisteret")
    return lambda: register.subunits(orgnr)


def _about_person(subject: str) -> Call:
    number = _number(subject)
    register = client("folkeregisteret")
    return lambda: register.person(number)


def _about_people(subjects: Collection[str]) -> CallForMany:
    register, numbers = client("folkeregisteret"), _numbers(subjects)

    def call() -> Mapping[str, object]:
        found = register.persons(set(numbers.values()))
        return {subject: found[number] for subject, number in numbers.items() if number in found}

    return call


def _about_employments(subject: str) -> Call:
    number = _number(subject)
    register = client("aaregisteret")
    return lambda: register.employments(number)


def _about_posted_work(subject: str) -> Call:
    orgnr, number = subject.partition(":")[0], _number(subject)
    register = client("oar")
    return lambda: register.posted_work(orgnr, number)


def _about_right_to_work(subject: str) -> Call:
    number = _number(subject)
    register = client("udi")
    return lambda: register.right_to_work(number)


def _number(subject: str) -> str:
    return _numbers([subject])[subject]


def _numbers(subjects: Collection[str]) -> dict[str, str]:
    """The number in use of each person, by subject; a person without one is left out."""
    asked = {subject: uuid.UUID(concerned(subject)) for subject in subjects}
    people = Person.objects.filter(pk__in=asked.values()).values_list("pk", "same_as")
    ones = {pk: same_as or pk for pk, same_as in people}
    rows = PersonNumber.objects.filter(person__in=ones.values(), current=True)
    numbers = {row.person_id: row for row in rows}
    return {
        subject: numbers[ones[pk]].national_id
        for subject, pk in asked.items()
        if ones.get(pk) in numbers
    }


def _of_person(store: Callable[[Person, Any, datetime], None]) -> Store:
    def stored(subject: str, answer: Any, at: datetime) -> Person | None:
        person = _person(subject)
        if person.same_as is None:  # else the answer may be to a number that is no longer theirs
            store(person, answer, at)
        return person.same_as

    return stored


def _of_company(store: Callable[[str, Any, datetime], None]) -> Store:
    def stored(subject: str, answer: Any, at: datetime) -> None:
        store(subject, answer, at)

    return stored


def _store_posted_work(subject: str, answer: Any, at: datetime) -> Person | None:
    person = _person(subject)
    if person.same_as is None:
        facts.store_posted_work(person, subject.partition(":")[0], answer)
    return person.same_as


def _person(subject: str) -> Person:
    return Person.objects.select_related("same_as").get(pk=uuid.UUID(concerned(subject)))


def _permit_ends(answer: object) -> date | None:
    if isinstance(answer, RightToWork) and answer.access == Access.YES:
        return answer.ends_on
    return None


def _posting_ends(answer: Sequence[PostedWork] | NotFound) -> date | None:
    """The last day of the last assignment; None where one has no end yet."""
    ends = [] if isinstance(answer, NotFound) else [row.ends_on for row in answer]
    return max((day for day in ends if day), default=None) if all(ends) else None


SOURCES: dict[str, Source] = {
    "enhetsregisteret": Source(
        "enhetsregisteret",
        _about_company,
        _of_company(facts.store_company),
        ask_many=_about_companies,
        at_once=COMPANIES_AT_ONCE,
    ),
    "roller": Source("enhetsregisteret", _about_roles, _of_company(facts.store_roles)),
    "underenheter": Source("enhetsregisteret", _about_subunits, _of_company(facts.store_subunits)),
    "folkeregisteret": Source(
        "folkeregisteret",
        _about_person,
        _of_person(facts.store_person),
        ask_many=_about_people,
        at_once=PEOPLE_AT_ONCE,
    ),
    "aaregisteret": Source("aaregisteret", _about_employments, _of_person(facts.store_employments)),
    "oar": Source("oar", _about_posted_work, _store_posted_work, last_day=_posting_ends),
    "udi": Source(
        "udi",
        _about_right_to_work,
        _of_person(facts.store_right_to_work),
        last_day=_permit_ends,
    ),
}
