"""When a card must be in the post: the promise, dated and sourced, and how its days are counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.easter import easter  # type: ignore[import-untyped]

from hmskort.common.dated import Dated

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# New Year, 1 and 17 May, and two days of Christmas; LOV-1995-02-24-12 § 2 and LOV-1947-04-26-1.
HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)})
# Maundy Thursday, Good Friday, two days of Easter, Ascension, two days of Whitsun; the same.
FROM_EASTER = tuple(timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50))


class Counted(StrEnum):
    """Which days a promise counts."""

    CALENDAR = "calendar"  # every day in Oslo
    WORKING = "working"  # not Saturdays, Sundays and public holidays


@dataclass(frozen=True)
class Promise:
    """A card is in the post within so many days after the day on which it could be made."""

    days: int
    counted: Counted = Counted.CALENDAR


SENT_WITHIN = (Dated(date(2017, 3, 1), Promise(4), "byggekort.no, Veiledning, § 4.2, punkt 7"),)
"""From the day that a line is paid, complete and met; later is half price. 001 says *4 dager*;
where working days are meant, it is `Promise(4, Counted.WORKING)` from a date."""


def last_day(promise: Promise, since: date) -> date:
    """The last day on which the card is in the post in time. `since` itself is not counted."""
    if promise.counted == Counted.CALENDAR:
        return since + promise.days * ONE_DAY
    day = since
    for _ in range(promise.days):
        day += ONE_DAY
        while not is_working_day(day):
            day += ONE_DAY
    return day


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor a public holiday in Norway."""
    moving = {easter(day.year) + offset for offset in FROM_EASTER}
    return day.weekday() < SATURDAY and (day.month, day.day) not in HOLIDAYS and day not in moving
