"""Asks UDI whether a person may work in Norway.

**The contract is assumed.** UDI has no open interface for this. Its circular RS 2014-012 describes
Oppholdsstatustjenesten, whose words are known from Nav's public code; this is our own proposal
with those words:

    POST /udi/v1/arbeidsadgang {"foedselsEllerDNummer"}
    200  {"foresporselsfodselsnummer", "uttrekkstidspunkt",
          "arbeidsadgang": {"harArbeidsadgang": "Ja" | "Nei" | "Uavklart", "typeArbeidsadgang",
                            "arbeidsadgangsPeriode": {"fra", "til"}}}
    404  {"kode", "melding"} UDI does not know the person

Whether a citizen of the EEA may work is never asked. The identity number stands in bodies alone.
Every question may raise the errors of `hmskort.common.services`.
"""

from typing import Protocol

import httpx

from hmskort.common.services import answered, http_client, read_json
from registers.answers import NotFound, said_not_found
from registers.udi import parsing
from registers.udi.answers import RightToWork

SERVICE = parsing.SERVICE
SCOPE = "udi:arbeidsadgang"


class PermitRegister(Protocol):
    """What the portal asks of UDI."""

    def right_to_work(self, national_id: str) -> RightToWork | NotFound:
        """Whether the person with this number may work, and until when."""


class Client:
    """`PermitRegister` over HTTP."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s, auth=auth)

    def right_to_work(self, national_id: str) -> RightToWork | NotFound:
        question = {"foedselsEllerDNummer": national_id}
        response = answered(self._http.post("arbeidsadgang", json=question))
        if response.status_code == httpx.codes.NOT_FOUND:
            return said_not_found(SERVICE, response)
        return parsing.right_to_work(read_json(response), national_id)
