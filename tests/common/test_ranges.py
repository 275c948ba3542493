from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.public_check.models import Entry
from hmskort.common import clock
from hmskort.common.ranges import DateRanges

FIRST = date(2026, 1, 1)
offsets = st.integers(0, 60)
spans = st.lists(st.tuples(offsets, offsets), max_size=5)


def ranges(pairs):
    days = DateRanges.never()
    for a, b in pairs:
        days |= DateRanges.between(FIRST + timedelta(a), FIRST + timedelta(b))
    return days


def days_of(pairs):
    return {n for a, b in pairs for n in range(a, b + 1)}


@given(spans, spans, offsets)
def test_ranges_behave_as_the_sets_of_their_days(one, other, n):
    day = FIRST + timedelta(n)
    assert (day in ranges(one)) == (n in days_of(one))
    assert (day in ranges(one) | ranges(other)) == (n in days_of(one) | days_of(other))
    assert (day in ranges(one) & ranges(other)) == (n in days_of(one) & days_of(other))


@given(spans)
def test_equal_sets_are_equal_however_they_were_made(pairs):
    assert ranges(pairs) == ranges(list(reversed(pairs)))
    assert ranges(pairs) | ranges(pairs) == ranges(pairs)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "days",
    [
        DateRanges.never(),
        DateRanges.always(),
        DateRanges.between(date(2026, 11, 21), None),
        DateRanges.between(None, date(2026, 11, 21)),
        DateRanges.between(date(2026, 1, 1), date(2026, 1, 1))
        | DateRanges.between(date(2026, 3, 1), date(2026, 4, 1)),
    ],
)
def test_the_database_keeps_a_set_of_days_as_it_was(days):
    Entry.objects.create(
        number="12345678", state="active", kind_code="bygg", valid_on=days, as_of=clock.now()
    )
    assert Entry.objects.get().valid_on == days
