"""What accounts do when something happened on a lower floor."""

import uuid

from hmskort.accounts import actions
from hmskort.accounts.delegation import actions as delegation
from hmskort.accounts.delegation import leaving
from hmskort.accounts.delegation.queries import those_with_access
from registers.models import Person


def merge_person(*, person: str, into: str) -> None:
    """Who logged in, or was let in, with an old number goes on with the new one."""
    actions.merge_person(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def follow_person(*, source: str, subject: str) -> None:
    """Access follows what the registers say of the person's name and work."""
    if source == "folkeregisteret":
        delegation.settle_names(person=subject)
    elif source == "aaregisteret":
        leaving.hear_of(person=subject)


def follow_people(*, source: str, subjects: list[str]) -> None:
    """The same of many whom a register told of at once; most have no access to anything."""
    if source in {"folkeregisteret", "aaregisteret"}:
        for subject in those_with_access(subjects):
            follow_person(source=source, subject=subject)


def follow_work(*, person: str) -> None:
    """A day has come after which the person may work here no longer, or a role has ended."""
    leaving.hear_of(person=person)


def refresh_accesses(*, orgnr: str) -> None:
    """Those who may act for the company have what Altinn says now."""
    actions.refresh_accesses_to(orgnr=orgnr)
