"""Aa-registeret has no feed: employers whose people have cards are read again, oldest first."""

import logging
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from hmskort.common import clock
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import facts, traffic
from registers.aaregisteret.answers import Employment as Answered
from registers.clients import client
from registers.models import Employer, Employment, Lookup, Person
from registers.persons import people_with

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)


@inside_transaction
def follow(*, orgnr: str, until: date) -> None:
    """The main unit's employments are read again and again, until that day at least."""
    _, made = Employer.objects.get_or_create(orgnr=orgnr, defaults={"until_on": until})
    if not made:
        Employer.objects.filter(pk=orgnr, until_on__lt=until).update(until_on=until)


def reread(budget: int) -> int:
    """The employers that have waited longest are read again; as many as the budget allows."""
    if traffic.rests("aaregisteret"):
        return 0
    employers = _claim(budget)
    for number, employer in enumerate(employers):
        try:
            _reread(employer)
        except traffic.NoRoom:
            _leave([each.pk for each in employers[number:]])
            return number
    return len(employers)


def _claim(budget: int) -> list[Employer]:
    with transaction.atomic():
        due = list(
            Employer.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=clock.now(), until_on__gte=clock.today())
            .order_by("due_at")[:budget]
        )
        keys = [employer.pk for employer in due]
        Employer.objects.filter(pk__in=keys).update(due_at=clock.now() + LEASE)
    return due


def _leave(orgnrs: Collection[str]) -> None:
    """They are due as they were: the register's budget has no room for them."""
    Employer.objects.filter(pk__in=orgnrs).update(due_at=clock.now())


def _reread(employer: Employer) -> None:
    at = clock.now()
    try:
        with traffic.one_call("aaregisteret"):
            rows = list(client("aaregisteret").employed_in(employer.orgnr))
    except traffic.NoRoom:
        raise
    except ServiceError as trouble:
        log.warning("aaregisteret cannot be read: %s", trouble.what)
        Employer.objects.filter(pk=employer.pk).update(trouble=trouble.what[:200])
    else:
        _keep(employer, rows, at)


@owns_transaction
def _keep(employer: Employer, rows: Iterable[Answered], at: datetime) -> None:
    """What the employer reports of people we know is stored; only those who differ are touched."""
    held: dict[Person, set[tuple[object, ...]]] = {}
    for row in _open_employments(employer.orgnr, at).select_related("person"):
        held.setdefault(row.person, set()).add((row.register_id, row.starts_on, row.ends_on))
    told, changed = _by_person(rows, held), []
    for person in sorted(told.keys() | held.keys(), key=lambda each: each.pk):
        now = {(row.register_id, row.starts_on, row.ends_on) for row in told.get(person, [])}
        if now != held.get(person, set()) and _change(employer, person, told.get(person, []), at):
            changed.append(str(person.pk))
    facts.tell_of_work(changed, key=f"employer:{employer.orgnr}", at=at)
    Employer.objects.filter(pk=employer.pk).update(
        read_at=at, trouble="", due_at=at + timedelta(seconds=settings.EMPLOYER_REREAD_S)
    )


@inside_transaction
def _change(employer: Employer, person: Person, rows: list[Answered], at: datetime) -> bool:
    """False where the register has told of the person alone since the employer was asked about."""
    Person.objects.select_for_update().get(pk=person.pk)
    told_alone = Lookup.objects.filter(source="aaregisteret", subject=str(person.pk))
    if told_alone.filter(answered_at__gt=at).exists():
        return False
    facts.store_employments(person, rows, at, main_orgnr=employer.orgnr)
    return True


def _by_person(rows: Iterable[Answered], held: Collection[Person]) -> dict[Person, list[Answered]]:
    """By person, of those whose employments somebody has asked about; no others are kept.

    held: those of whom the company's own list was read (`registers.staff`).
    """
    every = list(rows)
    known = people_with({row.national_id for row in every})
    subjects = {str(person.pk) for person in known.values()}
    lookups = Lookup.objects.filter(source="aaregisteret", subject__in=subjects)
    asked = set(lookups.values_list("subject", flat=True))
    found: dict[Person, list[Answered]] = {}
    for row in every:
        person = known.get(row.national_id)
        if person and (person in held or str(person.pk) in asked):
            found.setdefault(person, []).append(row)
    return found


def _open_employments(orgnr: str, at: datetime) -> QuerySet[Employment]:
    """Those that had not ended: the register tells of no others."""
    today = clock.oslo_date(at)
    return Employment.objects.filter(main_orgnr=orgnr).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
