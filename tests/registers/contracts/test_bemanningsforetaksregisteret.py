import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import USER_AGENT, Unreadable
from hmskort.simulators import site, world
from registers.bemanningsforetaksregisteret import parsing, simulator
from registers.bemanningsforetaksregisteret.answers import Status
from registers.clients import client
from registers.snapshots import Shrunken


@pytest.fixture
def register():
    return client("bemanningsforetaksregisteret")


def statuses(register):
    return {row.orgnr: row.status for row in register.snapshot()}


def body_with(**changes):
    unit = {"organisasjonsnummer": "923609016", "navn": "Vikar", "godkjenningsstatus": "Godkjent"}
    unit |= changes
    return {
        "metadata": {"versjon": "2.2", "datoTidGenerert": "2025-02-24T07:07:12.2930356Z"},
        "registernavn": "bemanningsforetaksregisteret",
        "data": [{key: value for key, value in unit.items() if value is not None}],
    }


def test_to_be_in_the_register_is_not_to_be_approved(register):
    found = statuses(register)
    assert found[world.company("staffing").orgnr] == Status.APPROVED
    assert found[world.company("staffing not approved").orgnr] == Status.NOT_APPROVED
    assert world.company("staffing not in the register").orgnr not in found


def test_a_sub_unit_may_be_refused_where_its_main_unit_is_approved(register):
    company = world.company("staffing sub-unit not approved")
    found = statuses(register)
    assert found[company.orgnr] == Status.APPROVED
    assert [found[sub] for sub in company.subunits] == [Status.APPROVED, Status.NOT_APPROVED]


def test_a_sub_unit_knows_its_main_unit(register):
    company = world.company("staffing")
    rows = {row.orgnr: row for row in register.snapshot()}
    assert {rows[sub].main_orgnr for sub in company.subunits} == {company.orgnr}


def test_callers_without_a_user_agent_are_turned_away_and_the_client_has_one(settings, register):
    address = settings.REGISTERS["bemanningsforetaksregisteret"]["base_url"]
    http = httpx.Client(transport=site.transport())
    assert http.get(address, headers={"User-Agent": ""}).status_code == httpx.codes.FORBIDDEN
    assert http.get(address, headers={"User-Agent": USER_AGENT}).status_code == httpx.codes.OK
    assert register.snapshot()


def test_the_register_says_when_it_was_made(register):
    assert abs(register.snapshot().generated_at - clock.now()).total_seconds() < 60
    assert parsing.generated_at(body_with()).isoformat() == "2025-02-24T07:07:12.293035+00:00"


def test_the_same_register_is_not_sent_twice(register, store):
    first = register.snapshot()
    assert register.snapshot(first.version) is None
    store.delete(simulator.AGENCIES, world.company("staffing not approved").orgnr)
    assert len(register.snapshot(first.version)) == len(first) - 2


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        ({"godkjenningsstatus": "GODKJENT"}, Status.APPROVED),
        ({"godkjenningsstatus": "Ikke Godkjent"}, Status.NOT_APPROVED),
        ({"godkjenningsstatus": "Søknad under behandling"}, Status.UNDER_CONSIDERATION),
        ({"godkjenningsstatus": "Godkjent", "registerstatusTekst": "Godkjent"}, Status.APPROVED),
        # What is not documented, or says two things, is neither a yes nor a no.
        ({"godkjenningsstatus": "Godkjent", "registerstatusTekst": "Slettet"}, Status.UNKNOWN),
        ({"godkjenningsstatus": "Midlertidig godkjent"}, Status.UNKNOWN),
        ({"godkjenningsstatus": None, "registerstatus": 1}, Status.UNKNOWN),
    ],
)
def test_the_texts_decide_and_never_the_numbers(texts, status):
    body = body_with(**texts)
    other = body_with(organisasjonsnummer="974761076")["data"]
    rows = parsing.agencies({**body, "data": body["data"] + other})
    assert rows[0].status == status


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},
        {**body_with(), "registernavn": "bilpleieregisteret"},
        {**body_with(), "data": []},
        {**body_with(), "data": ["923609016"]},
        body_with(organisasjonsnummer="123"),
        body_with(organisasjonsnummer=None),
        body_with(godkjenningsstatus=1),
        body_with(godkjenningsstatus="noe nytt"),
        body_with(underenheter=[{"godkjenningsstatus": "Godkjent"}]),
    ],
)
def test_what_is_not_the_register_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.agencies(broken)


@pytest.mark.parametrize("time", [None, "i går", "2025-02-24T07:07:12"])
def test_a_register_that_does_not_say_when_it_was_made_is_unreadable(time):
    body = {**body_with(), "metadata": {"datoTidGenerert": time}}
    with pytest.raises(Unreadable):
        parsing.generated_at(body)


def test_an_answer_that_ends_too_early_is_not_kept_in_part(register, monkeypatch):
    whole = httpx.Response(200, json=body_with()).content
    half = httpx.MockTransport(
        lambda _: httpx.Response(
            200, content=whole[:-10], headers={"Content-Type": "application/json"}
        )
    )
    monkeypatch.setattr(register._http._transport, "_inner", half)
    with pytest.raises(Unreadable):
        register.snapshot()


def test_a_register_that_shrank_is_refused_until_somebody_says_it_is_right(register, store):
    before = register.snapshot().version
    for orgnr, _ in store.all(simulator.AGENCIES)[-30:]:
        store.delete(simulator.AGENCIES, orgnr)
    with pytest.raises(Shrunken):
        register.snapshot(before)
    assert register.snapshot().version.rows == before.rows - 30


def test_approvals_that_vanish_at_once_are_refused(register, store):
    before = register.snapshot().version
    for orgnr, body in store.all(simulator.AGENCIES)[-30:]:
        refused = simulator.agency(orgnr, body["navn"], "AS", "Ikke godkjent", [])
        store.put(simulator.AGENCIES, orgnr, refused)
    with pytest.raises(Shrunken):
        register.snapshot(before)


def test_one_company_may_lose_its_approval_with_all_its_sub_units(register, store):
    before = register.snapshot().version
    company = world.company("staffing")
    subs = [(orgnr, "", "Ikke godkjent") for orgnr in company.subunits]
    body = simulator.agency(company.orgnr, company.name, "AS", "Ikke godkjent", subs)
    store.put(simulator.AGENCIES, company.orgnr, body)
    assert register.snapshot(before).version.approved == before.approved - 3
