"""Telling people: the words are set with the change, the sending follows after commit."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from hmskort.common import clock, outbox
from hmskort.common.services import client_from
from hmskort.common.transactions import inside_transaction
from hmskort.notifications.models import Message

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    content_type: str
    content: bytes


@inside_transaction
def tell(
    *,
    key: str,
    template: str,
    to: str,
    context: dict[str, object],
    language: str = "nb",
    attachment: Attachment | None = None,
) -> None:
    """An e-mail to `to` is written and will be sent after commit, once per key.

    template: a folder under `templates/mail/` with `subject.txt`, `body.txt` and `body.html`.
    """
    with translation.override(language):
        given = {**context, "base_url": settings.BASE_URL, "issuer": settings.ISSUER_NAME}
        parts = {
            name: render_to_string(f"mail/{template}/{name}", given)
            for name in ("subject.txt", "body.txt", "body.html")
        }
    _write(
        Message(
            key=key,
            channel=Message.Channel.EMAIL,
            to=to,
            language=language,
            subject=" ".join(parts["subject.txt"].split())[:LONGEST_SUBJECT],
            text=parts["body.txt"].strip() + "\n",
            html=parts["body.html"],
            **_attached(attachment),
        )
    )


def _attached(file: Attachment | None) -> dict[str, Any]:
    if file is None:
        return {}
    return {
        "attachment": file.content,
        "attachment_name": file.name,
        "attachment_type": file.content_type,
    }


@inside_transaction
def tell_by_sms(*, key: str, to: str, text: str, language: str = "nb") -> None:
    """An SMS to `to` (+47...) is written and will be sent after commit, once per key."""
    _write(Message(key=key, channel=Message.Channel.SMS, to=to, language=language, text=text))


def _write(message: Message) -> None:
    Message.objects.bulk_create([message], ignore_conflicts=True)
    outbox.enqueue("message:written", key=message.key, message=message.key)


def send(*, message: str) -> None:
    """The message with this key has gone. One that went before is left alone."""
    waiting = Message.objects.get(key=message)
    if waiting.state == Message.State.SENT:
        return
    {Message.Channel.EMAIL: _send_email, Message.Channel.SMS: _send_sms}[
        Message.Channel(waiting.channel)
    ](waiting)
    Message.objects.filter(pk=waiting.pk).update(state=Message.State.SENT, sent_at=clock.now())


def _send_email(message: Message) -> None:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        headers={"Content-Language": message.language, "X-Message-Key": message.key},
    )
    mail.attach_alternative(message.html, "text/html")
    if message.attachment is not None:
        mail.attach(message.attachment_name, bytes(message.attachment), message.attachment_type)
    mail.send()


def _send_sms(message: Message) -> None:
    client_from(settings.SMS).send(to=message.to, text=message.text, reference=message.key)
