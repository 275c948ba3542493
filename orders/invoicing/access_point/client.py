"""Hands EHF documents to a Peppol access point over HTTP.

Most senders use a provider's access point through an interface of that provider's own; this is the
plainest of them, and assumed: `POST documents` with the XML, 202 and an id, 404 with the code
`NOT_IN_ELMA` for a receiver who takes none. The Idempotency-Key makes a repeated request harmless.
"""

from hmskort.common.services import Unreadable, http_client, read_json

SERVICE = "Peppol access point"
TIMEOUT_S = 20.0


class Client:
    """Implements `Sender` over HTTP. Real twin of `simulator`, beside it."""

    def __init__(self, base_url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = http_client(SERVICE, base_url, timeout_s=TIMEOUT_S, headers=headers)

    def send(self, *, number: str, receiver: str, xml: bytes) -> str | None:
        answer = read_json(
            self._http.post(
                "documents",
                content=xml,
                headers={
                    "Content-Type": "application/xml",
                    "Idempotency-Key": number,
                    "Peppol-Receiver": f"0192:{receiver}",
                },
            )
        )
        match answer:
            case {"id": str(document_id)} if document_id:
                return document_id
            case {"code": "NOT_IN_ELMA"}:
                return None
            case _:
                raise Unreadable(SERVICE, "the answer has no id")
