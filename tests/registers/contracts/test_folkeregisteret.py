import httpx
import pytest

from hmskort.common.services import Refused, Unavailable, Unreadable
from hmskort.simulators import site, world
from registers.answers import NotFound
from registers.clients import client
from registers.folkeregisteret import parsing, simulator
from registers.folkeregisteret.client import AT_ONCE
from registers.folkeregisteret.simulator import PERSONS


@pytest.fixture
def persons():
    return client("folkeregisteret")


def number(case):
    return world.person(case).national_id


def test_a_person_is_described(persons):
    kari = world.person("Kari")
    answer = persons.person(kari.national_id)
    assert answer.national_id == kari.national_id
    assert (answer.given_names, answer.surname) == ("Kari", "Byggestad")
    assert (answer.birth_date, answer.sex) == (kari.birth_date, "K")
    assert answer.citizenships == ("NOR",)
    assert (answer.status, answer.number_in_use, answer.kind) == ("bosatt", True, "fodselsnummer")
    assert answer.died_on is None


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("emigrated", "utflyttet"),
        ("missing", "forsvunnet"),
        ("dead", "doed"),
        ("D-number", "midlertidig"),
        ("inactive D-number", "inaktiv"),
        ("number not in use", "opphoert"),
    ],
)
def test_the_status_is_the_registers_own_word(persons, case, status):
    assert persons.person(number(case)).status == status


def test_a_dead_person_has_a_date_whether_it_comes_as_an_object_or_a_list(persons, store):
    assert persons.person(number("dead")).died_on is not None
    document = store.get(PERSONS, number("dead"))
    store.put(PERSONS, number("dead"), {**document, "doedsfall": [document["doedsfall"]]})
    assert persons.person(number("dead")).died_on is not None


@pytest.mark.feature("F048")
def test_a_d_number_that_went_inactive_is_still_in_use(persons):
    answer = persons.person(number("inactive D-number"))
    assert (answer.kind, answer.number_in_use) == ("d_nummer", True)


def test_a_number_taken_out_of_use_says_so(persons):
    assert not persons.person(number("number not in use")).number_in_use


def test_a_former_number_finds_the_person_under_the_number_of_today(persons):
    person = world.person("changed number")
    answer = persons.person(person.former_numbers[0])
    assert answer.national_id == person.national_id
    assert answer.kind == "fodselsnummer"


def test_former_names_and_citizenships_are_left_out(persons, store):
    document = store.get(PERSONS, number("employed"))
    former = {"erGjeldende": False}
    document["navn"].insert(0, {"fornavn": "Tidligere", "etternavn": "Navn", **former})
    document["statsborgerskap"].insert(0, {"statsborgerskap": "SWE", **former})
    store.put(PERSONS, number("employed"), document)
    answer = persons.person(number("employed"))
    assert answer.given_names == "Nora"
    assert answer.citizenships == ("NOR",)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("Polish name", "Łukasz Świętosławski"),
        ("Romanian name", "Ștefan Țepeș"),
        ("single name", "Suharto"),
        ("apostrophe", "Sinéad O'Brien-D’Arcy"),
    ],
)
def test_names_come_as_they_are_registered(persons, case, name):
    assert persons.person(number(case)).name == name


def test_a_middle_name_is_a_given_name_here(persons, store):
    document = store.get(PERSONS, number("employed"))
    document["navn"][0]["mellomnavn"] = "Marie"
    store.put(PERSONS, number("employed"), document)
    assert persons.person(number("employed")).given_names == "Nora Marie"


def test_every_citizenship_held_today_is_told(persons):
    assert persons.person(number("two citizenships")).citizenships == ("SOM", "NOR")


@pytest.mark.feature("F048")
def test_a_number_nobody_has_is_not_found(persons):
    assert isinstance(persons.person(number("not in Folkeregisteret")), NotFound)


def test_a_404_that_the_register_did_not_write_says_nothing(persons, monkeypatch):
    page = httpx.MockTransport(lambda _: httpx.Response(404, html="<h1>Not here</h1>"))
    monkeypatch.setattr(persons._http._transport, "_inner", page)
    with pytest.raises(Unreadable):
        persons.person(number("employed"))


def test_only_the_parts_that_are_needed_are_asked_for(persons, monkeypatch):
    asked = []
    inner = persons._http._transport._inner
    monkeypatch.setattr(
        persons._http._transport, "_inner", httpx.MockTransport(lambda r: _seen(asked, inner, r))
    )
    persons.person(number("employed"))
    assert asked[-1].url.params.get_list("part") == list(parsing.PARTS)


def _seen(asked, inner, request):
    asked.append(request)
    return inner.handle_request(request)


def test_many_are_asked_for_in_one_call_and_one_nobody_knows_is_left_out(persons, monkeypatch):
    asked, inner = [], persons._http._transport._inner
    monkeypatch.setattr(
        persons._http._transport, "_inner", httpx.MockTransport(lambda r: _seen(asked, inner, r))
    )
    cases = ["Kari", "dead", "not in Folkeregisteret", "D-number"]
    answers = persons.persons([number(case) for case in cases])
    assert set(answers) == {number(case) for case in cases if case != "not in Folkeregisteret"}
    assert answers[number("dead")].status == "doed"
    assert [request.method for request in asked if "bulkoppslag" in request.url.path] == ["POST"]


def test_a_former_number_is_answered_under_what_was_asked(persons):
    person = world.person("changed number")
    answers = persons.persons(person.former_numbers)
    assert answers[person.former_numbers[0]].national_id == person.national_id


def test_one_bad_document_among_many_is_its_own_trouble(persons, store):
    document = store.get(PERSONS, number("employed"))
    store.put(PERSONS, number("employed"), {**document, "status": [{"status": "noe nytt"}]})
    answers = persons.persons([number("employed"), number("Kari")])
    assert isinstance(answers[number("employed")], Unreadable)
    assert answers[number("Kari")].given_names == "Kari"


def test_no_more_than_a_thousand_go_in_one_call(persons):
    many = [f"{each:011}" for each in range(AT_ONCE + 1)]
    with pytest.raises(ValueError, match="1000"):
        persons.persons(many)
    answer = persons._http.post("personer/bulkoppslag", json={"foedselsEllerDNummer": many})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert persons.persons(many[:AT_ONCE]) == {}


def test_whoever_was_not_asked_about_makes_a_bulk_answer_unreadable():
    item = {"foedselsEllerDNummer": "2", "folkeregisterperson": {}}
    with pytest.raises(Unreadable):
        parsing.persons({"oppslag": [item]}, ["1"])


def test_too_many_calls_in_a_minute_are_told_when_to_come_back(persons, monkeypatch):
    monkeypatch.setattr(simulator, "PER_MINUTE", 0)
    with pytest.raises(Unavailable) as raised:
        persons.person(number("Kari"))
    assert raised.value.reason == "throttled"
    assert 0 < raised.value.retry_after_s <= 60


def test_an_answer_about_somebody_else_is_unreadable(persons, store):
    other = store.get(PERSONS, number("Per"))
    store.put(PERSONS, number("employed"), other)
    with pytest.raises(Unreadable, match="another person"):
        persons.person(number("employed"))
    assert isinstance(persons.persons([number("employed")])[number("employed")], Unreadable)


def test_a_register_that_lists_only_the_number_of_today_is_believed_by_the_birth_date(store):
    person = world.person("changed number")
    document = store.get(PERSONS, person.national_id)
    today = [each for each in document["identifikasjonsnummer"] if each["erGjeldende"]]
    answer = parsing.person({**document, "identifikasjonsnummer": today}, person.former_numbers[0])
    assert answer.national_id == person.national_id


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("status", [{"status": "noe nytt"}]),
        ("status", []),
        ("identifikasjonsnummer", []),
        ("identifikasjonsnummer", [{"foedselsEllerDNummer": 1, "status": "iBruk"}]),
        ("foedsel", [{"foedselsdato": "ukjent"}]),
        ("statsborgerskap", [{}]),
        ("navn", "Kari"),
        ("navn", []),
        ("statsborgerskap", [{"statsborgerskap": "Norge"}]),
        ("identifikasjonsnummer", [{"foedselsEllerDNummer": "1", "status": "iBruk"}]),
        ("foedsel", [{"foedselsdato": "2999-01-01"}]),
        ("doedsfall", {"doedsdato": "1900-01-01"}),
        ("doedsfall", {"doedsdato": "2999-01-01"}),
    ],
)
def test_what_is_not_as_documented_is_unreadable_and_quotes_nothing(persons, store, part, broken):
    document = store.get(PERSONS, number("employed"))
    store.put(PERSONS, number("employed"), {**document, part: broken})
    with pytest.raises(Unreadable) as raised:
        persons.person(number("employed"))
    assert number("employed") not in f"{raised.value} {raised.value!r}"


def test_no_number_is_shown_by_an_answer(persons):
    assert number("Kari") not in repr(persons.person(number("Kari")))


def test_no_number_reaches_the_log(persons, caplog):
    caplog.set_level("DEBUG")
    persons.person(number("Kari"))
    persons.person(number("not in Folkeregisteret"))
    assert number("Kari") not in caplog.text
    assert number("not in Folkeregisteret") not in caplog.text


def test_without_a_token_nobody_is_answered(settings):
    base = settings.REGISTERS["folkeregisteret"]["base_url"]
    answer = httpx.Client(base_url=base, transport=site.transport()).get(
        f"personer/{number('Kari')}"
    )
    assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_wall_with_a_support_id_is_told_apart_from_the_register(persons, fault):
    fault("folkeregisteret", "wall")
    with pytest.raises(Refused, match="not said by the service itself"):
        persons.person(number("Kari"))
