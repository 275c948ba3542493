"""Reads Bemanningsforetaksregisteret (Arbeidstilsynet) as one whole JSON document.

Open, but callers without a User-Agent are turned away with 403; `http_client` always sends one.
Every question may raise the errors of `hmskort.common.services`.
"""

from typing import Protocol

from hmskort.common.services import http_client, read_json
from registers import snapshots
from registers.bemanningsforetaksregisteret import parsing
from registers.bemanningsforetaksregisteret.answers import StaffingAgency, Status
from registers.snapshots import Snapshot, Version

SERVICE = parsing.SERVICE


class StaffingRegister(Protocol):
    """What the portal asks of Bemanningsforetaksregisteret."""

    def snapshot(self, before: Version | None = None) -> Snapshot[StaffingAgency] | None:
        """The whole register; None when the file is still the one of `before`.

        Raises `Shrunken` when far less is left than `before` held.
        """


class Client:
    """`StaffingRegister` over HTTP."""

    def __init__(self, *, base_url: str, timeout_s: float = 30.0) -> None:
        self._url = base_url
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s)

    def snapshot(self, before: Version | None = None) -> Snapshot[StaffingAgency] | None:
        response = snapshots.fetched(self._http, SERVICE, self._url, before)
        if response is None:
            return None
        body = read_json(response)
        rows = parsing.agencies(body)
        approved = sum(row.status == Status.APPROVED for row in rows)
        version = snapshots.version_of(response, rows, approved)
        snapshots.refuse_if_shrunken(SERVICE, before, version)
        return Snapshot(rows, parsing.generated_at(body), version)
