"""Which companies a person may act for, and who may act for a company."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hmskort.accounts.models import Access, Authorisation, ListedCompany, Right, User
from hmskort.accounts.requests import Acting
from hmskort.common import clock
from registers.models import Person

PRECEDENCE = list(Access.Source)


@dataclass(frozen=True)
class Choice:
    """A company on the list of those a person may act for."""

    acting: Acting
    form: str = ""
    subunits: tuple[dict[str, str], ...] = ()

    def matches(self, sought: str) -> bool:
        """True when a name holds the text, or a number begins with it."""
        digits = "".join(sought.split())
        numbers = [self.acting.orgnr, *(unit["orgnr"] for unit in self.subunits)]
        if digits.isdecimal():
            return any(number.startswith(digits) for number in numbers)
        names = [self.acting.name, *(unit["name"] for unit in self.subunits)]
        return any(sought.casefold() in name.casefold() for name in names)


def acting(user: User, orgnr: str) -> Acting | None:
    """The company, when the user may act for it today."""
    if not orgnr or user.person_id is None or not user.is_active:
        return None
    found = _choices(_open(user.person_id).filter(main_orgnr=orgnr))
    return found[0].acting if found else None


def acting_among(user: User, orgnr: str) -> tuple[Acting | None, list[Acting]]:
    """The company, when the user may act for it today, and all they may act for, by name."""
    if user.person_id is None or not user.is_active:
        return None, []
    every = [choice.acting for choice in _choices(_open(user.person_id))]
    return next((acting for acting in every if acting.orgnr == orgnr), None), every


def companies_for(person: Person) -> list[Choice]:
    """Every company the person may act for today, by name, each once with its strongest reason."""
    return _choices(_open(person.pk))


def accesses_to(orgnr: str) -> QuerySet[Access]:
    """Those who may act for the company today, by role first."""
    return (
        Access.objects.filter(_holds_today(), main_orgnr=orgnr)
        .select_related("person__user", "given_by")
        .order_by("-source", "from_on", "id")
    )


def leaders_of(orgnr: str) -> list[str]:
    """The names of those who lead the company by a role in it, as far as they have logged in."""
    leading = accesses_to(orgnr).filter(source=Access.Source.ROLE)
    return [access.holder for access in leading]


def _open(person_id: UUID) -> QuerySet[Access]:
    listed = ListedCompany.objects.filter(orgnr=OuterRef("main_orgnr"))
    return Access.objects.filter(_holds_today(), person_id=person_id).annotate(
        company_name=Subquery(listed.values("name")),
        company_form=Subquery(listed.values("form")),
        subunits=Subquery(listed.values("subunits")),
        authorised=Exists(authorisations_on(clock.today()).filter(access=OuterRef("pk"))),
    )


def authorisations_on(day: date) -> QuerySet[Authorisation]:
    """Those that hold that day, and are given for every right that their access gives."""
    held = Authorisation.objects.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)
    return held.filter(rights__contains=F("access__rights"))


def _holds_today() -> Q:
    today = clock.today()
    in_force = Q(ended_at=None, suspended_at=None, surname="", from_on__lte=today)
    return in_force & (Q(to_on=None) | Q(to_on__gte=today))


def _choices(accesses: Iterable[Any]) -> list[Choice]:
    """One choice for each company, by name: the strongest reason, and the rights of all of them.

    Who is outside and not authorised prepares orders but blocks no card: nobody has said yet that
    it is they who do.
    """
    accesses = sorted(accesses, key=lambda access: PRECEDENCE.index(access.source))
    rights: dict[str, frozenset[str]] = {}
    for access in accesses:
        held = rights.get(access.main_orgnr, frozenset())
        given = frozenset(access.rights)
        rights[access.main_orgnr] = held | (given if _is_ready(access) else given - {Right.BLOCK})
    ready = {access.main_orgnr for access in accesses if _is_ready(access)}
    choices: dict[str, Choice] = {}
    for access in accesses:
        first = _choice(access, rights[access.main_orgnr], ready)
        choices.setdefault(access.main_orgnr, first)
    return sorted(choices.values(), key=lambda c: (c.acting.name.casefold(), c.acting.orgnr))


def _is_ready(access: Any) -> bool:
    return bool(access.authorised or not access.needs_authorisation)


def _choice(access: Any, rights: frozenset[str], ready: Collection[str]) -> Choice:
    return Choice(
        Acting(
            orgnr=access.main_orgnr,
            name=access.company_name or access.main_orgnr,
            source=Access.Source(access.source),
            role=access.role,
            until=access.to_on,
            rights=rights,
            authorised=access.main_orgnr in ready,
        ),
        form=access.company_form or "",
        subunits=tuple(access.subunits or ()),
    )
