"""What is granted for a period is asked about again near its end; work follows what ends."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.store import Store
from registers import lookups, periods
from registers.models import Lookup, PostedWork, RightToWork
from registers.oar.simulator import ROWS
from registers.persons import person_for
from registers.questions import subject_of
from registers.udi.simulator import PERMITS, permit

LAST_DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("today", "next_day"),
    [
        (date(2026, 1, 1), date(2026, 5, 31)),
        (date(2026, 5, 30), date(2026, 5, 31)),
        (date(2026, 5, 31), date(2026, 6, 23)),
        (date(2026, 6, 23), LAST_DAY),
        (LAST_DAY, date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 7)),
        (date(2026, 7, 7), date(2026, 7, 30)),
        (date(2026, 7, 30), None),
    ],
)
def test_it_is_asked_about_before_the_end_at_it_and_a_while_after(today, next_day):
    assert periods.next_asking(LAST_DAY, today) == next_day
    assert periods.next_asking(None, today) is None


def asked(source, case, company="NUF"):
    person = person_for(world.person(case).national_id)
    orgnr = world.company(company).orgnr
    subject = subject_of(source, person=person.pk, orgnr=orgnr)
    with transaction.atomic():
        lookups.want({(source, subject)}, not_older_than=clock.now())
    lookups.ask_due()
    return Lookup.objects.get(source=source, subject=subject)


def next_day_for(lookup, time_machine):
    lookup.refresh_from_db()
    at = clock.now() + (lookup.again_on - clock.today())
    time_machine.move_to(at, tick=False)


@pytest.mark.django_db
def test_a_permit_that_was_prolonged_is_known_before_it_would_have_ended(time_machine):
    lookup = asked("udi", "permit ends in 10 days")
    assert lookup.again_on == clock.today() + timedelta(days=3)
    longer = (clock.today() + timedelta(days=700)).isoformat()
    number = world.person("permit ends in 10 days").national_id
    Store().put(PERMITS, number, permit("Ja", ends=longer))
    assert periods.ask_again(10) == 0  # not yet
    next_day_for(lookup, time_machine)
    assert periods.ask_again(10) == 1
    lookups.ask_due()
    assert RightToWork.objects.get().ends_on == date.fromisoformat(longer)
    lookup.refresh_from_db()
    assert lookup.again_on == date.fromisoformat(longer) - timedelta(days=30)


@pytest.mark.django_db
def test_an_assignment_that_was_prolonged_is_known_too(time_machine):
    number = world.person("posted worker").national_id
    (key, row) = next(
        (key, row) for key, row in Store().all(ROWS) if row["foedselsEllerDNummer"] == number
    )
    soon = (clock.today() + timedelta(days=2)).isoformat()
    Store().put(ROWS, key, row | {"sluttdato": soon})
    lookup = asked("oar", "posted worker")
    Store().put(ROWS, key, row)
    next_day_for(lookup, time_machine)
    assert clock.today() == date.fromisoformat(soon)
    periods.ask_again(10)
    lookups.ask_due()
    assert PostedWork.objects.get().ends_on is None
    lookup.refresh_from_db()
    assert lookup.again_on is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "case"),
    [("udi", "cleaner outside EEA"), ("udi", "permit refused"), ("oar", "posted worker")],
)
def test_what_has_no_end_is_not_asked_about_again(source, case):
    assert asked(source, case).again_on is None


@pytest.mark.django_db
def test_those_that_have_waited_longest_come_first_within_the_budget():
    today = clock.today()
    for days in range(5):
        Lookup.objects.create(
            source="udi", subject=str(days), again_on=today - timedelta(days=days), due_at=None
        )
    assert periods.ask_again(2) == 2
    due = Lookup.objects.exclude(due_at=None).values_list("subject", flat=True)
    assert set(due) == {"4", "3"}
    assert periods.ask_again(10) == 3
    assert periods.ask_again(10) == 0
