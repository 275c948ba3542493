from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Unreadable
from hmskort.simulators import site, world
from registers.answers import NotFound
from registers.clients import client
from registers.oar import parsing, simulator

ROW = {
    "oppdragsId": "1",
    "oppdragsgiver": "974761076",
    "oppdragstaker": "923609016",
    "foedselsEllerDNummer": "1",
    "startdato": "2026-01-01",
    "sluttdato": None,
    "idKontroll": True,
}


@pytest.fixture
def register():
    return client("oar")


def asked(register, person, company="NUF"):
    return register.posted_work(world.company(company).orgnr, world.person(person).national_id)


def test_work_that_is_reported_says_for_whom_and_since_when(register):
    (work,) = asked(register, "posted worker")
    assert work.orgnr == world.company("NUF").orgnr
    assert work.client_orgnr == world.company("Byggmester AS").orgnr
    assert (work.ends_on, work.identity_checked) == (None, True)
    assert work.starts_on < clock.today()


def test_work_that_ended_or_begins_later_is_told_with_its_dates(register):
    (ended,) = asked(register, "posted work ended")
    assert ended.ends_on == clock.today() - timedelta(days=5)
    (coming,) = asked(register, "posted work starts in 10 days")
    assert coming.starts_on == clock.today() + timedelta(days=10)


@pytest.mark.parametrize("case", ["posted worker not reported", "posted by another company"])
def test_nothing_reported_is_an_answer_without_rows(register, case):
    assert asked(register, case) == ()


def test_a_company_that_never_reported_is_not_known(register):
    assert isinstance(asked(register, "employed", "Byggmester AS"), NotFound)


def test_the_identity_number_is_in_the_body_alone(register, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    seen, inner = [], register._http._transport._inner
    monkeypatch.setattr(
        register._http._transport,
        "_inner",
        httpx.MockTransport(lambda request: seen.append(request) or inner.handle_request(request)),
    )
    asked(register, "posted worker")
    number = world.person("posted worker").national_id
    request = seen[-1]
    assert number in request.content.decode()
    assert number not in f"{request.url} {request.headers} {caplog.text}"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"rows": [ROW]},
        ["1"],
        [{**ROW, "oppdragstaker": "974761076"}],  # about another company
        [{**ROW, "startdato": None}],
        [{**ROW, "sluttdato": "snart"}],
        [{**ROW, "idKontroll": "ja"}],
        [{**ROW, "oppdragsId": 1}],
        [{**ROW, "oppdragsId": ""}],
        [{**ROW, "foedselsEllerDNummer": "2"}],  # about another person
        [{**ROW, "sluttdato": "2025-12-31"}],  # ends before it begins
    ],
)
def test_what_is_not_as_assumed_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.posted_work(broken, "923609016", "1")


def test_a_404_that_the_register_did_not_write_says_nothing(register, monkeypatch):
    page = httpx.MockTransport(lambda _: httpx.Response(404, html="<h1>Not here</h1>"))
    monkeypatch.setattr(register._http._transport, "_inner", page)
    with pytest.raises(Unreadable):
        asked(register, "posted worker")


def test_the_simulator_wants_a_token_and_a_whole_question(settings, register):
    base = settings.REGISTERS["oar"]["base_url"]
    bare = httpx.Client(base_url=base, transport=site.transport())
    assert bare.post("/arbeidsforhold", json={}).status_code == httpx.codes.UNAUTHORIZED
    answer = register._http.post("arbeidsforhold", json={"organisasjonsnummer": "1"})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["kode"].startswith(simulator.CODE)
