import httpx
import pytest

from hmskort.common.services import Unreadable
from hmskort.simulators import site, world
from registers.answers import NotFound
from registers.clients import client
from registers.enhetsregisteret import parsing, simulator
from registers.enhetsregisteret.answers import Company, CompanyHolder, Deleted, PersonHolder


@pytest.fixture
def companies():
    return client("enhetsregisteret")


@pytest.fixture
def api(settings):
    """The API as any caller meets it."""
    base = settings.REGISTERS["enhetsregisteret"]["base_url"]
    return httpx.Client(base_url=base, transport=site.transport())


def orgnr(case):
    return world.company(case).orgnr


def test_a_main_unit_is_described(companies, byggmester):
    answer = companies.company(byggmester.orgnr)
    assert isinstance(answer, Company)
    assert (answer.name, answer.form) == ("BYGGMESTER AS", "AS")
    assert answer.main_orgnr is None
    assert (answer.bankrupt, answer.winding_up) == (False, False)
    assert answer.vat_registered
    assert answer.in_foretaksregisteret
    assert answer.industries == ("41.200",)
    assert (answer.address.lines, answer.address.city) == (("Hammersborggata 12",), "OSLO")


def test_a_sub_unit_is_found_under_its_own_number(companies, byggmester):
    answer = companies.company(byggmester.subunits[1])
    assert isinstance(answer, Company)
    assert answer.main_orgnr == byggmester.orgnr
    assert answer.name == "BYGGMESTER AS AVD BERGEN"


def test_what_a_sub_unit_does_not_say_is_not_a_no(companies, byggmester):
    answer = companies.company(byggmester.subunits[0])
    assert (answer.bankrupt, answer.winding_up, answer.in_foretaksregisteret) == (None, None, None)


def test_a_closed_sub_unit_says_when(companies):
    assert companies.company(world.company("closed sub-unit").subunits[-1]).closed_on is not None
    assert companies.company(world.company("closed sub-unit").subunits[0]).closed_on is None


@pytest.mark.parametrize(
    ("case", "attribute"),
    [
        ("bankrupt", "bankrupt"),
        ("winding up", "winding_up"),
        ("forced dissolution", "winding_up"),
    ],
)
def test_a_company_that_is_ending_says_so(companies, case, attribute):
    assert getattr(companies.company(orgnr(case)), attribute) is True


def test_a_deleted_company_is_deleted_though_the_answer_is_200(companies, api):
    assert api.get(f"enheter/{orgnr('deleted')}").status_code == httpx.codes.OK
    answer = companies.company(orgnr("deleted"))
    assert isinstance(answer, Deleted)
    assert answer.deleted_on is not None
    assert not answer.removed


def test_a_company_removed_for_legal_reasons_is_gone(companies, api):
    assert api.get(f"enheter/{orgnr('removed')}").status_code == httpx.codes.GONE
    answer = companies.company(orgnr("removed"))
    assert isinstance(answer, Deleted)
    assert answer.removed


def test_an_unknown_number_is_not_found(companies):
    assert isinstance(companies.company("923609016"), NotFound)
    assert isinstance(companies.roles("923609016"), NotFound)


def test_a_missing_page_that_the_register_did_not_write_says_nothing(companies, monkeypatch):
    page = httpx.MockTransport(lambda _: httpx.Response(404, html="<h1>Not here</h1>"))
    monkeypatch.setattr(companies._http._transport, "_inner", page)
    with pytest.raises(Unreadable):
        companies.company("923609016")


@pytest.mark.parametrize(
    ("case", "vat", "form"),
    [
        ("not VAT registered", False, "AS"),
        ("municipality", False, "KOMM"),
        ("ENK", True, "ENK"),
        ("NUF", True, "NUF"),
        ("DA", True, "DA"),
        ("ANS", True, "ANS"),
    ],
)
def test_form_and_vat_registration_come_from_the_same_answer(companies, case, vat, form):
    answer = companies.company(orgnr(case))
    assert (answer.vat_registered, answer.form) == (vat, form)


def test_the_sub_units_of_a_company_are_listed(companies, byggmester):
    assert {each.orgnr for each in companies.subunits(byggmester.orgnr)} == set(byggmester.subunits)


def test_a_company_may_have_no_sub_units(companies):
    assert companies.subunits(orgnr("removed")) == ()


def test_every_page_of_sub_units_is_read(companies, store, byggmester):
    body = store.get(simulator.SUBUNITS, byggmester.subunits[0])
    for number in range(250):
        extra = f"9{number:08}"
        store.put(simulator.SUBUNITS, extra, {**body, "organisasjonsnummer": extra})
    assert len(companies.subunits(byggmester.orgnr)) == len(byggmester.subunits) + 250


def test_roles_name_people_by_birth_date_alone(companies, byggmester):
    roles = companies.roles(byggmester.orgnr)
    leader = next(role for role in roles if role.code == "DAGL")
    kari = world.person("Kari")
    assert leader.holder == PersonHolder("Kari", "Byggestad", kari.birth_date, dead=False)
    chair = next(role for role in roles if role.code == "LEDE")
    assert chair.group == "STYR"


def test_a_role_that_is_over_is_left_out(companies, byggmester):
    holders = [role.holder for role in companies.roles(byggmester.orgnr)]
    names = [each.surname for each in holders if isinstance(each, PersonHolder)]
    assert "Fratrådt" not in names


def test_a_company_may_hold_a_role(companies, byggmester):
    accountant = next(role for role in companies.roles(byggmester.orgnr) if role.code == "REGN")
    assert accountant.holder == CompanyHolder(orgnr("accountant"), deleted=False)


def test_an_answer_about_another_company_is_unreadable(companies, store, byggmester):
    other = store.get(simulator.UNITS, orgnr("roofer"))
    store.put(simulator.UNITS, byggmester.orgnr, other)
    with pytest.raises(Unreadable):
        companies.company(byggmester.orgnr)


@pytest.mark.parametrize(
    "broken",
    [
        {"navn": " "},
        {"organisasjonsform": {"kode": "??"}},
        {"registreringsdatoEnhetsregisteret": "2999-01-01"},
        {"konkursdato": "2026-01-01"},  # of one that is not bankrupt
        {"overordnetEnhet": "itself"},
    ],
)
def test_what_no_unit_can_be_is_unreadable(companies, store, byggmester, broken):
    body = store.get(simulator.UNITS, byggmester.orgnr) | broken
    if "overordnetEnhet" in broken:
        body["overordnetEnhet"] = byggmester.orgnr
    store.put(simulator.UNITS, byggmester.orgnr, body)
    with pytest.raises(Unreadable):
        companies.company(byggmester.orgnr)


def test_roles_of_another_unit_or_of_nobody_are_unreadable(byggmester):
    link = {"self": {"href": f"https://example.no/api/enheter/{byggmester.orgnr}/roller"}}
    with pytest.raises(Unreadable, match="another unit"):
        parsing.roles({"rollegrupper": [{}], "_links": link}, "923609016")
    with pytest.raises(Unreadable, match="empty"):
        parsing.roles({"rollegrupper": [], "_links": link}, byggmester.orgnr)


@pytest.mark.parametrize("flag", ["konkurs", "registrertIMvaregisteret", "underAvvikling"])
def test_a_flag_that_is_missing_or_odd_is_never_taken_for_no(companies, store, byggmester, flag):
    body = store.get(simulator.UNITS, byggmester.orgnr)
    store.put(simulator.UNITS, byggmester.orgnr, {**body, flag: "nei"})
    with pytest.raises(Unreadable):
        companies.company(byggmester.orgnr)
    store.put(simulator.UNITS, byggmester.orgnr, {k: v for k, v in body.items() if k != flag})
    with pytest.raises(Unreadable):
        companies.company(byggmester.orgnr)


def test_an_error_never_quotes_the_answer():
    with pytest.raises(Unreadable) as raised:
        parsing.company({"organisasjonsnummer": "secret"}, "923609016")
    assert "secret" not in str(raised.value)


# The API beside what the portal asks of it today


def test_a_number_with_a_wrong_check_digit_is_a_bad_request(api):
    assert api.get("enheter/923609017").status_code == httpx.codes.BAD_REQUEST


def test_a_search_pages_and_has_no_embedded_when_nothing_is_found(api):
    page = api.get("enheter", params={"navn": "renhold", "size": 1}).json()
    assert len(page["_embedded"]["enheter"]) == 1
    assert page["page"]["totalElements"] >= 1
    assert "_embedded" not in api.get("enheter", params={"navn": "finnes ikke"}).json()
    assert api.get("enheter", params={"size": 10_001}).status_code == httpx.codes.BAD_REQUEST


def test_a_change_is_let_out_on_the_feed(api, store, byggmester):
    last = api.get("oppdateringer/enheter", params={"size": 10_000}).json()
    after = last["_embedded"]["oppdaterteEnheter"][-1]["oppdateringsid"] + 1
    assert "_embedded" not in api.get(f"oppdateringer/enheter?oppdateringsid={after}").json()

    body = store.get(simulator.UNITS, byggmester.orgnr)
    simulator.change(store, simulator.UNITS, byggmester.orgnr, {**body, "konkurs": True})
    simulator.change(store, simulator.UNITS, byggmester.orgnr, {**body, "konkurs": True})

    query = {"oppdateringsid": after, "includeChanges": "true"}
    items = api.get("oppdateringer/enheter", params=query).json()["_embedded"]["oppdaterteEnheter"]
    assert [item["oppdateringsid"] for item in items] == [after]  # the second changed nothing
    assert items[0]["endringstype"] == "Endring"
    assert items[0]["endringer"] == [{"op": "replace", "path": "/konkurs", "value": True}]


def test_the_feed_says_how_units_come_and_go(api):
    page = api.get("oppdateringer/enheter", params={"size": 10_000}).json()
    kinds = {item["endringstype"] for item in page["_embedded"]["oppdaterteEnheter"]}
    assert {"Ny", "Fjernet"} <= kinds


def test_role_changes_are_cloud_events(api, byggmester):
    events = api.get("oppdateringer/roller", params={"size": 1000}).json()
    assert byggmester.orgnr in {event["data"]["organisasjonsnummer"] for event in events}
    assert api.get("oppdateringer/roller", params={"afterId": len(events)}).json() == []
