"""A hand on the world: what a developer changes, the registers' clients read."""

from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.simulation import PEOPLE
from hmskort.simulators import site, world
from hmskort.simulators.hand.forms import HANDS
from hmskort.simulators.store import Store
from registers import national_id
from registers.bemanningsforetaksregisteret.answers import Status as StaffingStatus
from registers.clients import client
from registers.enhetsregisteret.answers import Deleted
from registers.renholdsregisteret.answers import Status as CleaningStatus
from registers.udi.answers import Access, Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings):
    return httpx.Client(
        base_url=settings.SIMULATORS_URL, transport=site.transport(), follow_redirects=True
    )


@pytest.fixture
def hand(visitor):
    """`hand("death", national_id=...)`: it happens, and the answer says where it is told."""

    def do(what, **given):
        answer = visitor.post(f"/_hand/{what}", json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()["feed"]

    return do


@pytest.fixture
def events():
    """The kinds of events that come out of Folkeregisteret from now."""
    register = client("folkeregisteret")
    last = register.last_sequence()
    return lambda: [event.kind for event in register.events(last).items]


@pytest.fixture
def changes():
    """The changes that come out of Enhetsregisteret from now."""
    register = client("enhetsregisteret")
    before = {
        feed: register.changes(feed, size=10_000)[-1].sequence
        for feed in ("enheter", "underenheter")
    }
    return lambda: {
        feed: [change.paths for change in register.changes(feed, after=last)]
        for feed, last in before.items()
    }


def number(case):
    return world.person(case).national_id


def employments(case):
    return client("aaregisteret").employments(number(case))


def on_day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


# Employment: Aa-registeret has no feed


def test_an_employment_ends_now_or_on_a_day(hand, byggmester):
    given = {"national_id": number("employed"), "orgnr": byggmester.orgnr}
    assert hand("end-employment", **given, on=on_day(6)) is None
    (employment,) = employments("employed")
    assert employment.ends_on == clock.today() + timedelta(days=6)
    hand("end-employment", **given)
    assert employments("employed") == ()


def test_an_employment_begins_today_or_on_a_day(hand, byggmester):
    given = {"national_id": number("not employed")}
    hand("start-employment", **given, orgnr=byggmester.subunits[1])
    hand("start-employment", **given, orgnr=world.company("roofer").orgnr, on=on_day(9))
    here, later = sorted(employments("not employed"), key=lambda each: each.starts_on)
    assert (here.orgnr, here.main_orgnr) == (byggmester.subunits[1], byggmester.orgnr)
    assert here.starts_on == clock.today()
    assert later.orgnr == world.company("roofer").subunits[0]  # the first of the main unit's
    assert later.starts_on == clock.today() + timedelta(days=9)


def test_an_employment_that_had_not_begun_is_taken_back(hand, byggmester):
    given = {"national_id": number("employment starts in 29 days"), "orgnr": byggmester.orgnr}
    hand("end-employment", **given)
    assert employments("employment starts in 29 days") == ()


def test_posted_work_begins_and_ends(hand):
    given = {"national_id": number("posted worker not reported"), "orgnr": orgnr("NUF")}
    assert hand("start-posting", **given) is None
    (work,) = client("oar").posted_work(given["orgnr"], given["national_id"])
    assert (work.starts_on, work.ends_on) == (clock.today(), None)
    hand("end-posting", **given, on=on_day(0))
    (work,) = client("oar").posted_work(given["orgnr"], given["national_id"])
    assert work.ends_on == clock.today()


# Folkeregisteret


def test_a_d_number_goes_inactive_and_active_again(hand, events):
    register = client("folkeregisteret")
    assert hand("d-number", national_id=number("D-number"), status="inaktiv")
    assert register.person(number("D-number")).status == "inaktiv"
    hand("d-number", national_id=number("D-number"), status="midlertidig")
    assert register.person(number("D-number")).status == "midlertidig"
    assert events() == ["endringIStatus", "personErInaktiv", "endringIStatus"]


def test_somebody_dies(hand, events):
    hand("death", national_id=number("employed"), on=on_day(-1))
    person = client("folkeregisteret").person(number("employed"))
    assert (person.status, person.died_on) == ("doed", clock.today() - timedelta(days=1))
    assert "personErDoed" in events()


def test_somebody_gets_another_citizenship(hand, events):
    hand("citizenship", national_id=number("employed"), citizenships="UKR")
    assert client("folkeregisteret").person(number("employed")).citizenships == ("UKR",)
    hand("citizenship", national_id=number("employed"), citizenships="UKR NOR")
    assert client("folkeregisteret").person(number("employed")).citizenships == ("UKR", "NOR")
    assert events() == ["endringIStatsborgerskap"] * 2


def test_somebody_gets_another_name(hand, events, visitor):
    hand("name", national_id=number("employed"), given_names="Nora", surname="Gift")
    assert client("folkeregisteret").person(number("employed")).name == "Nora Gift"
    assert events() == ["endringINavn"]
    assert "Nora Gift" in visitor.get("/people/", params={"q": "gift"}).text


def test_a_d_number_becomes_a_fodselsnummer(hand, events, byggmester):
    old = number("D-number")
    hand("fodselsnummer", national_id=old)
    person = client("folkeregisteret").person(old)
    assert (person.kind, person.number_in_use) == ("fodselsnummer", True)
    assert person.national_id != old
    assert national_id.is_synthetic(person.national_id)
    assert national_id.can_be_born_on(person.national_id, world.person("D-number").birth_date)
    assert events() == ["endringIIdentifikasjonsnummer"] * 2
    (employment,) = client("aaregisteret").employments(person.national_id)
    assert employment.main_orgnr == byggmester.orgnr
    assert Store().get(PEOPLE, old) is None
    assert Store().get(PEOPLE, person.national_id)["case"] == "D-number"


def test_udi_answers_something_else(hand):
    register = client("udi")
    given = {"national_id": number("not EEA")}
    assert hand("right-to-work", **given, access="Nei") is None
    assert register.right_to_work(given["national_id"]).access == Access.NO
    hand("right-to-work", **given, access="Uavklart")
    assert register.right_to_work(given["national_id"]).access == Access.UNCLEAR
    hand("right-to-work", **given, access="Ja", on=on_day(30))
    answer = register.right_to_work(given["national_id"])
    assert (answer.access, answer.kind) == (Access.YES, Kind.GENERAL)
    assert answer.ends_on == clock.today() + timedelta(days=30)


# Companies


def orgnr(case):
    return world.company(case).orgnr


def company(case):
    return client("enhetsregisteret").company(orgnr(case))


def test_a_company_goes_bankrupt_and_back(hand, changes):
    assert hand("bankruptcy", orgnr=orgnr("roofer"), on=True)
    assert company("roofer").bankrupt
    hand("bankruptcy", orgnr=orgnr("roofer"), on=False)
    assert not company("roofer").bankrupt
    first, second = changes()["enheter"]
    assert "/konkurs" in first
    assert "/konkurs" in second


def test_a_company_leaves_the_vat_register_and_comes_back(hand, changes, byggmester):
    hand("vat", orgnr=byggmester.orgnr, on=False)
    assert not company("Byggmester AS").vat_registered
    hand("vat", orgnr=byggmester.orgnr, on=True)
    assert company("Byggmester AS").vat_registered
    assert changes()["enheter"] == [("/registrertIMvaregisteret",)] * 2
    assert len(changes()["underenheter"]) == 4  # both sub-units, both ways


def test_a_company_leaves_foretaksregisteret(hand):
    hand("foretaksregisteret", orgnr=orgnr("cleaning"), on=False)
    assert company("cleaning").in_foretaksregisteret is False


def test_a_company_is_deleted_and_brought_back(hand, changes):
    before = company("closed sub-unit")
    hand("deletion", orgnr=orgnr("closed sub-unit"), on=on_day(-1))
    answer = company("closed sub-unit")
    assert isinstance(answer, Deleted)
    assert answer.deleted_on == clock.today() - timedelta(days=1)
    hand("restoration", orgnr=orgnr("closed sub-unit"))
    assert company("closed sub-unit") == before
    assert len(changes()["enheter"]) == 2


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Godkjent med ansatte", CleaningStatus.APPROVED_WITH_EMPLOYEES),
        ("Godkjent uten ansatte", CleaningStatus.APPROVED_WITHOUT_EMPLOYEES),
        ("Søknad under behandling", CleaningStatus.UNDER_CONSIDERATION),
        ("HMS-kortbestilling under behandling", CleaningStatus.ORDERING_CARDS),
        ("Ikke godkjent", CleaningStatus.NOT_APPROVED),
        ("", None),
    ],
)
def test_a_cleaning_company_gets_any_status_or_none(hand, text, status):
    assert hand("cleaning", orgnr=orgnr("cleaning"), status=text) is None
    found = {row.orgnr: row.status for row in client("renholdsregisteret").snapshot()}
    assert found.get(orgnr("cleaning")) == status
    assert found.get(world.company("cleaning").subunits[1]) == status


def test_a_staffing_agency_loses_and_gets_its_approval(hand):
    agency = world.company("staffing")
    hand("staffing", orgnr=agency.orgnr, status="Ikke godkjent")
    assert staffing(agency.orgnr, *agency.subunits) == [StaffingStatus.NOT_APPROVED] * 3
    hand("staffing", orgnr=agency.orgnr, status="Godkjent")
    hand("staffing", orgnr=agency.subunits[0], status="Ikke godkjent")
    assert staffing(agency.orgnr, *agency.subunits) == [
        StaffingStatus.APPROVED,
        StaffingStatus.NOT_APPROVED,
        StaffingStatus.APPROVED,
    ]
    hand("staffing", orgnr=agency.orgnr, status="")
    assert staffing(agency.orgnr, *agency.subunits) == [None] * 3


def staffing(*orgnrs):
    found = {row.orgnr: row.status for row in client("bemanningsforetaksregisteret").snapshot()}
    return [found.get(each) for each in orgnrs]


# What cannot happen


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("death", {}),
        ("death", {"national_id": "12345678901"}),
        ("death", {"national_id": "not in Folkeregisteret"}),
        ("death", {"national_id": "employed", "on": "i går"}),
        ("d-number", {"national_id": "employed", "status": "inaktiv"}),
        ("d-number", {"national_id": "D-number", "status": "borte"}),
        ("fodselsnummer", {"national_id": "employed"}),
        ("citizenship", {"national_id": "employed", "citizenships": "norsk"}),
        ("end-employment", {"national_id": "not employed", "orgnr": "Byggmester AS"}),
        ("end-posting", {"national_id": "not employed", "orgnr": "NUF"}),
        ("start-employment", {"national_id": "not employed", "orgnr": "removed"}),
        ("right-to-work", {"national_id": "employed", "access": "Kanskje"}),
        ("bankruptcy", {"orgnr": "deleted", "on": True}),
        ("bankruptcy", {"orgnr": "Byggmester AS"}),
        ("vat", {"orgnr": "Byggmester AS", "on": "kanskje"}),
        ("cleaning", {"orgnr": "cleaning", "status": "Nesten godkjent"}),
    ],
)
def test_what_cannot_happen_is_refused_and_changes_nothing(visitor, what, given):
    if given.get("national_id", "0")[0].isalpha():
        given = {**given, "national_id": number(given["national_id"])}
    if "orgnr" in given:
        given = {**given, "orgnr": orgnr(given["orgnr"])}
    answer = visitor.post(f"/_hand/{what}", json=given)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_hand_that_does_not_exist_is_not_found(visitor):
    assert visitor.post("/_hand/flood", json={}).status_code == 404
    assert visitor.post("/_hand/death", json=["x"]).status_code == 400
    assert visitor.get("/_hand/death").status_code == 405


def test_programs_can_read_what_there_is(visitor):
    told = {each["what"]: each for each in visitor.get("/_hand/").json()["hands"]}
    assert set(told) == set(HANDS)
    assert told["end-employment"]["feed"] is None
    assert "Godkjent med ansatte" in told["cleaning"]["fields"]["status"]["choices"]


# The pages


def place(case):
    return Store().get(PEOPLE, number(case))["place"]


@pytest.mark.parametrize(
    "case", ["Kari", "D-number", "dead", "posted worker", "permit unclear", "single name",
             "not in Folkeregisteret", "not employed", "employed in a household"],
)  # fmt: skip
def test_everybody_has_a_page_of_what_the_registers_say(visitor, case):
    page = visitor.get(f"/people/{place(case)}/")
    assert page.status_code == 200
    assert world.person(case).surname in page.text
    assert "Folkeregisteret" in page.text


def test_nobody_and_no_company_is_not_found(visitor):
    assert visitor.get("/people/9999/").status_code == 404
    assert visitor.get("/companies/923609016/").status_code == 404


@pytest.mark.parametrize("case", ["Byggmester AS", "deleted", "staffing", "cleaning", "NUF"])
def test_every_company_has_a_page_of_what_the_registers_say(visitor, case):
    page = visitor.get(f"/companies/{orgnr(case)}/")
    assert page.status_code == 200
    assert world.company(case).name in page.text


def test_companies_are_found_by_name_or_number(visitor):
    assert "BLANKT RENHOLD AS" in visitor.get("/companies/", params={"q": "blankt"}).text
    page = visitor.get("/companies/", params={"q": orgnr("roofer")}).text
    assert world.company("roofer").name in page
    assert "BLANKT" not in page


def test_a_form_of_a_page_changes_the_world_and_says_where_it_is_told(visitor, events):
    path = f"/people/{place('employed')}/"
    given = {"national_id": number("employed"), "surname": "Nygift", "page": path}
    page = visitor.post("/_hand/name", data=given)
    assert page.url.path == path
    assert number("employed") not in str(page.url)
    assert "Nygift" in page.text
    assert "hendelseslisten til Folkeregisteret" in page.text
    assert events() == ["endringINavn"]


def test_a_page_after_an_employment_ended_says_that_there_is_no_feed(visitor, byggmester):
    path = f"/people/{place('employed')}/"
    given = {"national_id": number("employed"), "orgnr": byggmester.subunits[0], "page": path}
    page = visitor.post("/_hand/end-employment", data=given).text
    assert "Registeret har ingen hendelsesliste" in page


def test_a_form_that_was_not_accepted_comes_back_on_its_page(visitor):
    path = f"/people/{place('employed')}/"
    given = {"national_id": number("employed"), "citizenships": "polsk", "page": path}
    page = visitor.post("/_hand/citizenship", data=given)
    assert page.status_code == 400
    assert "Skriv landkoder som POL" in page.text
    assert 'value="polsk"' in page.text


def test_only_the_form_that_was_sent_says_what_was_wrong(visitor, byggmester):
    path = f"/people/{place('two employers')}/"
    given = {
        "national_id": number("two employers"),
        "orgnr": byggmester.subunits[0],
        "on": "snart",
        "page": path,
    }
    page = visitor.post("/_hand/end-employment", data=given).text
    assert page.count('role="alert"') == 1


@pytest.mark.parametrize("page", ["", "/", "https://example.com/", "/_faults/sms"])
def test_a_form_leads_back_only_to_pages_of_the_hand(visitor, page):
    given = {"national_id": number("employed"), "citizenships": "POL", "page": page}
    assert visitor.post("/_hand/citizenship", data=given).status_code == 404
    assert client("folkeregisteret").person(number("employed")).citizenships == ("NOR",)


def test_a_switch_offers_the_opposite_of_what_is(visitor):
    path = f"/companies/{orgnr('roofer')}/"
    assert "Slå konkurs" in visitor.get(path).text
    given = {"orgnr": orgnr("roofer"), "on": "true", "page": path}
    page = visitor.post("/_hand/bankruptcy", data=given).text
    assert "Konkurs: ja" in page
    assert "Opphev konkursen" in page
