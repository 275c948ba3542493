"""Cards are judged as sets: what is written, told and asked is that of each card, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cards import judging, listeners
from cards.models import Card
from cards.public_check.models import Entry
from cards.public_check.queries import check
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.common.outbox import TryLater
from hmskort.common.ranges import DateRanges
from hmskort.simulators.hand import people
from hmskort.simulators.store import Store
from orders.models import CardNews
from registers.models import Approval, Company, Employment, Lookup, Person, Role, Verdict
from registers.requirements import sets
from tests.builders import rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
NEVER = DateRanges.never()


def changes_of(card):
    return [e.data for e in history(card) if e.name == "card:validity_changed"]


@pytest.fixture
def two():
    """Two people's cards for Byggmester AS."""
    return [produced(), produced("also employed")]


def test_facts_of_many_change_every_card_that_rests_on_them_once(two):
    Person.objects.filter(cards__in=two).update(register_status="inaktiv")
    subjects = [str(card.person_id) for card in two]
    for _ in range(2):
        listeners.judge_cards_of_many(source="folkeregisteret", subjects=subjects)
    for card in two:
        card.refresh_from_db()
        assert card.unmet == ["person_exists"]
        assert check(card.number).status == "not_valid"
        told = {"before": "valid", "to": "requirements", "unmet": ["person_exists"]}
        assert changes_of(card) == [told]
    rest()
    assert CardNews.objects.filter(card__in=two, was="valid").count() == 2


def test_all_cards_of_a_kind_are_judged_by_what_it_requires_today(two):
    cleaner = produced("cleaner", "cleaning", "renhold")
    Company.objects.filter(pk__in=[two[0].orgnr, cleaner.orgnr]).update(vat_registered=False)
    assert judging.judge_kinds(kinds=["bygg"]) == 2
    assert [card.standing for card in Card.objects.filter(kind="bygg")] == ["requirements"] * 2
    cleaner.refresh_from_db()
    assert cleaner.standing == "valid"


def judge_kind_beside():
    """On a connection of its own that waits a moment at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        listeners.judge_kind(kind="bygg", change="1")
    finally:
        connection.close()


def test_whoever_takes_up_an_effect_on_all_cards_that_is_still_under_way_leaves_it_alone():
    judging.judge_kinds(kinds=["bygg"])  # the test's transaction goes on
    with ThreadPoolExecutor(1) as pool, pytest.raises(TryLater):
        pool.submit(judge_kind_beside).result()


def test_other_days_gone_by_are_stored_and_are_nobodys_news():
    card = produced()
    earlier = clock.today() - timedelta(2000)
    Employment.objects.filter(person=card.person).update(starts_on=earlier)
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    card.refresh_from_db()
    assert [first for first, _ in card.valid_on] == [earlier]
    assert changes_of(card) == []
    assert not Effect.objects.filter(event="cards:validity_changed").exists()


def test_a_reference_that_became_a_card_answers_as_the_card_does():
    card = produced()
    entry = Entry.objects.get(number=card.number)
    entry.pk, entry.number, entry.same_as = None, "REFERENCE", card.number
    entry.save()
    Company.objects.filter(pk=card.orgnr).update(bankrupt=True)
    listeners.judge_cards(source="enhetsregisteret", subject=card.orgnr)
    assert not Entry.objects.get(number="REFERENCE").valid_on


def test_what_turns_out_to_be_needed_is_asked_and_nothing_is_concluded_meanwhile():
    card = produced()
    Employment.objects.filter(person=card.person).delete()
    Lookup.objects.filter(source="roller").delete()
    Role.objects.all().delete()
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    card.refresh_from_db()
    assert card.standing == "valid"
    assert Lookup.objects.filter(source="roller", subject=card.orgnr, answered_at=None).exists()
    Lookup.objects.filter(source="roller").update(answered_at=clock.now())
    listeners.judge_cards(source="roller", subject=card.orgnr)
    card.refresh_from_db()
    assert card.unmet == ["employed"]


def test_an_unclear_answer_gets_a_verdict_for_a_caseworker_and_once_where_nothing_is_new():
    card = produced("cleaner", "cleaning", "renhold")
    people.set_citizenships(Store(), card.person.national_id, ["UKR"])
    people.set_right_to_work(Store(), card.person.national_id, "Uavklart", "Uavklart", None)
    Lookup.objects.filter(source="folkeregisteret").update(due_at=clock.now())
    rest()
    card.refresh_from_db()
    assert card.standing == "valid"  # neither a yes nor a no changes anything
    told = Effect.objects.filter(event="verdict:unclear").count()
    assert told
    before = Verdict.objects.count()
    judging.judge_kinds(kinds=["renhold", "bygg"])
    assert Verdict.objects.count() == before


@pytest.fixture
def unclear():
    """A cleaner's card, valid when UDI's answer about the person became neither yes nor no."""
    card = produced("cleaner", "cleaning", "renhold")
    people.set_citizenships(Store(), card.person.national_id, ["UKR"])
    people.set_right_to_work(Store(), card.person.national_id, "Uavklart", "Uavklart", None)
    Lookup.objects.filter(source="folkeregisteret").update(due_at=clock.now())
    rest()
    return card


def judged_again(card):
    listeners.judge_cards(source="enhetsregisteret", subject=card.orgnr)
    card.refresh_from_db()
    return card.standing, card.unmet


def test_what_is_unclear_does_not_hold_back_a_card_that_is_otherwise_in_order_again(unclear):
    company = Company.objects.filter(pk=unclear.orgnr)
    company.update(vat_registered=False)
    assert judged_again(unclear) == ("requirements", ["vat_registered"])
    company.update(vat_registered=True)
    assert judged_again(unclear) == ("valid", [])


def test_what_is_unclear_does_not_make_a_card_outlast_what_is_known(unclear):
    friday = clock.today() + timedelta(days=4)
    Employment.objects.filter(person=unclear.person).update(ends_on=friday)
    assert judged_again(unclear) == ("valid", [])
    assert friday in unclear.valid_on
    assert friday + timedelta(days=1) not in unclear.valid_on


def test_what_was_not_met_and_is_unclear_now_stays_not_met(unclear):
    Card.objects.filter(pk=unclear.pk).update(unmet=["may_work_in_norway"], valid_on=NEVER)
    company = Company.objects.filter(pk=unclear.orgnr)
    assert judged_again(unclear) == ("requirements", ["may_work_in_norway"])
    company.update(vat_registered=False)
    both = ["vat_registered", "may_work_in_norway"]
    assert judged_again(unclear) == ("requirements", both)
    company.update(vat_registered=True)
    assert judged_again(unclear) == ("requirements", ["may_work_in_norway"])


def test_a_person_with_two_rows_is_judged_by_the_one_with_the_facts():
    card = produced()
    one = Person.objects.create(state="found", given_names="X", surname="Y")
    Person.objects.filter(pk=card.person_id).update(same_as=one)
    assert list(listeners.resting_on(str(one.pk))) == [card]


def test_unclear_answers_of_two_kinds_in_one_company_get_a_verdict_by_each_kind():
    company = produced("cleaner", "cleaning", "renhold")
    builder = produced("also employed")
    Card.objects.filter(pk=builder.pk).update(orgnr=company.orgnr)
    Company.objects.filter(pk=company.orgnr).update(industries=["78.200"])
    Approval.objects.create(
        register="bemanningsforetaksregisteret", orgnr=company.orgnr, main_orgnr=company.orgnr,
        status="unknown", since_at=clock.now(),
    )  # fmt: skip
    before = list(Verdict.objects.values_list("pk", flat=True))
    listeners.judge_cards(source="bemanningsforetaksregisteret", subject=company.orgnr)
    told = Verdict.objects.exclude(pk__in=before).values_list("person", "kind")
    assert set(told) == {(company.person_id, "renhold"), (builder.person_id, "bygg")}


def test_roles_that_are_stored_again_while_a_card_is_judged_are_still_the_person_s(monkeypatch):
    card = produced("Kari")
    Employment.objects.filter(person=card.person).delete()
    Role.objects.filter(orgnr=card.orgnr).delete()
    who = {"surname": card.person.surname.upper(), "birth_date": card.person.birth_date}
    chair = {"orgnr": card.orgnr, "code": "LEDE", "given_names": card.person.given_names, **who}
    Role.objects.create(**chair, answered_at=clock.now())
    compared = sets.same_people

    def compared_and_stored_again(*given):
        found = compared(*given)
        Role.objects.all().delete()
        Role.objects.create(**chair, answered_at=clock.now())
        return found

    monkeypatch.setattr(sets, "same_people", compared_and_stored_again)
    Lookup.objects.update_or_create(
        source="roller", subject=card.orgnr, defaults={"answered_at": clock.now()}
    )
    listeners.judge_cards(source="roller", subject=card.orgnr)
    card.refresh_from_db()
    assert (card.standing, card.unmet) == ("valid", [])
