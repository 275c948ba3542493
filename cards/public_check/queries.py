"""The one question of this room, as one prepared statement on one indexed row."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from psycopg import RawCursor

from cards import numbers
from cards.public_check.rules import (
    Reason,
    Row,
    Status,
    accepted_on_sites,
    judged,
    shows_company,
)
from hmskort.common import clock

SQL = b"""
    SELECT state, kind_code, company_name, orgnr, ordered_on, expires_on,
           valid_on @> $2::date AS holds, as_of, name_nb, name_nn, name_en
    FROM public_check_entry LEFT JOIN public_check_kindname ON code = kind_code
    WHERE number = $1
"""
LONGEST = 12


@dataclass(frozen=True)
class Answer:
    """What is told of one number at one moment."""

    number: str
    status: Status
    reason: Reason
    checked_at: datetime
    kind_code: str = ""
    kind_names: tuple[str, ...] = ()  # bokmål, nynorsk, English; none where nobody named it
    company_name: str = ""
    orgnr: str = ""
    ordered_on: date | None = None
    expires_on: date | None = None
    on_sites: bool = False
    as_of: datetime | None = None  # how old the registers' part is

    @property
    def names_an_order(self) -> bool:
        """The number is an order's reference, and not a card's."""
        waits = self.status is Status.UNDER_ORDER and self.expires_on is None
        return waits or self.reason is Reason.WITHDRAWN


def check(text: str) -> Answer:
    """The answer for what somebody typed or scanned. One question to the database, at most."""
    number, at = numbers.compact(text), clock.now()
    today = clock.oslo_date(at)
    row = _row(number, today) if _could_be_one(number) else None
    if row is None:
        return Answer(number, Status.UNKNOWN, _why_unknown(number), at)
    status, reason = judged(row, today)
    if status is Status.UNKNOWN:
        return Answer(number, status, reason, at)
    told = shows_company(today)
    return Answer(
        number=number,
        status=status,
        reason=reason,
        checked_at=at,
        kind_code=row.kind_code,
        kind_names=row.kind_names,
        company_name=row.company_name if told else "",
        orgnr=row.orgnr if told else "",
        ordered_on=row.ordered_on if status is Status.UNDER_ORDER else None,
        expires_on=row.expires_on,
        on_sites=accepted_on_sites(row.kind_code, today),
        as_of=row.as_of,
    )


def _could_be_one(number: str) -> bool:
    """Whether the database may be asked: it refuses some characters that an address can hold."""
    return len(number) <= LONGEST and number.isascii() and number.isalnum()


def _row(number: str, on: date) -> Row | None:
    """Past Django's cursor, which binds on the client and so can prepare nothing."""
    connection.ensure_connection()
    with RawCursor(connection.connection) as cursor:
        found = cursor.execute(SQL, (number, on), prepare=True).fetchone()
    if not found:
        return None
    names = tuple(filter(None, found[8:]))
    return Row(*(*found[:8], names))


def _why_unknown(number: str) -> Reason:
    match numbers.form_of(number):
        case numbers.Form.MISTYPED:
            return Reason.CHECK_DIGIT
        case numbers.Form.NEITHER if number.isdigit() or not 6 <= len(number) <= LONGEST:
            return Reason.NOT_A_NUMBER
        case _:
            return Reason.NOT_FOUND
