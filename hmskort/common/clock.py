"""The one clock. Times are aware and named `..._at`; dates are Oslo's and named `..._on`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

OSLO = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """The moment, aware, in UTC."""
    return timezone.now()  # noqa: TID251 - this is the one clock


def today() -> date:
    """The date in Oslo."""
    return now().astimezone(OSLO).date()


def oslo_date(at: datetime) -> date:
    """The Oslo date of a moment."""
    return at.astimezone(OSLO).date()
