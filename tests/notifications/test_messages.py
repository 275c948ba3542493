"""What is written to people: plain words, once."""

import pytest
from django.db import transaction

from hmskort.notifications import actions
from hmskort.notifications.models import Message

pytestmark = pytest.mark.django_db


def told(name: str) -> Message:
    context = {"order": {"reference": "BCDF2345"}, "line": {"name": name, "check_url": "/k/1/"}}
    with transaction.atomic():
        actions.tell(key="met", template="line_met", to="kari@byggmester.example", context=context)
    return Message.objects.get(key="met")


def test_a_name_stands_in_the_subject_as_it_is_written():
    assert told("Siobhán O'Brien & Sønn").subject.endswith("for Siobhán O'Brien & Sønn")


def test_a_name_longer_than_a_subject_does_not_stop_the_message():
    message = told("Anna " * 60)
    assert len(message.subject) <= 200
    assert "Anna Anna" in message.text
