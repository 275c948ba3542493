"""What orderers do when something happened on a lower floor."""

import uuid

from hmskort.accounts.orderers.actions import registering
from registers.models import Person


def merge_person(*, person: str, into: str) -> None:
    """Whoever had two users, by an old and a new number, has the BestillerIDs of both."""
    registering.merge(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )
