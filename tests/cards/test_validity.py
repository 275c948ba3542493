from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from cards import listeners
from cards.models import Card
from cards.public_check.queries import check
from cards.states import CardState
from hmskort.audit.record import history
from hmskort.common import clock
from registers.models import Company, Employment, Lookup
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db


@pytest.mark.feature("F144")
def test_the_day_after_the_last_valid_day_the_card_is_expired_with_no_job(time_machine):
    time_machine.move_to("2026-11-21 12:00+01:00", tick=False)
    card = produced()
    time_machine.move_to("2028-11-21 22:59+00:00", tick=False)  # one minute to midnight in Oslo
    assert (card.standing, check(card.number).status) == ("valid", "valid")
    time_machine.move_to("2028-11-21 23:00+00:00", tick=False)
    assert card.standing == "expired"
    assert (check(card.number).status, check(card.number).reason) == ("not_valid", "expired")
    assert Card.objects.get(pk=card.pk).state == CardState.PRODUCED


@pytest.mark.feature("F143")
def test_a_card_is_not_valid_when_the_company_leaves_a_register_without_being_blocked():
    card = produced()
    Company.objects.filter(pk=card.orgnr).update(vat_registered=False)
    listeners.judge_cards(source="enhetsregisteret", subject=card.orgnr)
    card.refresh_from_db()
    assert (card.state, card.standing) == (CardState.PRODUCED, "requirements")
    assert card.unmet == ["vat_registered"]
    assert (check(card.number).status, check(card.number).reason) == ("not_valid", "requirements")


@pytest.mark.feature("F143")
def test_it_is_valid_again_when_the_register_says_so():
    card = produced()
    for registered in (False, True):
        Company.objects.filter(pk=card.orgnr).update(vat_registered=registered)
        listeners.judge_cards(source="enhetsregisteret", subject=card.orgnr)
    assert check(card.number).status == "valid"
    changes = [e.data["to"] for e in history(card) if e.name == "card:validity_changed"]
    assert changes == ["requirements", "valid"]


def test_employment_that_ends_makes_the_card_not_valid_on_the_day_with_no_job(time_machine):
    time_machine.move_to("2026-11-21 12:00+01:00", tick=False)
    card = produced()
    last = clock.today() + timedelta(days=5)
    Employment.objects.filter(person=card.person).update(ends_on=last)
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    assert check(card.number).status == "valid"
    time_machine.move_to("2026-11-27 12:00+01:00", tick=False)
    assert check(card.number).reason == "requirements"


def test_nothing_is_written_when_the_registers_say_the_same():
    card = produced()
    before = history(card).count()
    listeners.judge_cards(source="folkeregisteret", subject=str(card.person_id))
    card.refresh_from_db()
    assert history(card).count() == before


def test_registers_that_no_longer_answer_change_nothing():
    card = produced()
    Lookup.objects.all().delete()
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    assert check(card.number).status == "valid"


def test_a_fact_of_a_sub_unit_concerns_the_cards_of_its_main_unit(byggmester):
    card = produced()
    sub = byggmester.subunits[0]
    Company.objects.update_or_create(
        pk=sub, defaults={"main_orgnr": card.orgnr, "answered_at": clock.now()}
    )
    assert list(listeners.resting_on(sub)) == [card]


def test_other_companies_cards_are_left_alone():
    card = produced()
    other = produced("employed elsewhere", "groundwork")
    assert list(listeners.resting_on(card.orgnr)) == [card]
    assert list(listeners.resting_on(str(other.person_id))) == [other]


def test_an_expired_card_is_no_longer_judged(time_machine):
    card = produced()
    time_machine.move_to(clock.now() + timedelta(days=800), tick=False)
    assert not listeners.resting_on(card.orgnr).exists()


def test_the_companys_page_and_the_public_check_say_the_same(kari, client_as):
    card = produced()
    for change in ({}, {"state": CardState.LOST}, {"state": CardState.SEIZED}):
        Card.objects.filter(pk=card.pk).update(**change)
        card.refresh_from_db()
        with transaction.atomic():
            listeners.actions._publish(card)
        valid = card.standing == "valid"
        assert (check(card.number).status == "valid") is valid
    assert client_as(kari).get(reverse("cards:card", args=[card.number])).status_code == 200
