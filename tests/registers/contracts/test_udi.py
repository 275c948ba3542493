from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Unreadable
from hmskort.simulators import site, world
from registers.answers import NotFound
from registers.clients import client
from registers.udi import parsing
from registers.udi.answers import Access, Kind, RightToWork

PERIOD = {"fra": "2026-01-01", "til": "2027-01-01"}


@pytest.fixture
def register():
    return client("udi")


def asked(register, case):
    return register.right_to_work(world.person(case).national_id)


def body_with(**told):
    at = clock.now().isoformat()
    return {"foresporselsfodselsnummer": "1", "uttrekkstidspunkt": at, "arbeidsadgang": told}


@pytest.mark.parametrize(
    ("case", "access", "kind"),
    [
        ("cleaner outside EEA", Access.YES, Kind.GENERAL),
        ("permit refused", Access.NO, Kind.UNCLEAR),
        ("permit unclear", Access.UNCLEAR, Kind.UNCLEAR),
        ("permit for one employer", Access.YES, Kind.ONE_EMPLOYER),
        ("stateless", Access.UNCLEAR, Kind.UNCLEAR),
    ],
)
def test_yes_no_and_unclear_are_three_answers(register, case, access, kind):
    answer = asked(register, case)
    assert (answer.access, answer.kind) == (access, kind)


def test_a_permit_says_its_last_day(register):
    assert asked(register, "permit ends in 10 days").ends_on == clock.today() + timedelta(days=10)
    assert asked(register, "cleaner outside EEA").ends_on is None


@pytest.mark.parametrize("case", ["permit not known", "employed"])
def test_somebody_that_udi_does_not_know_is_not_found(register, case):
    assert isinstance(asked(register, case), NotFound)


def test_the_identity_number_is_in_the_body_alone(register, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    seen, inner = [], register._http._transport._inner
    monkeypatch.setattr(
        register._http._transport,
        "_inner",
        httpx.MockTransport(lambda request: seen.append(request) or inner.handle_request(request)),
    )
    asked(register, "permit refused")
    number = world.person("permit refused").national_id
    assert number in seen[-1].content.decode()
    assert number not in f"{seen[-1].url} {seen[-1].headers} {caplog.text}"


def test_a_no_and_an_unclear_need_say_no_more():
    for text, access in (("Nei", Access.NO), ("Uavklart", Access.UNCLEAR)):
        told = parsing.right_to_work(body_with(harArbeidsadgang=text), "1")
        assert told == RightToWork(access, Kind.UNCLEAR, None, None)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        body_with(),
        body_with(harArbeidsadgang="Kanskje"),
        body_with(harArbeidsadgang=True),
        body_with(harArbeidsadgang="Ja"),  # to which work?
        body_with(harArbeidsadgang="Ja", typeArbeidsadgang="NoeNytt"),
        body_with(
            harArbeidsadgang="Ja",
            typeArbeidsadgang="Generell",
            arbeidsadgangsPeriode={"fra": "2027-01-01", "til": "2026-01-01"},
        ),
        body_with(harArbeidsadgang="Ja", typeArbeidsadgang="Generell", arbeidsadgangsPeriode=[]),
        body_with(harArbeidsadgang="Nei", typeArbeidsadgang="Generell"),
        {**body_with(harArbeidsadgang="Nei"), "foresporselsfodselsnummer": "2"},
        {**body_with(harArbeidsadgang="Nei"), "uttrekkstidspunkt": "2020-01-01T12:00:00+01:00"},
    ],
)
def test_what_is_not_as_assumed_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.right_to_work(broken, "1")


def test_a_period_is_read():
    told = body_with(
        harArbeidsadgang="Ja", typeArbeidsadgang="Generell", arbeidsadgangsPeriode=PERIOD
    )
    answer = parsing.right_to_work(told, "1")
    assert (answer.starts_on.isoformat(), answer.ends_on.isoformat()) == tuple(PERIOD.values())


def test_the_simulator_wants_a_token_and_a_whole_question(settings, register):
    base = settings.REGISTERS["udi"]["base_url"]
    bare = httpx.Client(base_url=base, transport=site.transport())
    assert bare.post("/arbeidsadgang", json={}).status_code == httpx.codes.UNAUTHORIZED
    answer = register._http.post("arbeidsadgang", json={})
    assert answer.status_code == httpx.codes.BAD_REQUEST
