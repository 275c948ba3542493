"""Reads companies from Enhetsregisteret's open API (no key, licence NLOD).

Contract: data.brreg.no/enhetsregisteret/api/dokumentasjon. Every question may raise the errors of
`hmskort.common.services`.
"""

from typing import Protocol

import httpx

from hmskort.common.services import Unreadable, answered, http_client, read_json, says_json
from registers.answers import NotFound
from registers.enhetsregisteret import parsing
from registers.enhetsregisteret.answers import Company, Deleted, Role
from registers.reading import Reader

SERVICE = parsing.SERVICE
NOT_FOUND = NotFound(SERVICE)
PAGE_SIZE = 100
PAGES_AT_MOST = 100  # the register itself pages no further than 10 000 units


class CompanyRegister(Protocol):
    """What the portal asks of Enhetsregisteret."""

    def company(self, orgnr: str) -> Company | Deleted | NotFound:
        """The main unit or sub-unit with this number."""

    def subunits(self, orgnr: str) -> tuple[Company, ...]:
        """The sub-units of a main unit that are not deleted."""

    def roles(self, orgnr: str) -> tuple[Role, ...] | NotFound:
        """Those who have a role in a main unit today."""


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

    def subunits(self, orgnr: str) -> tuple[Company, ...]:
        found: list[Company] = []
        for number in range(PAGES_AT_MOST):
            page = self._page(orgnr, number)
            for unit in page.object("_embedded").objects("underenheter"):
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
        return parsing.roles(read_json(response))

    def _page(self, orgnr: str, number: int) -> Reader:
        """One page of sub-units. A search without hits has no `_embedded`."""
        query: dict[str, str | int] = {
            "overordnetEnhet": orgnr,
            "size": PAGE_SIZE,
            "page": number,
        }
        body = read_json(self._http.get("underenheter", params=query))
        page = Reader(SERVICE, body, "the page of sub-units")
        if not page.has("_embedded") and page.object("page").number("totalElements") == 0:
            return Reader(SERVICE, {**body, "_embedded": {}}, "the page of sub-units")
        return page


def _not_found(response: httpx.Response) -> bool:
    """Does the register itself say that it does not know the number?

    A 404 page in HTML comes from something in between and says nothing of the company.
    """
    if response.status_code != httpx.codes.NOT_FOUND:
        return False
    if response.content and not says_json(response):
        raise Unreadable(SERVICE, "a 404 that the register did not write")
    return True
