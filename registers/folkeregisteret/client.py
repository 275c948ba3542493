"""Reads persons from Folkeregisteret, behind Maskinporten, with the package *med hjemmel*.

Contract: skatteetaten.github.io/folkeregisteret-api-dokumentasjon. Each lookup is logged there and
shown to the person, so only the parts that are needed are asked for. The number stands in the
path: nothing here logs or raises a URL. Every question may raise the errors of
`hmskort.common.services`; `Retry-After` is in milliseconds.
"""

from collections.abc import Collection
from typing import Protocol

import httpx

from hmskort.common.services import (
    Refused,
    Unreadable,
    answered,
    http_client,
    read_json,
    says_json,
)
from registers.answers import NotFound, said_not_found
from registers.folkeregisteret import parsing
from registers.folkeregisteret.answers import Events, Person

SERVICE = parsing.SERVICE
SCOPE = "folkeregister:deling/offentligmedhjemmel"
AT_ONCE = 1000  # persons in one call
MANY_TIMEOUT_S = 15.0  # such a call takes up to 10 s
PAGE = 1000  # events, fixed by the register
QUERY = {"part": parsing.PARTS}


class PersonRegister(Protocol):
    """What the portal asks of Folkeregisteret."""

    def person(self, national_id: str) -> Person | NotFound:
        """The person who has, or once had, this number."""

    def persons(self, national_ids: Collection[str]) -> dict[str, Person | Unreadable]:
        """Up to `AT_ONCE` persons in one call, each by the number asked for.

        One whose document is not as documented is there as that error. One who is left out may
        still exist: only an answer of its own (`person`) says that a number does not.
        """

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
        self._timeout_s = timeout_s
        self._nothing_new = (0, "")  # after which event, and the ETag that says so

    def person(self, national_id: str) -> Person | NotFound:
        response = answered(self._http.get(f"personer/{national_id}", params=QUERY))
        if response.status_code == httpx.codes.NOT_FOUND:
            return said_not_found(SERVICE, response)
        return parsing.person(read_json(response), national_id)

    def persons(self, national_ids: Collection[str]) -> dict[str, Person | Unreadable]:
        if len(national_ids) > AT_ONCE:
            raise ValueError(f"at most {AT_ONCE} persons in one call")
        response = self._http.post(
            "personer/bulkoppslag",
            params=QUERY,
            json={"foedselsEllerDNummer": sorted(national_ids)},
            timeout=max(self._timeout_s, MANY_TIMEOUT_S),
        )
        return parsing.persons(read_json(response), national_ids)

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


def _says_too_old(response: httpx.Response) -> bool:
    """Is this 406 about the sequence number? Others are about the form of our question."""
    return says_json(response) and "sekvensnummer" in response.text.casefold()
