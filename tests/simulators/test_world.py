from datetime import date, timedelta

import pytest
from django.core.management import call_command

from hmskort.common import clock
from hmskort.common.simulation import DELEGATIONS, PEOPLE, ROLES
from hmskort.simulators import world
from hmskort.simulators.hand import people
from hmskort.simulators.models import Document, FeedItem
from hmskort.simulators.store import Store
from hmskort.simulators.world.build import DemonstrationWorld
from hmskort.simulators.world.load import load
from registers import national_id, orgnr
from registers.aaregisteret.simulator import EMPLOYMENTS
from registers.bemanningsforetaksregisteret.simulator import AGENCIES
from registers.folkeregisteret.simulator import EVENTS, PERSONS
from registers.krr.simulator import PERSONS as CONTACTS
from registers.oar.simulator import ROWS as POSTED
from registers.renholdsregisteret.simulator import COMPANIES as CLEANING
from registers.renholdsregisteret.simulator import STATUSES
from registers.udi.simulator import ACCESS, PERMITS

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def day():
    return DemonstrationWorld(DAY)


def test_there_are_about_forty_companies_and_four_hundred_people(day):
    assert 38 <= len(day.companies) <= 50
    assert 380 <= len(day.people) <= 460


def test_every_number_is_valid_and_can_belong_to_nobody(day):
    numbers = [
        each for person in day.people for each in (person.national_id, *person.former_numbers)
    ]
    assert len(set(numbers)) == len(numbers)
    assert all(national_id.is_valid(each) and int(each[2:4]) > 80 for each in numbers)


def test_every_organisation_number_is_valid_and_outside_the_real_range(day):
    numbers = [each for company in day.companies for each in (company.orgnr, *company.subunits)]
    assert len(set(numbers)) == len(numbers)
    assert all(orgnr.is_valid(each) and each[0] in "23" for each in numbers)


def test_numbers_fit_the_birth_date_and_the_same_people_have_them_every_day(day):
    later = DemonstrationWorld(DAY + timedelta(days=400))
    for person, same in zip(day.people, later.people, strict=True):
        assert national_id.can_be_born_on(person.national_id, person.birth_date)
        assert person.national_id == same.national_id


def test_each_case_stands_for_one_person_or_company(day):
    assert len({person.case for person in day.people}) == len(day.people)
    assert len({company.case for company in day.companies}) == len(day.companies)


def test_a_case_that_does_not_exist_is_answered_with_those_that_do(day):
    with pytest.raises(KeyError, match="employment starts in 29 days"):
        day.person("nobody")
    with pytest.raises(KeyError, match="Byggmester AS"):
        day.company("nowhere")


def test_kari_leads_per_has_a_delegation_and_ola_has_nothing(day):
    documents = day.documents()
    byggmester = day.company("Byggmester AS").orgnr
    kari, per, ola = (day.person(case).national_id for case in ("Kari", "Per", "Ola"))
    held = {(r["national_id"], r["orgnr"], r["role"]) for r in documents[ROLES].values()}
    assert (kari, byggmester, "DAGL") in held
    assert f"{byggmester}:{per}" in documents[DELEGATIONS]
    assert ola not in {number for number, _, _ in held}
    assert not any(ola in key for key in documents[DELEGATIONS])


def test_employees_are_those_whose_employment_holds_on_the_day(day):
    cases = {person.case for person in day.employees(day.company("Byggmester AS"))}
    assert {"Kari", "employed", "employment ends today", "employment ends in 5 days"} <= cases
    assert not {"employment starts in 29 days", "employment ended", "Ola"} & cases


def test_names_cover_what_a_card_must_be_able_to_show(day):
    names = " ".join(person.name for person in day.people)
    assert all(letter in names for letter in "łŁėșȚŽÁáČÞóØøæÅåŚé'’-")
    assert any(len(person.name) > 40 for person in day.people)
    assert any(not person.given_names for person in day.people)


def test_every_company_that_is_open_has_somebody_who_may_order(day):
    led = {role["orgnr"] for role in day.documents()[ROLES].values()}
    closed = {"removed"}
    assert {company.case for company in day.companies if company.orgnr not in led} <= closed


@pytest.mark.django_db
def test_loading_again_changes_nothing():
    store = Store()
    load(store, world.on(clock.today()))
    before = (Document.objects.count(), FeedItem.objects.count())
    assert load(store, world.on(clock.today())) is False
    assert (Document.objects.count(), FeedItem.objects.count()) == before


@pytest.mark.django_db
def test_what_was_changed_by_hand_stays_until_the_world_moves_on():
    store = Store()
    ola = world.person("Ola").national_id
    store.put(PEOPLE, ola, {"name": "Ola", "changed": True, "place": 2})
    load(store, world.on(clock.today()))
    assert store.get(PEOPLE, ola)["changed"]
    load(store, world.on(clock.today() + timedelta(days=1)))
    assert "changed" not in store.get(PEOPLE, ola)


@pytest.mark.django_db
def test_the_command_tells_who_can_log_in(capsys):
    call_command("world", "--who")
    told = capsys.readouterr().out
    assert world.person("Kari").national_id in told
    assert world.person("employed").national_id not in told


@pytest.mark.django_db
def test_the_command_calls_the_loaders_of_other_rooms_with_the_world(capsys, settings):
    settings.WORLD_LOADERS = [f"{__name__}.a_loader"]
    call_command("world")
    assert "seen: Kari Byggestad" in capsys.readouterr().out


def a_loader(world):
    return f"seen: {world.person('Kari').name}"


def test_approvals_permits_posted_work_and_contact_cover_every_answer(day):
    documents = day.documents()
    assert {body["status"] for body in documents[CLEANING].values()} == set(STATUSES)
    approved, sub_refused = (
        [unit["godkjenningsstatus"] for unit in (body, *body["underenheter"])]
        for body in (
            documents[AGENCIES][day.company(case).orgnr]
            for case in ("staffing", "staffing sub-unit not approved")
        )
    )
    assert set(approved) == {"Godkjent"}
    assert sub_refused == ["Godkjent", "Godkjent", "Ikke godkjent"]
    assert {body["harArbeidsadgang"] for body in documents[PERMITS].values()} == set(ACCESS)
    assert day.company("NUF").orgnr in {row["oppdragstaker"] for row in documents[POSTED].values()}
    assert {body["reservasjon"] for body in documents[CONTACTS].values()} == {"JA", "NEI"}


@pytest.mark.django_db
def test_a_new_world_undoes_what_the_hand_did_and_tells_of_it():
    store = Store()
    load(store, world.on(clock.today()))
    roar, nora = world.person("not employed").national_id, world.person("employed").national_id
    people.start_employment(store, roar, world.company("roofer").subunits[0], clock.today())
    people.die(store, nora, clock.today())
    events = store.newest(EVENTS, 1, {})[0].sequence
    load(store, world.on(clock.today() + timedelta(days=1)))
    assert store.find(EMPLOYMENTS, {"arbeidstaker": {"ident": roar}}) == []
    assert store.get(PERSONS, nora)["status"][0]["status"] == "bosatt"
    told = store.after(EVENTS, events, 1000)
    assert {"identifikator": nora, "type": "personErOppdatert"} in [item.body for item in told]
    assert len(told) < 10  # only of those who differ
