"""Reads contact information from Kontakt- og reservasjonsregisteret (Digdir).

Contract: docs.digdir.no, "Kontakt- og reservasjonsregisteret, oppslagstjenesten". Only for public
bodies and those who work for them. Identity numbers stand in the body alone. Every question may
raise the errors of `hmskort.common.services`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import httpx

from hmskort.common.services import Unreadable, http_client, read_json
from registers.krr import parsing
from registers.krr.answers import Contact

SERVICE = parsing.SERVICE
SCOPE = "krr:global/kontaktinformasjon.read"
BULK = 1000


class ContactRegister(Protocol):
    """What the portal asks of Kontakt- og reservasjonsregisteret."""

    def contacts(self, national_ids: Iterable[str]) -> dict[str, Contact]:
        """How each may be reached: every number asked for is a key of the answer."""


class Client:
    """`ContactRegister` over HTTP."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s, auth=auth)

    def contacts(self, national_ids: Iterable[str]) -> dict[str, Contact]:
        found: dict[str, Contact] = {}
        for some in _chunks(dict.fromkeys(national_ids)):
            found |= self._bulk(some)
        return found

    def _bulk(self, national_ids: Sequence[str]) -> dict[str, Contact]:
        """The register answers of everybody it is asked about, those it does not know too."""
        response = self._http.post("personer", json={"personidentifikatorer": list(national_ids)})
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise Unreadable(SERVICE, "the address is not the register's")
        found = parsing.contacts(read_json(response))
        if set(found) != set(national_ids):
            raise Unreadable(SERVICE, "the answer is about others than those asked for")
        return found


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(numbers)
    while some := list(islice(rest, BULK)):
        yield some
