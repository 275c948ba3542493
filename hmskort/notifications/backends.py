"""The e-mail backend of development and demonstration: mail ends in the simulators' inbox."""

import base64
from collections.abc import Sequence
from email.message import MIMEPart
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from hmskort.common.services import ServiceError, answered, http_client

SERVICE = "mail"
TIMEOUT_S = 10.0


class InboxEmailBackend(BaseEmailBackend):
    """Posts each message to the inbox of the simulator site."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many went. Raises the errors of `hmskort.common.services`."""
        sent = 0
        with http_client(SERVICE, settings.SIMULATORS_URL, timeout_s=TIMEOUT_S) as http:
            for message in email_messages:
                try:
                    answered(http.post("inbox/mail", json=as_json(message)))
                except ServiceError:
                    if not self.fail_silently:
                        raise
                else:
                    sent += 1
        return sent


def as_json(message: EmailMessage) -> dict[str, Any]:
    """The message as the inbox takes it; attachments in base64."""
    return {
        "kind": "mail",
        "from": message.from_email,
        "to": message.recipients(),
        "subject": message.subject,
        "text": message.body,
        "html": _html(message),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "attachments": [_attachment(each) for each in message.attachments],
    }


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(each[0]) for each in message.alternatives if each[1] == "text/html"), "")


def _attachment(attachment: Any) -> dict[str, str]:
    if isinstance(attachment, MIMEPart):
        name, kind = attachment.get_filename() or "", attachment.get_content_type()
        content: Any = attachment.get_payload(decode=True)
    else:
        name, content, kind = attachment
    data = content.encode() if isinstance(content, str) else content
    return {
        "name": name or "",
        "type": kind or "application/octet-stream",
        "content": base64.b64encode(data).decode(),
    }
