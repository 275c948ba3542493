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

from hmskort.common.services import Refused, answered, http_client, read_json, says_json
from registers.answers import NotFound, said_not_found
from registers.folkeregisteret import parsing
from registers.folkeregisteret.answers import Events, Person
from registers.reading import Reader

SERVICE = parsing.SERVICE
SCOPE = "folkeregister:deling/offentligmedhjemmel"
BULK = 1000
PAGE = 1000  # events, fixed by the register
QUERY = {"part": parsing.PARTS}


class PersonRegister(Protocol):
    """What the portal asks of Folkeregisteret."""

    def person(self, national_id: str) -> Person | NotFound:
        """The person who has, or once had, this number."""

    def persons(self, national_ids: Iterable[str]) -> dict[str, Person | NotFound]:
        """The same for many: every number asked for is a key of the answer."""

    def events(self, after: int) -> Events:
        """What happened after an event, oldest first, a thousand at a time; never waits for more.

        Raises `TooOld` when the register no longer has what came next.
        """

    def last_sequence(self) -> int:
        """The number of the newest event; 0 when there is none."""


class TooOld(Refused):
    """What comes after the event asked from is more than 36 months old and gone.

    The feed cannot close the gap: every person is read again, from a `last_sequence` taken first.
    """


class Client:
    """`PersonRegister` over HTTP. Safe to share between threads."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._http = http_client(
            SERVICE, base_url, timeout_s=timeout_s, auth=auth, retry_after_unit_s=0.001
        )
        self._nothing_new = (0, "")  # after which event, and the ETag that says so

    def person(self, national_id: str) -> Person | NotFound:
        response = answered(self._http.get(f"personer/{national_id}", params=QUERY))
        if response.status_code == httpx.codes.NOT_FOUND:
            return said_not_found(SERVICE, response)
        return parsing.person(read_json(response))

    def persons(self, national_ids: Iterable[str]) -> dict[str, Person | NotFound]:
        found: dict[str, Person | NotFound] = {}
        for some in _chunks(dict.fromkeys(national_ids)):
            found |= self._bulk(some)
            # Only an answer of its own says that a number does not exist.
            found |= {number: self.person(number) for number in some if number not in found}
        return found

    def events(self, after: int) -> Events:
        # Asked from the last event known, not the next: so nothing is lost whichever way `seq` is
        # meant. The ETag is used only where the answer held nothing new: a caller that failed with
        # what it got is told the same again.
        quiet_after, etag = self._nothing_new
        known = {"If-None-Match": etag} if etag and quiet_after == after else {}
        response = self._http.get("hendelser/feed", params={"seq": max(after, 1)}, headers=known)
        if known and response.status_code == httpx.codes.NOT_MODIFIED:
            return Events((), more=False)
        if response.status_code == httpx.codes.NOT_ACCEPTABLE and _says_too_old(response):
            raise TooOld(SERVICE, "the events are no longer kept")
        told = parsing.events(read_json(response))
        new = tuple(event for event in told if event.sequence > after)
        if not new:
            self._nothing_new = (after, response.headers.get("ETag", ""))
        return Events(new, more=len(told) >= PAGE)

    def last_sequence(self) -> int:
        return parsing.last_sequence(read_json(self._http.get("hendelser/siste/sekvensnummer")))

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


def _says_too_old(response: httpx.Response) -> bool:
    """Is this 406 about the sequence number? Others are about the form of our question."""
    return says_json(response) and "sekvensnummer" in response.text.casefold()


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(numbers)
    while some := list(islice(rest, BULK)):
        yield some
