"""Everyone employed in a company, read in one question to Aa-registeret when somebody asks."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet

from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import facts, traffic
from registers.aaregisteret.answers import Employment as Answered
from registers.clients import client
from registers.models import Employment, Lookup, Person
from registers.persons import people_for

Told = tuple[str, str, date, date | None]  # id in the register, sub-unit, first and last day


def read(orgnr: str) -> datetime:
    """Who is employed in the main unit is stored; the time that it is true of.

    People whom nobody has asked about before become known here: whoever orders for the company
    has asked for all of them.

    Raises:
        traffic.NoRoom: nobody was called: the register's budget is spent.
        ServiceError: the register gave no usable answer; nothing has changed.
    """
    at = clock.now()
    with traffic.one_call("aaregisteret"):
        rows = list(client("aaregisteret").employed_in(orgnr))
    _keep(orgnr, rows, at)
    return at


def employments_in(orgnr: str, on: date) -> QuerySet[Employment]:
    """Employments in the main unit that have not ended, also those that begin later."""
    return Employment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), main_orgnr=orgnr)


@owns_transaction
def _keep(orgnr: str, rows: Iterable[Answered], at: datetime) -> None:
    told = _by_person(rows)
    before = employments_in(orgnr, clock.oslo_date(at)).select_related("person")
    held: dict[Person, set[Told]] = {}
    for row in before:
        held.setdefault(row.person, set()).add(_told(row))
    now = {person: {_told(row) for row in answered} for person, answered in told.items()}
    facts.store_staff(orgnr, told, at)
    changed = {p for p in now.keys() | held.keys() if now.get(p, set()) != held.get(p, set())}
    _tell(orgnr, changed, at)


def _by_person(rows: Iterable[Answered]) -> Mapping[Person, list[Answered]]:
    every = list(rows)
    people = people_for([row.national_id for row in every])
    found: dict[Person, list[Answered]] = {}
    for person, row in zip(people, every, strict=True):
        found.setdefault(person, []).append(row)
    return found


def _told(row: Answered | Employment) -> Told:
    return row.register_id, row.orgnr, row.starts_on, row.ends_on


@inside_transaction
def _tell(orgnr: str, changed: Iterable[Person], at: datetime) -> None:
    """Of whom nobody had asked about before, nothing rests on the answer yet."""
    subjects = {str(person.pk) for person in changed}
    asked = Lookup.objects.filter(source="aaregisteret", subject__in=subjects)
    rested_on = sorted(asked.values_list("subject", flat=True))
    facts.tell_of_work(rested_on, key=f"staff:{orgnr}", at=at)
