"""Sends SMS through LINK Mobility's Common API.

Contract: POST `/sms/send` with Basic authentication; `resultCode` 1005 says *queued*. Known from
public clients of the gateway, not from its own documentation. Raises the errors of
`hmskort.common.services`; `Unavailable` may have been sent, the receiver then gets it twice.
"""

from typing import Protocol

import httpx

from hmskort.common.services import Refused, Unreadable, http_client, read_json

SERVICE = "sms"
QUEUED = 1005


class Gateway(Protocol):
    """What the portal asks of an SMS gateway."""

    def send(self, *, to: str, text: str, reference: str) -> str:
        """The message is accepted for delivery; the gateway's id of it. `to`: +47..."""


class Client:
    """`Gateway` over HTTP."""

    def __init__(
        self, *, base_url: str, user: str, password: str, sender: str, timeout_s: float = 10.0
    ) -> None:
        auth = httpx.BasicAuth(user, password)
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s, auth=auth)
        self._sender = sender

    def send(self, *, to: str, text: str, reference: str) -> str:
        message = {
            "source": self._sender,
            "destination": to,
            "userData": text,
            "platformId": "COMMON_API",
            "platformPartnerId": "hmskort",
            "refId": reference,
            "useDeliveryReport": False,
        }
        answer = read_json(self._http.post("sms/send", json=message))
        match answer:
            case {"resultCode": code, "messageId": str(message_id)} if code == QUEUED:
                return message_id
            case {"resultCode": int(code)}:
                raise Refused(SERVICE, f"result code {code}")
            case _:
                raise Unreadable(SERVICE, "the answer has no result code")
