"""How a delegated access stands, and when it is warned of."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hmskort.common.dated import Dated, in_force

# Before the last day, so that another can be given in time.
WARNED_BEFORE = (Dated(date(2020, 1, 1), timedelta(days=14), "Vår egen; F034, F035"),)
# What a digital authorisation must say: byggekort.no, Veiledning, § 2.
LONGEST = timedelta(days=3 * 365)  # ours: an end that nobody remembers is none
AUTHORISATION_KEPT = (
    Dated(
        date(1980, 1, 1),
        timedelta(days=3 * 365),
        "foreldelsesloven § 2: krav foreldes etter tre år, så lenge kan det spørres hva den gjaldt",
    ),
)


def authorisations_go_before(today: date) -> date:
    """Authorisations that stopped holding before that day are deleted."""
    return today - in_force(AUTHORISATION_KEPT, today).value


class Standing(StrEnum):
    """How an access stands today."""

    NAME_AWAITED = "name_awaited"
    COMING = "coming"
    UNAUTHORISED = "unauthorised"
    HOLDS = "holds"
    SUSPENDED = "suspended"
    RAN_OUT = "ran_out"
    ENDED = "ended"


@dataclass(frozen=True)
class AccessFacts:
    """What decides how an access stands."""

    from_on: date
    to_on: date | None
    ended: bool = False
    suspended: bool = False
    name_awaited: bool = False
    authorised: bool = True  # or needs no authorisation


def standing(facts: AccessFacts, on: date) -> Standing:
    """How the access stands that day: the first that is true of it."""
    if facts.ended:
        return Standing.ENDED
    if facts.to_on is not None and facts.to_on < on:
        return Standing.RAN_OUT
    if facts.suspended:
        return Standing.SUSPENDED
    if facts.name_awaited:
        return Standing.NAME_AWAITED
    if on < facts.from_on:
        return Standing.COMING
    return Standing.HOLDS if facts.authorised else Standing.UNAUTHORISED


class Work(StrEnum):
    """What Aa-registeret has said of a person's work in a company."""

    UNKNOWN = "unknown"  # it has not answered: nothing is concluded
    WORKS = "works"  # now, or from a day to come
    LEFT = "left"  # worked there while they had the access, and does no longer
    NEVER = "never"  # was not employed there while they had the access


def work(
    periods: list[tuple[date, date | None]], *, answered: bool, employed: bool, on: date
) -> Work:
    """Whether a person works in the company.

    periods: first and last day of each employment there. employed: the register has said before
    that they worked there while they had the access.
    """
    if any(last is None or on <= last for _, last in periods):
        return Work.WORKS
    if employed:
        return Work.LEFT
    return Work.NEVER if answered else Work.UNKNOWN
