"""What law and policy say of a card, as dated values with their source. No clock, no database."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from cards.states import CardState, Standing
from hmskort.common.dated import Dated, in_force

LAW = "FOR-2007-03-30-366 § 8; FOR-2012-05-08-408 § 11"
GUIDE = "byggekort.no, Veiledning, § 1"

VALIDITY_YEARS = (Dated(since=date(2008, 1, 1), value=2, source=LAW),)
RENEWAL_MONTHS = (Dated(since=date(2008, 1, 1), value=3, source=GUIDE),)
"""The last months in which a person may get a second card for the same company."""


class ReplacedWhen(StrEnum):
    """When the old card is blocked because a new one takes its place."""

    CONFIRMED = "confirmed"  # the new one is issued, that is confirmed for production
    DISPATCHED = "dispatched"  # the new one has gone in the post


REPLACED_WHEN = (Dated(since=date(2008, 1, 1), value=ReplacedWhen.CONFIRMED, source=GUIDE),)


def last_valid_day(issued_on: date) -> date:
    """The same day two years later; 29 February becomes 28."""
    return months_from(issued_on, 12 * in_force(VALIDITY_YEARS, issued_on).value)


def renewable_from(expires_on: date) -> date:
    """The first day on which a new card may be ordered beside one that expires then."""
    return months_from(expires_on, -in_force(RENEWAL_MONTHS, expires_on).value)


def months_from(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(*, state: CardState, expires_on: date, holds: bool, on: date) -> Standing:
    """How the card stands that day. What somebody did to it goes before what the calendar did.

    holds: whether all requirements hold that day, as the registers last said.
    """
    match state:
        case CardState.ISSUED:
            return Standing.ORDERED
        case CardState.PRODUCED if on > expires_on:
            return Standing.EXPIRED
        case CardState.PRODUCED:
            return Standing.VALID if holds else Standing.REQUIREMENTS
        case _:
            return Standing(state.value)
