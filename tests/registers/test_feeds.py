"""Feeds are followed from a stored position, and employers without a feed are read again."""

from datetime import timedelta

import pytest
from django.db import transaction

from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.models import FeedItem
from hmskort.simulators.store import Store
from registers import employers, feeds, lookups
from registers.enhetsregisteret import simulator
from registers.folkeregisteret.simulator import EVENTS
from registers.models import Company, Employer, Employment, FeedPosition, Lookup, Person
from registers.persons import person_for
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(byggmester):
    """Byggmester AS and one who works there are known, and the feeds followed up to now."""
    person = person_for(world.person("employed").national_id)
    with transaction.atomic():
        questions = {("enhetsregisteret", byggmester.orgnr), ("folkeregisteret", str(person.pk))}
        lookups.want(questions, not_older_than=clock.now())
    catch_up()
    return person


def catch_up():
    feeds.follow_companies()
    feeds.follow_people()
    while lookups.ask_due():
        pass


def test_a_change_in_enhetsregisteret_is_taken_in(known, byggmester):
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    catch_up()
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False


def test_a_change_of_somebody_we_know_is_taken_in_and_others_are_not_asked_about(known):
    people.rename(Store(), known.national_id, "Ny", "Navnesen")
    people.rename(Store(), world.person("not employed").national_id, "Hvem", "Som Helst")
    catch_up()
    known.refresh_from_db()
    assert known.surname == "Navnesen"
    assert Lookup.objects.filter(source="folkeregisteret").count() == 1
    assert Person.objects.filter(surname="Som Helst").count() == 0


def test_to_follow_twice_asks_nothing_more(known, byggmester):
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    catch_up()
    asked = list(Lookup.objects.values_list("pk", "answered_at").order_by("pk"))
    catch_up()
    assert list(Lookup.objects.values_list("pk", "answered_at").order_by("pk")) == asked


def test_days_of_silence_are_caught_up_with_page_by_page(known, byggmester, fault, monkeypatch):
    monkeypatch.setattr(feeds, "CHANGES", 2)
    fault("enhetsregisteret", "500")
    fault("folkeregisteret", "500")
    feeds.follow_companies()
    assert FeedPosition.objects.get(pk="enhetsregisteret.enheter").trouble
    fault("enhetsregisteret", "off")
    fault("folkeregisteret", "off")
    for case in ("painter", "roofer", "groundwork", "Byggmester AS"):
        companies.set_vat(Store(), world.company(case).orgnr, registered=False)
    catch_up()
    position = FeedPosition.objects.get(pk="enhetsregisteret.enheter")
    assert (position.sequence, position.trouble) == (last_item("enhetsregisteret.enheter"), "")
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False


def last_item(feed):
    return FeedItem.objects.filter(feed=feed).order_by("-sequence").first().sequence


def test_a_position_that_folkeregisteret_has_forgotten_means_that_all_are_asked_again(known):
    people.rename(Store(), known.national_id, "Ny", "Navnesen")
    position = FeedPosition.objects.filter(pk=feeds.PEOPLE)
    position.update(sequence=0)
    FeedItem.objects.filter(feed=EVENTS).update(at=clock.now() - timedelta(days=1200))
    catch_up()
    known.refresh_from_db()
    assert known.surname == "Navnesen"
    assert position.get().sequence == last_item(EVENTS)


def test_a_position_that_is_months_old_means_that_every_company_is_asked_again(
    known, byggmester, time_machine
):
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    FeedItem.objects.all().delete()  # whatever the feed still has is not looked at
    time_machine.move_to(clock.now() + timedelta(days=90), tick=True)
    catch_up()
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False


def test_a_change_of_roles_is_told_to_those_who_keep_accesses(kari, byggmester):
    with transaction.atomic():
        lookups.want({("roller", byggmester.orgnr)}, not_older_than=clock.now())
    with transaction.atomic():
        lookups.want({("enhetsregisteret", byggmester.orgnr)}, not_older_than=clock.now())
    catch_up()
    store = Store()
    role_document = store.get("enhetsregisteret.roller", byggmester.orgnr)
    changed = {**role_document, "rollegrupper": role_document["rollegrupper"][:1]}
    simulator.change(store, simulator.ROLES, byggmester.orgnr, changed)
    catch_up()
    told = Effect.objects.filter(event="roles:changed")
    assert [effect.payload["orgnr"] for effect in told] == [byggmester.orgnr]


def test_an_employer_with_cards_is_read_again_and_only_those_who_differ_are_told_of(
    byggmester, time_machine
):
    card = produced("employed")
    produced("also employed")
    Effect.objects.all().delete()
    last = clock.today() + timedelta(days=3)
    people.end_employment(Store(), card.person.national_id, byggmester.orgnr, last)
    assert employers.reread(10) == 1
    told = Effect.objects.filter(event="facts:changed_many").values_list("payload", flat=True)
    assert [each["subjects"] for each in told.distinct()] == [[str(card.person_id)]]
    assert Employment.objects.get(person=card.person).ends_on == last
    assert employers.reread(10) == 0  # not again until it is due


def test_the_budget_goes_to_those_that_waited_longest(time_machine):
    produced("employed")
    produced("employed elsewhere", "groundwork")
    first, second = Employer.objects.order_by("due_at")
    assert employers.reread(1) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.read_at
    assert second.read_at is None


def test_an_employer_whose_last_card_has_expired_is_left_alone(time_machine):
    produced()
    time_machine.move_to(clock.now() + timedelta(days=800), tick=False)
    assert employers.reread(10) == 0


def test_a_silent_aaregister_ends_nobodys_employment(fault):
    card = produced()
    fault("aaregisteret", "silent")
    employers.reread(10)
    assert Employment.objects.get(person=card.person).ends_on is None
    assert Employer.objects.get().trouble
