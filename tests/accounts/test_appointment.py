"""Who works at the issuer is appointed from the machine, and written down."""

import io

import pytest
from django.core.management import CommandError, call_command

from hmskort.audit.models import Event


def appoint(monkeypatch, number, *roles):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n"))
    out = io.StringIO()
    call_command("appoint", "Ola Utenfor", *roles, stdout=out)
    return out.getvalue()


def appointments_of(user):
    return Event.objects.filter(name="user:appointed", subject_id=str(user.pk))


def test_somebody_who_is_appointed_sees_the_queue_and_nobody_else_does(
    monkeypatch, ola, client_as, world_number
):
    number = world_number("Ola")
    client = client_as(ola)
    assert client.get("/kontroll/").status_code in {403, 404}
    assert "reviewer" in appoint(monkeypatch, number, "reviewer")
    assert client.get("/kontroll/").status_code == 200
    appoint(monkeypatch, number)
    assert client.get("/kontroll/").status_code in {403, 404}


def test_an_appointment_stands_in_the_history_without_the_number(monkeypatch, ola, world_number):
    number = world_number("Ola")
    told = appoint(monkeypatch, number, "producer", "caseworker")
    event = appointments_of(ola).get()
    assert event.data["roles"] == ["producer", "caseworker"]
    assert number not in told + str(event.data)


def test_a_number_that_is_none_changes_nothing(monkeypatch, ola):
    with pytest.raises(CommandError, match="Nothing is changed"):
        appoint(monkeypatch, "12345678901", "reviewer")
    assert not appointments_of(ola).exists()
