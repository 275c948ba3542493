"""The list of everyone employed, as it stands: rows that were judged, with card and open line.

A page is found by key, and costs the same whatever the number of employees.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from cards.second_card import all_usable_cards
from hmskort.common import clock, paging
from hmskort.common.templatetags.portal import orgnr
from orders.models import Line, StaffCheck, StaffStanding
from orders.people.second_card import in_an_order, too_early
from orders.states import LINE_OPEN
from registers.models import Person
from registers.requirements.findings import Found

NEVER_A_CARD = frozenset({"dead", "number_ended", "person_not_found"})
Told = dict[str, Any]  # a finding as it is stored


class Stands(StrEnum):
    """How an employee stands; also what the list is filtered by."""

    READY = "klar"
    MISSING = "mangler"
    WAITING = "venter"  # a register has not answered
    ORDERED = "bestilt"
    CARD = "kort"


MOST_TO_DO_FIRST = (Stands.MISSING, Stands.WAITING, Stands.READY, Stands.ORDERED, Stands.CARD)
SORTS = {"navn": ("by_name", "person_id"), "status": ("rank", "by_name", "person_id")}


@dataclass(frozen=True)
class Employee:
    """One who is employed. obstacle: why nobody can order for them now, in words."""

    person: Person
    stands: Stands
    findings: list[Told]  # of the person; those of the company stand by themselves
    card: str = ""  # its number
    obstacle: str = ""
    units: tuple[str, ...] = ()  # where they work; empty where it is all one unit

    @property
    def may_be_ordered_for(self) -> bool:
        """False where nothing that the employer can do leads to a card."""
        hopeless = any(finding["reason"] in NEVER_A_CARD for finding in self.findings)
        return not self.obstacle and not hopeless


@dataclass(frozen=True)
class Counted:
    """How many stand how. asking: about how many an answer is on its way."""

    by_standing: Mapping[str, int]
    asking: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_standing.values())

    @property
    def answered(self) -> int:
        return self.total - self.asking

    @property
    def ready(self) -> int:
        """For how many a card can be ordered now."""
        return self.count(Stands.READY)

    def count(self, stands: str) -> int:
        return self.by_standing.get(stands, 0)


@dataclass(frozen=True)
class Page:
    """One page of the list. after, before: cursors, empty where there is no neighbour."""

    employees: list[Employee]
    after: str = ""
    before: str = ""


NOBODY, EMPTY = Counted({}), Page([])


def seen(check: StaffCheck) -> str:
    """What the list shows as it stands now: another text once somebody was judged again."""
    shown = [check.asked_at, check.read_at, check.trouble, check.judged_at, check.judged_on]
    return hashlib.sha256("|".join(map(str, [*shown, clock.today()])).encode()).hexdigest()[:16]


def counted(check: StaffCheck) -> Counted:
    """How many stand how, in one query."""
    rows = _standings(check).order_by().values("stands")
    groups = list(rows.annotate(all=Count("pk"), waiting=Count("pk", filter=Q(asking=True))))
    return Counted(
        {group["stands"]: group["all"] for group in groups},
        sum(group["waiting"] for group in groups),
    )


def page_of(check: StaffCheck, wanted: Mapping[str, str]) -> Page:
    """The page that the address asks for.

    wanted: `vis` (a `Stands`), `sorter` (navn, or status: what needs most doing first), `etter` and
    `for` (cursors).
    """
    rows = _shown(check)
    if shown := wanted.get("vis"):
        rows = rows.filter(stands=shown) if shown in set(Stands) else rows.none()
    sort = SORTS.get(wanted.get("sorter", ""), SORTS["navn"])
    found = paging.page(rows, sort, wanted)
    return Page([_employee(row, check) for row in found.rows], found.after, found.before)


def these(check: StaffCheck, ids: Collection[str]) -> list[Employee]:
    """Employees of this company who may be ordered for; whoever else was asked for is nobody."""
    rows = _shown(check).filter(person__in=filter(None, map(_uuid, ids))).order_by(*SORTS["navn"])
    return [one for one in (_employee(row, check) for row in rows) if one.may_be_ordered_for]


def ready(check: StaffCheck) -> list[Employee]:
    """Whom a card can be ordered for now."""
    rows = _shown(check).filter(stands=Stands.READY).order_by(*SORTS["navn"])
    return [_employee(row, check) for row in rows]


def everyone(check: StaffCheck) -> list[Employee]:
    """Everyone, in the order of their names."""
    return [_employee(row, check) for row in _shown(check).order_by(*SORTS["navn"])]


def _standings(check: StaffCheck) -> QuerySet[Any]:
    """Each employee with what can be read at any time: whether they have a card, or are ordered."""
    cards = all_usable_cards(check.orgnr, clock.today()).filter(person=OuterRef("person"))
    lines = Line.objects.filter(
        person=OuterRef("person"), orgnr=check.orgnr, state__in=sorted(LINE_OPEN)
    )
    card = JSONObject(number="number", expires_on="expires_on", renewable_from="renewable_from")
    line = JSONObject(state="state", order="order__reference")
    return StaffStanding.objects.filter(staff=check).annotate(
        card=Subquery(cards.values(told=card)[:1]),
        line=Subquery(lines.values(told=line)[:1]),
        stands=Case(
            When(card__isnull=False, then=Value(Stands.CARD.value)),
            When(line__isnull=False, then=Value(Stands.ORDERED.value)),
            When(outcome=Found.MET, then=Value(Stands.READY.value)),
            When(outcome=Found.NOT_MET, then=Value(Stands.MISSING.value)),
            default=Value(Stands.WAITING.value),
        ),
    )


def _shown(check: StaffCheck) -> QuerySet[Any]:
    ranks = [When(stands=each, then=Value(n)) for n, each in enumerate(MOST_TO_DO_FIRST)]
    rows: QuerySet[Any] = _standings(check).annotate(rank=Case(*ranks, output_field=IntegerField()))
    return rows.select_related("person__same_as").prefetch_related("person__numbers")


def _employee(row: Any, check: StaffCheck) -> Employee:
    """row: a `StaffStanding` with its card and its line."""
    company = {finding["requirement"] for finding in check.company}
    units = row.units if len(check.units) > 1 else []
    return Employee(
        person=row.person,
        stands=Stands(row.stands),
        findings=[each for each in row.findings if each["requirement"] not in company],
        card=row.card["number"] if row.card else "",
        obstacle=_obstacle(row),
        units=tuple(check.units.get(unit) or orgnr(unit) for unit in units),
    )


def _obstacle(row: Any) -> str:
    if row.line:
        return in_an_order(row.line["state"], row.line["order"])
    if row.card:
        last, first = (
            date.fromisoformat(row.card[day]) for day in ("expires_on", "renewable_from")
        )
        return too_early(last, first) if first > clock.today() else ""
    return ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
