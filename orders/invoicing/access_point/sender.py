"""Who carries an EHF document to its receiver."""

from typing import Protocol

from django.conf import settings

from hmskort.common.services import client_from


class Sender(Protocol):
    """Hands over documents. `number` makes it happen once."""

    def send(self, *, number: str, receiver: str, xml: bytes) -> str | None:
        """The document is on its way, and this is its id; None when the receiver takes no EHF.

        receiver: an organisation number.
        """


def sender() -> Sender:
    """The sender that the settings name."""
    made: Sender = client_from(settings.EHF)
    return made
