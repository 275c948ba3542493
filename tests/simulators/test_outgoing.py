"""Somebody in the world writes to the desk, and the portal takes it in as from a mail provider."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hmskort.desk.models import Mail
from hmskort.simulators import outgoing
from tests import pictures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_written_in_the_simulated_world_reaches_the_desk_once(live_server, settings):
    settings.BASE_URL = live_server.url
    file = SimpleUploadedFile("attest.jpg", pictures.id_copy(), "image/jpeg")
    given = {"sender": "ola@firma.example", "subject": "Hei", "text": "Æ, ø og å.", "file": file}
    message = outgoing.written({**given, "message_id": ""})
    assert outgoing.handed_over(message) == 204
    assert outgoing.handed_over(message) == 204
    mail = Mail.objects.get()
    assert (mail.subject, mail.text, mail.attachments.count()) == ("Hei", "Æ, ø og å.", 1)


@pytest.mark.urls("hmskort.simulators.urls")
def test_the_page_says_when_the_portal_does_not_answer(settings):
    settings.BASE_URL = "http://localhost:9"
    answer = Client().post("/inbox/write/", {"sender": "ola@firma.example", "subject": "Hei"})
    text = answer.content.decode()
    assert "Portalen svarer ikke" in text
    assert "@simulert.example" in text  # the same mail can be sent again
