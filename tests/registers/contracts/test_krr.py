from dataclasses import replace
from datetime import date

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Refused, Unreadable
from hmskort.simulators import world
from registers.clients import client
from registers.krr import parsing
from registers.krr.answers import Address, Contact
from registers.krr.client import BULK
from registers.krr.rules import notify_by, usable


@pytest.fixture
def register():
    return client("krr")


def asked(register, case):
    number = world.person(case).national_id
    return register.contacts([number])[number]


def test_somebody_who_is_registered_can_be_reached(register):
    contact = asked(register, "Kari")
    email, mobile = notify_by(contact, on=clock.today())
    assert "@" in email
    assert mobile.startswith("+47")
    assert (contact.registered, contact.reserved, contact.language) == (True, False, "nb")


def test_addresses_that_nobody_has_confirmed_in_18_months_are_not_used(register):
    contact = asked(register, "contact too old")
    assert contact.email is not None
    assert notify_by(contact, on=clock.today()) == (None, None)
    able = replace(contact, may_be_notified=True)
    assert notify_by(able, on=clock.today()) == (None, None)


def test_a_reservation_is_told(register):
    assert asked(register, "reserved").reserved


def test_somebody_who_is_not_registered_is_answered_too(register):
    contact = asked(register, "not employed")
    assert contact == Contact(
        registered=False,
        may_be_notified=False,
        reserved=False,
        email=None,
        mobile=None,
        language=None,
    )


@pytest.mark.parametrize(
    ("updated", "verified", "on", "is_usable"),
    [
        (date(2025, 5, 21), None, date(2026, 11, 20), True),
        (date(2025, 5, 21), None, date(2026, 11, 21), False),
        (date(2020, 1, 1), date(2025, 5, 22), date(2026, 11, 21), True),
        (date(2025, 5, 22), date(2020, 1, 1), date(2026, 11, 21), True),
        (date(2024, 8, 31), None, date(2026, 2, 27), True),
        (date(2024, 8, 31), None, date(2026, 2, 28), False),  # that month has no 31st
        (date(2025, 12, 31), None, date(2027, 6, 29), True),
        (None, None, date(2026, 11, 21), False),
    ],
)
def test_an_address_is_used_for_18_months(updated, verified, on, is_usable):
    address = Address("a@b.no", updated, verified)
    assert usable(address, on=on) == ("a@b.no" if is_usable else None)


def test_there_may_be_no_address():
    assert usable(None, on=date(2026, 11, 21)) is None


def test_more_than_a_thousand_are_asked_for_in_portions(register, monkeypatch):
    portions = []
    monkeypatch.setattr(
        register, "_bulk", lambda some: portions.append(len(some)) or dict.fromkeys(some)
    )
    register.contacts(f"{each:011}" for each in range(2 * BULK + 1))
    assert portions == [BULK, BULK, 1]


def test_nobody_asked_for_is_no_call(register, fault):
    fault("krr", "500")
    assert register.contacts([]) == {}


def test_too_many_at_once_are_refused(register):
    with pytest.raises(Refused):
        register._bulk([f"{each:011}" for each in range(BULK + 1)])


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},
        {"personer": ["1"]},
        {"personer": [{"status": "AKTIV"}]},
        {"personer": [{"personidentifikator": "1"}]},
        {"personer": [{"personidentifikator": "1", "status": "NY"}]},
        {"personer": [{"personidentifikator": "1", "status": "AKTIV", "varslingsstatus": "?"}]},
        {
            "personer": [
                {
                    "personidentifikator": "1",
                    "status": "AKTIV",
                    "kontaktinformasjon": {"epostadresse": "a", "epostadresse_oppdatert": "nylig"},
                }
            ]
        },
    ],
)
def test_what_is_not_as_documented_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.contacts(broken)


def test_an_answer_about_others_is_unreadable(register, monkeypatch):
    body = {"personer": [{"personidentifikator": "1", "status": "IKKE_REGISTRERT"}]}
    other = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    monkeypatch.setattr(register._http._transport, "_inner", other)
    with pytest.raises(Unreadable):
        register.contacts(["2"])


def test_no_answer_shows_an_address(register):
    shown = repr(asked(register, "Kari"))
    assert "@" not in shown
    assert "+47" not in shown
