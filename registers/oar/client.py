"""Asks OAR (Skatteetaten) whether a foreign company has reported a worker in Norway.

**The contract is assumed.** The published interface gives only counts per company; that a worker is
reported is not published anywhere, though the regulation on HMS-kort rests on it. So this is our
own proposal of it, after the published sibling:

    POST /oar/v1/arbeidsforhold {"organisasjonsnummer", "foedselsEllerDNummer"}
    200  [{"oppdragsId", "oppdragsgiver", "oppdragstaker", "foedselsEllerDNummer", "startdato",
           "sluttdato", "idKontroll"}]
    404  {"kode": "OPPDRAGUTENLANDSKEVIRKSOMHETER-008", ...} the company is not known

Each row says whom it is about, so that an answer about somebody else can be told.
A company has 14 days to report a worker, so a missing row is no proof. The identity number stands
in bodies alone. Every question may raise the errors of `hmskort.common.services`.
"""

from typing import Protocol

import httpx

from hmskort.common.services import answered, http_client, read_json
from registers.answers import NotFound, said_not_found
from registers.oar import parsing
from registers.oar.answers import PostedWork

SERVICE = parsing.SERVICE
SCOPE = "skatteetaten:oppdragutenlandskevirksomheter"  # the published sibling's


class PostedWorkRegister(Protocol):
    """What the portal asks of OAR."""

    def posted_work(self, orgnr: str, national_id: str) -> tuple[PostedWork, ...] | NotFound:
        """What the company has reported of the person; `NotFound`: OAR does not know the company.

        orgnr: the main unit's.
        """


class Client:
    """`PostedWorkRegister` over HTTP."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s, auth=auth)

    def posted_work(self, orgnr: str, national_id: str) -> tuple[PostedWork, ...] | NotFound:
        question = {"organisasjonsnummer": orgnr, "foedselsEllerDNummer": national_id}
        response = answered(self._http.post("arbeidsforhold", json=question))
        if response.status_code == httpx.codes.NOT_FOUND:
            return said_not_found(SERVICE, response)
        return parsing.posted_work(read_json(response), orgnr, national_id)
