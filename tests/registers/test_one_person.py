"""A person is one row even when a D-number becomes a fødselsnummer, and every room goes on so."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from cards.actions import issue
from cards.models import Card
from hmskort.accounts import actions as accounts
from hmskort.accounts.models import Access, User
from hmskort.audit.actor import SYSTEM
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.simulators import world
from registers import lookups
from registers.exemptions import actions as exemptions
from registers.exemptions.models import OVERRIDE, ExemptionKind
from registers.exemptions.queries import exemptions_for
from registers.models import Employment, Lookup, Person
from registers.persons import people_for, person_for
from tests.builders import actor_of, rest
from tests.cards.builders import issued, to_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """The two rows of somebody whose D-number became a fødselsnummer that we knew already."""
    somebody = world.person("changed number")
    old, new = people_for([*somebody.former_numbers, somebody.national_id])
    assert old != new
    return SimpleNamespace(
        old=old, new=new, numbers=[*somebody.former_numbers, somebody.national_id]
    )


def ask(person, *sources):
    """The registers are asked about the person, and all that follows is done."""
    with transaction.atomic():
        lookups.want(
            {(source, str(person.pk)) for source in sources or ["folkeregisteret"]},
            not_older_than=clock.now(),
        )
    rest()
    person.refresh_from_db()


def card_of(person):
    """A card that was issued while nobody knew that the number had changed."""
    Person.objects.filter(pk=person.pk).update(
        surname="Lewandowski",
        given_names="Marek",
        birth_date=world.person("changed number").birth_date,
    )
    person.refresh_from_db()
    return issued(person=person)


def deliver_again():
    Effect.objects.filter(event="person:merged").update(state="waiting", due_at=clock.now())
    rest()


def test_both_numbers_find_the_row_that_has_the_current_one(rows):
    ask(rows.old)
    assert rows.old.same_as == rows.new
    assert [person_for(number) for number in rows.numbers] == [rows.new, rows.new]
    assert {rows.old.national_id, rows.new.national_id} == {rows.numbers[-1]}


def test_what_the_register_said_stands_on_the_row_that_stays(rows):
    ask(rows.old)
    rows.new.refresh_from_db()
    assert (rows.new.surname, rows.new.state) == ("Lewandowski", Person.State.FOUND)


def test_nobody_asks_about_the_old_number_any_more(rows):
    ask(rows.old, "folkeregisteret", "aaregisteret")
    assert not Lookup.objects.filter(subject=str(rows.old.pk)).exclude(due_at=None).exists()
    asked = Lookup.objects.filter(subject=str(rows.new.pk), answered_at__isnull=False)
    assert {lookup.source for lookup in asked} == {"folkeregisteret", "aaregisteret"}
    assert {row.person for row in Employment.objects.all()} == {rows.new}


def test_a_question_about_the_old_row_is_answered_for_the_one_that_stays(rows):
    ask(rows.old)
    ask(rows.old, "aaregisteret")
    assert {row.person for row in Employment.objects.all()} == {rows.new}


def test_three_rows_of_one_person_become_one(rows):
    older = Person.objects.create(same_as=rows.old)
    ask(rows.old)
    older.refresh_from_db()
    assert older.same_as == rows.new


def test_the_card_of_an_old_number_is_the_persons(rows):
    card = card_of(rows.old)
    ask(rows.old)
    deliver_again()
    card.refresh_from_db()
    assert (card.person, card.current) == (rows.new, True)
    assert Event.objects.filter(name="person:merged", subject_id=str(card.pk)).count() == 1


def test_of_two_current_cards_for_one_company_the_last_goes_on(rows, time_machine):
    first = card_of(rows.old)
    time_machine.move_to(clock.now() + timedelta(days=1), tick=True)
    second = card_of(rows.new)
    ask(rows.old)
    deliver_again()
    assert [(card.current, card.state) for card in Card.objects.order_by("issued_on")] == [
        (False, "blocked"),
        (True, "issued"),
    ]
    assert {card.person for card in Card.objects.filter(pk__in=[first.pk, second.pk])} == {rows.new}


def test_a_card_is_issued_to_the_row_that_stays_whichever_was_given(rows):
    wanted = to_issue(person=Person.objects.get(pk=rows.old.pk))
    ask(rows.old)
    with transaction.atomic():
        card = issue(**wanted)
    assert card.person == rows.new


def test_who_logged_in_with_the_old_number_keeps_their_user_and_accesses(rows, kari, byggmester):
    user = accounts.know_user(sub="marek", national_id=rows.numbers[0])
    access = accounts.delegate(
        person=rows.old, orgnr=byggmester.orgnr, until=None, given_by=kari, actor=actor_of(kari)
    )
    ask(rows.old)
    deliver_again()
    user.refresh_from_db()
    access.refresh_from_db()
    assert (user.person, access.person, access.ended_at) == (rows.new, rows.new, None)
    assert accounts.know_user(sub="marek", national_id=rows.numbers[-1]) == user


def test_who_has_a_user_already_keeps_that_one_and_each_access_once(rows, kari, byggmester):
    accounts.know_user(sub="marek-old", national_id=rows.numbers[0])
    user = accounts.know_user(sub="marek-new", national_id=rows.numbers[-1])
    for person in (rows.old, rows.new):
        accounts.delegate(
            person=person, orgnr=byggmester.orgnr, until=None, given_by=kari, actor=actor_of(kari)
        )
    ask(rows.old)
    assert User.objects.get(person=rows.new) == user
    assert Access.objects.filter(person=rows.new, ended_at=None).count() == 1
    assert not Access.objects.filter(person=rows.old).exists()


def test_an_exemption_granted_to_the_old_number_is_the_persons(rows, byggmester):
    granted_to(rows.old, byggmester.orgnr)
    ask(rows.old)
    exempt = exemptions_for([rows.new.pk], byggmester.orgnr)[rows.new.pk]
    assert exempt["employed"].reason == "overridden"


def granted_to(person, orgnr):
    terms = exemptions.Terms(
        kind=ExemptionKind.objects.get(pk=OVERRIDE),
        requirement="employed",
        orgnr=orgnr,
        people=[person],
        from_on=clock.today(),
        to_on=clock.today() + timedelta(days=30),
        reason="Dokumentert.",
        case_reference="BCDFGHJK",
        granted_by="a",
        confirmed_by="b",
    )
    with transaction.atomic():
        exemptions.grant(terms=terms, actor=SYSTEM)
