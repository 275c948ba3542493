"""The world writes to the portal: a mail, handed over as a mail provider does."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import httpx
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates

PATH = "/e-post/inn/"
TIMEOUT_S = 60.0  # the portal looks at what is attached before it answers
PDF = "application/pdf"


class MailForm(forms.Form):
    """What somebody writes to the caseworkers."""

    default_renderer = DjangoTemplates
    sender = forms.EmailField(label="Fra", initial="ola@firma.example")
    subject = forms.CharField(
        label="Emne (organisasjonsnummeret knytter den til virksomheten)",
        required=False,
        max_length=300,
    )
    text = forms.CharField(label="Tekst", widget=forms.Textarea(attrs={"rows": 6}), required=False)
    file = forms.FileField(label="Vedlegg", required=False)
    message_id = forms.CharField(widget=forms.HiddenInput, required=False)


def written(given: dict[str, Any]) -> EmailMessage:
    """The mail; sent twice with the same Message-ID it is the same mail."""
    message = EmailMessage()
    message["From"] = given["sender"]
    message["To"] = settings.DEFAULT_FROM_EMAIL
    message["Subject"] = given["subject"]
    message["Message-ID"] = given["message_id"] or make_msgid(domain="simulert.example")
    message.set_content(given["text"])
    if file := given["file"]:
        maintype, _, subtype = (file.content_type or PDF).partition("/")
        message.add_attachment(
            file.read(), maintype=maintype, subtype=subtype or "pdf", filename=file.name
        )
    return message


def handed_over(message: EmailMessage) -> int:
    """What the portal answered: 204 when it has the mail, 0 when it does not answer."""
    try:
        answer = httpx.post(
            settings.BASE_URL + PATH,
            content=message.as_bytes(),
            headers={
                "Authorization": f"Bearer {settings.MAIL_TOKEN}",
                "Content-Type": "message/rfc822",
            },
            timeout=TIMEOUT_S,
        )
    except httpx.TransportError:
        return 0
    return answer.status_code
