"""What an anonymous check may say. No clock, no database."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hmskort.common.dated import Dated, in_force

SOLE_PROPRIETOR = "ENK"  # the name of such a company is a person's


class Status(StrEnum):
    """The answer. New ones may be added; a program must take an unknown one for *not valid*."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    UNDER_ORDER = "under_order"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why, in one word: the class of reason, never the reason."""

    NONE = ""
    BLOCKED = "blocked"
    EXPIRED = "expired"
    REQUIREMENTS = "requirements"
    NOT_FOUND = "not_found"
    CHECK_DIGIT = "check_digit"
    NOT_A_NUMBER = "not_a_number"
    WITHDRAWN = "withdrawn"


class Shows(StrEnum):
    """How much the answer tells beside the status."""

    COMPANY = "company"
    VALIDITY = "validity"


SHOWS = (Dated(since=date(2008, 1, 1), value=Shows.COMPANY, source="FOR-2007-03-30-366 §§ 5, 8"),)
REASON_SHOWN = (Dated(since=date(2008, 1, 1), value=True, source="FOR-2007-03-30-366 § 8"),)
ACCEPTED_ON_SITES = (
    Dated(
        since=date(2012, 9, 1),
        value=frozenset({"bygg", "renhold"}),
        source="FOR-2007-03-30-366 § 4 third paragraph",
    ),
)


@dataclass(frozen=True)
class Row:
    """An entry as the database gives it for one day. holds: the requirements hold that day."""

    state: str
    kind_code: str
    company_name: str
    orgnr: str
    ordered_on: date | None
    expires_on: date | None
    holds: bool
    as_of: datetime
    kind_names: tuple[str, ...] = ()


def shown_company(name: str, orgnr: str, form: str) -> tuple[str, str]:
    """Name and number as they may be shown; of a sole proprietor neither."""
    return ("", "") if form == SOLE_PROPRIETOR else (name, orgnr)


def shows_company(on: date) -> bool:
    return in_force(SHOWS, on).value == Shows.COMPANY


def accepted_on_sites(kind_code: str, on: date) -> bool:
    """Whether the kind of card is enough on a building site."""
    return kind_code in in_force(ACCEPTED_ON_SITES, on).value


def judged(row: Row, on: date) -> tuple[Status, Reason]:
    """The answer for a day. What somebody did to the card goes before what the calendar did."""
    match row.state:
        case "ordered":
            return Status.UNDER_ORDER, Reason.NONE
        case "withdrawn":
            return Status.UNKNOWN, Reason.WITHDRAWN
        case "active" if row.expires_on and on > row.expires_on:
            return Status.NOT_VALID, _told(Reason.EXPIRED, on)
        case "active" if row.holds:
            return Status.VALID, Reason.NONE
        case "active":
            return Status.NOT_VALID, _told(Reason.REQUIREMENTS, on)
        case _:
            return Status.NOT_VALID, _told(Reason.BLOCKED, on)


def _told(reason: Reason, on: date) -> Reason:
    return reason if in_force(REASON_SHOWN, on).value else Reason.NONE
