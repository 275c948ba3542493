"""Whose access there is to a company, and how each stands."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from hmskort.accounts.delegation.rules import AccessFacts, Standing, standing
from hmskort.accounts.models import Access, Authorisation, ListedCompany, User
from hmskort.accounts.queries import accesses_to, authorisations_on
from hmskort.common import clock

OPEN = frozenset(Standing) - {Standing.ENDED, Standing.RAN_OUT}
MOST_ENDED = 50  # shown of those who had access before


def every_access(orgnr: str) -> QuerySet[Access]:
    """All accesses there have been to the company, each with whether it is authorised today."""
    today = authorisations_on(clock.today()).filter(access=OuterRef("pk"))
    return (
        Access.objects.filter(main_orgnr=orgnr)
        .select_related("person__user", "person__same_as", "given_by")
        .prefetch_related("person__numbers")
        .annotate(is_authorised=Exists(today))
        .order_by("-source", "from_on", "id")
    )


def access_of(orgnr: str, pk: int) -> Access:
    """The company's access; another company's does not exist (404)."""
    return get_object_or_404(every_access(orgnr), pk=pk)


def delegation_of(orgnr: str, pk: int) -> Access:
    """A delegation that can be changed: neither over nor given by somebody else's register."""
    access = access_of(orgnr, pk)
    if access.source != Access.Source.DELEGATION or standing_of(access) not in OPEN:
        raise Http404
    return access


def authorisation_of(access: Access, pk: int) -> Authorisation:
    """A stored paper of this access."""
    return get_object_or_404(access.authorisations.exclude(file=""), pk=pk)


def standing_of(access: Any) -> Standing:
    """How it stands today. access: of `every_access`."""
    facts = AccessFacts(
        from_on=access.from_on,
        to_on=access.to_on,
        ended=access.ended_at is not None,
        suspended=access.suspended_at is not None,
        name_awaited=bool(access.surname),
        authorised=access.is_authorised or not access.needs_authorisation,
    )
    return standing(facts, clock.today())


def those_with_access(people: Collection[str]) -> list[str]:
    """Of these people (by id), those who were let in by somebody, and may act for a company."""
    held = Access.objects.filter(person__in=[UUID(person) for person in people], ended_at=None)
    given = held.exclude(source=Access.Source.ROLE)
    return [str(pk) for pk in given.order_by("person").values_list("person", flat=True).distinct()]


def name_of(orgnr: str) -> str:
    """What the company is called on lists."""
    listed = ListedCompany.objects.filter(pk=orgnr).first()
    return listed.name if listed else orgnr


def leaders_with_mail(orgnr: str) -> list[User]:
    """Those who lead the company by a role, and have an e-mail address here."""
    leading = accesses_to(orgnr).filter(source=Access.Source.ROLE)
    users: Iterable[User | None] = (getattr(row.person, "user", None) for row in leading)
    return [user for user in users if user and user.email]
