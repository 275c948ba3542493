"""Registers that are published as one whole file: fetched only when new, refused when it shrank.

There is no feed of changes; whoever keeps the rows compares them with those of the file before.
"""

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fractions import Fraction
from typing import Generic, TypeVar

import httpx

from hmskort.common.services import Unreadable, answered

Row = TypeVar("Row")

# How much may go at once: our own limits, no source has any.
MAY_GO = Fraction(1, 5)  # of the rows before
MAY_ALWAYS_GO = 10  # rows: a small register may lose a company with all its sub-units


@dataclass(frozen=True)
class Version:
    """Which file was read last and how much it held; kept by the caller as plain JSON."""

    etag: str
    last_modified: str
    rows: int
    approved: int


@dataclass(frozen=True)
class Snapshot(Generic[Row]):
    """All rows of one file, read to its end. `generated_at`: when the register made the file."""

    rows: tuple[Row, ...]
    generated_at: datetime | None
    version: Version

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Shrunken(Unreadable):
    """The file holds, or leaves, so much less than the one before that it is taken for broken.

    version: of the file, where it was read to its end. A person who knows that it is right
    accepts it (`registers.readings.accept`).
    """

    def __init__(self, service: str, what: str, version: Version | None = None) -> None:
        super().__init__(service, what)
        self.args = (service, what, version)  # what pickle calls __init__ with
        self.version = version


def fetched(
    http: httpx.Client, service: str, url: str, before: Version | None
) -> httpx.Response | None:
    """The file, or None when it is the one that was read before."""
    response = http.get(url, headers=_conditions(before))
    if before is not None and response.status_code == httpx.codes.NOT_MODIFIED:
        return None
    if answered(response).status_code != httpx.codes.OK:
        raise Unreadable(service, "the address is not the register's")
    return response


def version_of(response: httpx.Response, rows: Sized, approved: int) -> Version:
    """What is to be remembered of a file that was read."""
    headers = response.headers
    return Version(headers.get("ETag", ""), headers.get("Last-Modified", ""), len(rows), approved)


def refuse_if_shrunken(service: str, before: Version | None, now: Version) -> None:
    """Raises `Shrunken` when a fifth of the rows, or of those approved, is gone since before."""
    if before is None:
        return
    if _too_many_gone(before.rows, now.rows):
        what = f"the file shrank from {before.rows} rows to {now.rows}"
        raise Shrunken(service, what, now)
    if _too_many_gone(before.approved, now.approved):
        what = f"those approved went from {before.approved} to {now.approved}"
        raise Shrunken(service, what, now)


def _too_many_gone(before: int, now: int) -> bool:
    gone = before - now
    return gone > MAY_ALWAYS_GO and gone > before * MAY_GO


def last_modified_at(response: httpx.Response) -> datetime | None:
    """When the file says it was made; None where it does not say."""
    try:
        at = parsedate_to_datetime(response.headers.get("Last-Modified", ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _conditions(before: Version | None) -> dict[str, str]:
    if before is None:
        return {}
    conditions = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in conditions.items() if value}
