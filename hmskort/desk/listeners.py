"""What the desk does when something happened on a lower floor. Each looks at the state first."""

import uuid

from hmskort.desk import intake, unclear
from hmskort.desk.merging import merge
from registers.models import Person, Verdict


def look_at(*, verdict: int) -> None:
    """Each unclear answer of the verdict has a case, while somebody needs the answer."""
    row = Verdict.objects.select_related("person__same_as", "kind").get(pk=verdict)
    for requirement in unclear.requirements_of(row):
        unclear.open_case(verdict=row, requirement=requirement)


def settle(*, source: str, subject: str) -> None:
    """Cases that waited for this are closed where the register now answers clearly, or get a name.

    source: the register. subject: an orgnr, or a person's id, alone or with an orgnr.
    """
    settle_many(source=source, subjects=[subject])


def settle_many(*, source: str, subjects: list[str]) -> None:
    """The same of many subjects at once."""
    for case in unclear.open_cases_about(subjects):
        unclear.close_if_clear(case=case)
    if source == "enhetsregisteret":
        intake.name_companies(orgnrs=subjects)


def merge_person(*, person: str, into: str) -> None:
    """Cases about an old number are about the person who has the new one."""
    merge(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )
