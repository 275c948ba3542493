"""What orderers do when something happened on a lower floor."""

import uuid

from hmskort.accounts.models import User
from hmskort.accounts.orderers.actions import codes, registering
from hmskort.audit.actor import SYSTEM
from registers.models import Person


def merge_person(*, person: str, into: str) -> None:
    """Whoever had two users, by an old and a new number, has the BestillerIDs of both."""
    registering.merge(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def void_codes(*, user: str) -> None:
    """Whoever logs in with ID-porten needs no code, and none opens their account."""
    codes.void_all(user=User.objects.get(pk=user), actor=SYSTEM)
