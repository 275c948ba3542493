"""When a card must be in the post: a table of days, as each reading of the sources counts them."""

from datetime import UTC, date, datetime

import pytest

from cards.production.rules import Counted, Promise, is_working_day, last_day
from hmskort.common import clock
from orders.actions.promising import broken_at

FOUR, FOUR_WORKING = Promise(4), Promise(4, Counted.WORKING)
FORTNIGHT = Promise(14)  # as some agreements had it

CASES = {
    # complete on            calendar days      working days       by agreement
    "a Monday": ("2026-11-02", "2026-11-06", "2026-11-06", "2026-11-16"),
    "a Thursday before a weekend": ("2026-11-05", "2026-11-09", "2026-11-11", "2026-11-19"),
    "a Saturday": ("2026-11-07", "2026-11-11", "2026-11-12", "2026-11-21"),
    "a Sunday": ("2026-11-08", "2026-11-12", "2026-11-12", "2026-11-22"),
    "the end of a month": ("2026-11-28", "2026-12-02", "2026-12-03", "2026-12-12"),
    "the end of February": ("2027-02-26", "2027-03-02", "2027-03-04", "2027-03-12"),
    "29 February": ("2028-02-29", "2028-03-04", "2028-03-06", "2028-03-14"),
    "before Easter": ("2027-03-24", "2027-03-28", "2027-04-02", "2027-04-07"),
    "before 1 May": ("2026-04-30", "2026-05-04", "2026-05-07", "2026-05-14"),
    "before Ascension": ("2027-05-05", "2027-05-09", "2027-05-12", "2027-05-19"),
    "the night when summer time begins": ("2027-03-27", "2027-03-31", "2027-04-02", "2027-04-10"),
    "before Christmas": ("2026-12-23", "2026-12-27", "2026-12-30", "2027-01-06"),
    "New Year's Eve": ("2026-12-31", "2027-01-04", "2027-01-07", "2027-01-14"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_last_day_on_which_a_card_is_sent_in_time(case):
    since, calendar, working, agreed = map(date.fromisoformat, CASES[case])
    assert last_day(FOUR, since) == calendar
    assert last_day(FOUR_WORKING, since) == working
    assert last_day(FORTNIGHT, since) == agreed


HOLIDAYS = (
    "2027-01-01", "2027-03-25", "2027-03-26", "2027-03-28", "2027-03-29", "2026-05-01",
    "2027-05-06", "2027-05-16", "2027-05-17", "2026-05-25", "2026-12-25", "2025-12-26",
)  # fmt: skip


@pytest.mark.parametrize("day", HOLIDAYS)
def test_nobody_works_on_a_public_holiday(day):
    assert not is_working_day(date.fromisoformat(day))


def test_the_days_beside_a_holiday_are_worked():
    worked = ["2027-01-04", "2027-03-24", "2027-03-30", "2027-05-18", "2026-12-24", "2026-12-28"]
    assert all(is_working_day(date.fromisoformat(day)) for day in worked)


@pytest.mark.parametrize(
    ("send_by", "broken"),
    [
        ("2026-11-06", "2026-11-06T23:00:00"),  # winter: Oslo is an hour ahead
        ("2027-07-06", "2027-07-06T22:00:00"),  # summer: two
        ("2027-03-27", "2027-03-27T23:00:00"),  # midnight before the night of 23 hours
        ("2027-03-28", "2027-03-28T22:00:00"),  # and the one after it
        ("2026-10-24", "2026-10-24T22:00:00"),  # before the night of 25 hours
        ("2026-10-25", "2026-10-25T23:00:00"),
    ],
)
def test_a_promise_is_broken_at_midnight_in_oslo(send_by, broken):
    at = broken_at(date.fromisoformat(send_by))
    assert at == datetime.fromisoformat(broken).replace(tzinfo=UTC)
    assert clock.oslo_date(at) > date.fromisoformat(send_by)
