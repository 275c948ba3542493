"""What accounts do when something happened on a lower floor."""

import uuid

from hmskort.accounts import actions
from registers.models import Person


def merge_person(*, person: str, into: str) -> None:
    """Who logged in, or was let in, with an old number goes on with the new one."""
    actions.merge_person(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def refresh_accesses(*, orgnr: str) -> None:
    """Those who may act for the company have what Altinn says now."""
    actions.refresh_accesses_to(orgnr=orgnr)
