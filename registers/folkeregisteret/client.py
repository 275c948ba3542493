"""Reads persons from Folkeregisteret, behind Maskinporten, with the package *med hjemmel*.

Contract: skatteetaten.github.io/folkeregisteret-api-dokumentasjon. Each lookup is logged there and
shown to the person, so only the parts that are needed are asked for. The number stands in the
path: nothing here logs or raises a URL. Every question may raise the errors of
`hmskort.common.services`; `Retry-After` is in milliseconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import httpx

from hmskort.common.services import Unreadable, answered, http_client, read_json, says_json
from registers.answers import NotFound
from registers.folkeregisteret import parsing
from registers.folkeregisteret.answers import Person
from registers.reading import Reader

SERVICE = parsing.SERVICE
SCOPE = "folkeregister:deling/offentligmedhjemmel"
NOT_FOUND = NotFound(SERVICE)
BULK = 1000
QUERY = {"part": parsing.PARTS}


class PersonRegister(Protocol):
    """What the portal asks of Folkeregisteret."""

    def person(self, national_id: str) -> Person | NotFound:
        """The person who has, or once had, this number."""

    def persons(self, national_ids: Iterable[str]) -> dict[str, Person | NotFound]:
        """The same for many: every number asked for is a key of the answer."""


class Client:
    """`PersonRegister` over HTTP."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._http = http_client(
            SERVICE, base_url, timeout_s=timeout_s, auth=auth, retry_after_unit_s=0.001
        )

    def person(self, national_id: str) -> Person | NotFound:
        response = answered(self._http.get(f"personer/{national_id}", params=QUERY))
        if response.status_code == httpx.codes.NOT_FOUND:
            return _not_found(response)
        return parsing.person(read_json(response))

    def persons(self, national_ids: Iterable[str]) -> dict[str, Person | NotFound]:
        found: dict[str, Person | NotFound] = {}
        for some in _chunks(dict.fromkeys(national_ids)):
            found |= self._bulk(some)
            # Only an answer of its own says that a number does not exist.
            found |= {number: self.person(number) for number in some if number not in found}
        return found

    def _bulk(self, national_ids: Sequence[str]) -> dict[str, Person | NotFound]:
        """Those whom one bulk answer holds; numbers it leaves out are left out."""
        response = self._http.post(
            "personer/bulkoppslag",
            params=QUERY,
            json={"foedselsEllerDNummer": list(national_ids)},
        )
        answer = Reader(SERVICE, read_json(response))
        if not answer.has("oppslag"):
            raise answer.misfit("oppslag", "is missing")
        return {
            each.text("foedselsEllerDNummer"): parsing.person(each.object(PERSON).body)
            for each in answer.objects("oppslag")
            if each.has(PERSON)
        }


PERSON = "folkeregisterperson"


def _not_found(response: httpx.Response) -> NotFound:
    """A 404 of the application itself; one of a wall or a wrong address says nothing."""
    if not says_json(response) or not Reader(SERVICE, read_json(response)).has("kode"):
        raise Unreadable(SERVICE, "a 404 that the register did not write")
    return NOT_FOUND


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(numbers)
    while some := list(islice(rest, BULK)):
        yield some
