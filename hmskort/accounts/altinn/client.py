"""Asks Altinn for whom a person may act.

Contract: docs.altinn.studio, "Authorized parties, resource owner". The Maskinporten token is
exchanged for Altinn's own; the subscription key goes along on every call.
"""

from typing import Protocol

from hmskort.accounts.altinn import parsing
from hmskort.accounts.altinn.parsing import SERVICE, Answer
from hmskort.common.services import Unreadable, http_client, read_json
from registers.clients import maskinporten

SCOPE = "altinn:accessmanagement/authorizedparties.resourceowner"
EXCHANGE = "authentication/api/v1/exchange/maskinporten"
PARTIES = "accessmanagement/api/v1/resourceowner/authorizedparties"
KEY_HEADER = "Ocp-Apim-Subscription-Key"
TIMEOUT_S = 4.0  # somebody is waiting to be logged in
WANTED = {  # what the person holds in their own name, with what lies below each main unit
    "includeRoles": "true",
    "includeResources": "true",
    "includeInstances": "false",
    "includeAccessPackages": "false",
    "includePartiesViaKeyRoles": "false",
    "includeSubParties": "true",
    "includeInactiveParties": "false",
}


class Altinn(Protocol):
    """What the portal asks of Altinn."""

    def parties(self, national_id: str) -> Answer:
        """Everything the person may act for.

        Raises:
            ServiceError: no answer, or none that can be used.
        """


class Client:
    """Altinn's real service, or its simulator: the same contract."""

    def __init__(self, *, base_url: str, subscription_key: str) -> None:
        headers = {KEY_HEADER: subscription_key} if subscription_key else {}
        self._http = http_client(SERVICE, base_url, timeout_s=TIMEOUT_S, headers=headers)
        self._maskinporten = maskinporten(SCOPE)

    def parties(self, national_id: str) -> Answer:
        response = self._http.post(
            PARTIES,
            params=WANTED,
            json={"type": "urn:altinn:person:identifier-no", "value": national_id},
            headers={"Authorization": f"Bearer {self._token()}"},
        )
        return parsing.answer(read_json(response))

    def _token(self) -> str:
        """Altinn's token for ours; it lives as long as ours, so it is not kept."""
        token = read_json(self._http.get(EXCHANGE, auth=self._maskinporten))
        if not isinstance(token, str):
            raise Unreadable(SERVICE, "the exchanged token is not a text")
        return token
