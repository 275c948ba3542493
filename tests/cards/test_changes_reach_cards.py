"""A change in a register changes the public answer, and back, when the tasks have run."""

from datetime import timedelta

import pytest

from cards.public_check.queries import check
from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from registers import employers, tasks
from registers.models import Employer
from tests.builders import rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db


def tasks_run():
    """What the schedule runs every few seconds."""
    Employer.objects.update(due_at=clock.now())
    tasks.follow_companies()
    tasks.follow_people()
    tasks.reread_employers()
    for register in ("renholdsregisteret", "bemanningsforetaksregisteret"):
        tasks.read_file(register)
    rest()


def statuses(card, *changes):
    """The public answer after each change."""
    found = []
    for change in changes:
        change()
        tasks_run()
        found.append(check(card.number).status)
    return found


@pytest.mark.feature("F246")
@pytest.mark.feature("F169")
@pytest.mark.feature("F057")
def test_what_enhetsregisteret_says_reaches_the_public_answer_and_back():
    card = produced()
    tasks_run()
    store = Store()
    assert statuses(
        card,
        lambda: companies.set_vat(store, card.orgnr, registered=False),
        lambda: companies.set_vat(store, card.orgnr, registered=True),
    ) == ["not_valid", "valid"]


@pytest.mark.feature("F246")
def test_what_folkeregisteret_says_reaches_the_public_answer_and_back():
    card = produced("D-number")
    tasks_run()
    store, number = Store(), world.person("D-number").national_id
    assert statuses(
        card,
        lambda: people.set_activity(store, number, "inaktiv"),
        lambda: people.set_activity(store, number, "midlertidig"),
    ) == ["not_valid", "valid"]


@pytest.mark.feature("F246")
def test_what_aaregisteret_says_reaches_the_public_answer_and_back(byggmester):
    card = produced()
    tasks_run()
    store, number, today = Store(), world.person("employed").national_id, clock.today()
    yesterday = today - timedelta(days=1)
    assert statuses(
        card,
        lambda: people.end_employment(store, number, byggmester.orgnr, yesterday),
        lambda: people.start_employment(store, number, byggmester.subunits[0], today),
    ) == ["not_valid", "valid"]


@pytest.mark.feature("F246")
def test_what_the_cleaning_register_says_reaches_the_public_answer_and_back():
    card = produced("cleaner", "cleaning", "renhold")
    tasks_run()
    store = Store()
    assert statuses(
        card,
        lambda: companies.set_cleaning(store, card.orgnr, "Ikke godkjent"),
        lambda: companies.set_cleaning(store, card.orgnr, "Godkjent med ansatte"),
    ) == ["not_valid", "valid"]


@pytest.mark.feature("F246")
def test_an_employment_that_ends_on_friday_makes_the_card_not_valid_on_saturday_with_no_task(
    byggmester, time_machine
):
    time_machine.move_to("2026-11-21 12:00+01:00", tick=True)
    card = produced()
    friday = clock.today() + timedelta(days=6)
    assert friday.isoweekday() == 5
    people.end_employment(Store(), card.person.national_id, byggmester.orgnr, friday)
    tasks_run()
    assert check(card.number).status == "valid"
    time_machine.move_to("2026-11-27 23:59+01:00", tick=False)
    assert check(card.number).status == "valid"
    time_machine.move_to("2026-11-28 00:00+01:00", tick=False)
    assert check(card.number).status == "not_valid"


@pytest.mark.feature("F052")
def test_somebody_who_loses_a_citizenship_of_the_eea_is_looked_up_in_udi():
    card = produced("cleaner", "cleaning", "renhold")
    tasks_run()
    people.set_citizenships(Store(), card.person.national_id, ["UKR"])
    people.set_right_to_work(
        Store(), card.person.national_id, "Ja", "Generell", clock.today() + timedelta(days=30)
    )
    tasks_run()
    card.refresh_from_db()
    assert [last for _, last in card.valid_on] == [clock.today() + timedelta(days=30)]


def test_an_employer_s_reading_that_took_long_replaces_no_newer_answer_about_a_person():
    card = produced()
    employer = Employer.objects.get(pk=card.orgnr)
    before_the_person_was_asked = clock.now() - timedelta(minutes=1)
    employers._keep(employer, [], before_the_person_was_asked)
    rest()
    card.refresh_from_db()
    assert card.standing == "valid"
    employers._keep(employer, [], clock.now())
    rest()
    card.refresh_from_db()
    assert card.standing == "requirements"
