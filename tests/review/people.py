"""Reviewers as actors."""

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor, ActorKind


def staff_actor(user: User) -> Actor:
    return Actor(ActorKind.STAFF, id=str(user.pk))
