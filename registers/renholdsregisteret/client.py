"""Reads Renholdsregisteret (Arbeidstilsynet) as the whole file that is made anew every morning.

Open, licence NLOD 2.0, no key. The address in the settings says which generation of the file is
read. Every question may raise the errors of `hmskort.common.services`.
"""

from typing import Protocol

from hmskort.common.services import http_client
from registers import snapshots
from registers.renholdsregisteret import parsing
from registers.renholdsregisteret.answers import MAY_ORDER, CleaningCompany
from registers.snapshots import Snapshot, Version

SERVICE = parsing.SERVICE


class CleaningRegister(Protocol):
    """What the portal asks of Renholdsregisteret."""

    def snapshot(self, before: Version | None = None) -> Snapshot[CleaningCompany] | None:
        """The whole register; None when the file is still the one of `before`.

        Raises `Shrunken` when far less is left than `before` held.
        """


class Client:
    """`CleaningRegister` over HTTP."""

    def __init__(self, *, base_url: str, timeout_s: float = 30.0) -> None:
        self._url = base_url
        self._http = http_client(
            SERVICE, base_url, timeout_s=timeout_s, headers={"Accept": "application/xml, text/xml"}
        )

    def snapshot(self, before: Version | None = None) -> Snapshot[CleaningCompany] | None:
        response = snapshots.fetched(self._http, SERVICE, self._url, before)
        if response is None:
            return None
        rows = parsing.companies(response.content)
        may_order = sum(row.status in MAY_ORDER for row in rows)
        version = snapshots.version_of(response, rows, may_order)
        snapshots.refuse_if_shrunken(SERVICE, before, version)
        return Snapshot(rows, snapshots.last_modified_at(response), version)
