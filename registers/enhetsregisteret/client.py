"""Reads companies from Enhetsregisteret's open API (no key, licence NLOD).

Contract: data.brreg.no/enhetsregisteret/api/dokumentasjon. Every question may raise the errors of
`hmskort.common.services`.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import BinaryIO, Protocol

import httpx

from hmskort.common.services import (
    Unreadable,
    answered,
    http_client,
    read_json,
    save,
    says_json,
)
from registers.answers import NotFound
from registers.enhetsregisteret import parsing
from registers.enhetsregisteret.answers import Change, Company, Deleted, Feed, Role, Units
from registers.reading import Reader

SERVICE = parsing.SERVICE
NOT_FOUND = NotFound(SERVICE)
PAGE_SIZE = 100
AT_ONCE = 100  # units in one search
CHANGES = 1000  # at a time; the register gives 10 000 at most
PAGES_AT_MOST = 100  # the register itself pages no further than 10 000 units


class CompanyRegister(Protocol):
    """What the portal asks of Enhetsregisteret."""

    def company(self, orgnr: str) -> Company | Deleted | NotFound:
        """The main unit or sub-unit with this number."""

    def companies(self, orgnrs: Collection[str]) -> dict[str, Company | Deleted | Unreadable]:
        """Up to `AT_ONCE` main units in one call; one that is not as documented is that error.

        One who is left out may be a sub-unit or deleted: only an answer of its own (`company`)
        says so, or that there is no such unit.
        """

    def subunits(self, orgnr: str) -> tuple[Company, ...]:
        """The sub-units of a main unit that are not deleted."""

    def roles(self, orgnr: str) -> tuple[Role, ...] | NotFound:
        """Those who have a role in a main unit today."""

    def changes(
        self,
        feed: Feed,
        *,
        after: int = 0,
        since: datetime | None = None,
        size: int = CHANGES,
    ) -> tuple[Change, ...]:
        """What changed after a change, oldest first; as many as `size` when there may be more.

        since: where to begin without a change to begin after; taken before all is first read.
        """

    def file(self, units: Units, into: BinaryIO, *, seen: str) -> str | None:
        """The nightly file of every main unit or sub-unit, as gzip, is in `into`.

        The answer says when it was made, as the register writes it (`Last-Modified`); None, and
        nothing is fetched, when that is what was `seen` before.
        """


class Client:
    """`CompanyRegister` over HTTP."""

    def __init__(self, *, base_url: str, timeout_s: float = 5.0) -> None:
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s)

    def company(self, orgnr: str) -> Company | Deleted | NotFound:
        for kind in ("enheter", "underenheter"):  # a sub-unit is not found among main units
            response = answered(self._http.get(f"{kind}/{orgnr}"))
            if response.status_code == httpx.codes.GONE:
                return parsing.deleted(read_json(response), orgnr, removed=True)
            if not _not_found(response):
                return parsing.company(read_json(response), orgnr)
        return NOT_FOUND

    def companies(self, orgnrs: Collection[str]) -> dict[str, Company | Deleted | Unreadable]:
        if len(orgnrs) > AT_ONCE:
            raise ValueError(f"at most {AT_ONCE} units in one call")
        query: dict[str, str | int] = {
            "organisasjonsnummer": ",".join(sorted(orgnrs)),
            "size": AT_ONCE,
        }
        return parsing.companies(read_json(self._http.get("enheter", params=query)), orgnrs)

    def subunits(self, orgnr: str) -> tuple[Company, ...]:
        found: list[Company] = []
        for number in range(PAGES_AT_MOST):
            page = self._page(orgnr, number)
            for unit in parsing.embedded(page.body, "the page of sub-units").objects(
                "underenheter"
            ):
                read = parsing.company(unit.body, unit.text("organisasjonsnummer"))
                if isinstance(read, Company):
                    found.append(read)
            if number + 1 >= page.object("page").number("totalPages"):
                return tuple(found)
        raise Unreadable(SERVICE, "the sub-units have no end")

    def roles(self, orgnr: str) -> tuple[Role, ...] | NotFound:
        response = answered(self._http.get(f"enheter/{orgnr}/roller"))
        if _not_found(response):
            return NOT_FOUND
        return parsing.roles(read_json(response), orgnr)

    def changes(
        self,
        feed: Feed,
        *,
        after: int = 0,
        since: datetime | None = None,
        size: int = CHANGES,
    ) -> tuple[Change, ...]:
        query = _role_query(after, since) if feed == "roller" else _unit_query(after, since)
        answer = read_json(self._http.get(f"oppdateringer/{feed}", params={**query, "size": size}))
        return tuple(each for each in parsing.changes(answer, feed) if each.sequence > after)

    def file(self, units: Units, into: BinaryIO, *, seen: str) -> str | None:
        address = f"{units}/lastned"
        if _made(answered(self._http.head(address)).headers) == seen != "":
            return None
        return _made(save(self._http, address, into))

    def _page(self, orgnr: str, number: int) -> Reader:
        """One page of sub-units."""
        query: dict[str, str | int] = {
            "overordnetEnhet": orgnr,
            "size": PAGE_SIZE,
            "page": number,
        }
        return Reader(SERVICE, read_json(self._http.get("underenheter", params=query)))


def _made(headers: httpx.Headers) -> str:
    made: str = headers.get("Last-Modified", "")
    return made


def _unit_query(after: int, since: datetime | None) -> dict[str, str | int]:
    begin: dict[str, str | int] = {"oppdateringsid": after + 1}
    if not after and since:
        begin = {"dato": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"}
    return {**begin, "includeChanges": "true", "sort": "id,ASC"}


def _role_query(after: int, since: datetime | None) -> dict[str, str | int]:
    if not after and since:
        return {"afterTime": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"}
    return {"afterId": after}


def _not_found(response: httpx.Response) -> bool:
    """Does the register itself say that it does not know the number?

    A 404 page in HTML comes from something in between and says nothing of the company.
    """
    if response.status_code != httpx.codes.NOT_FOUND:
        return False
    if response.content and not says_json(response):
        raise Unreadable(SERVICE, "a 404 that the register did not write")
    return True
