from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections, transaction

from cards import actions, numbers
from cards.models import Card
from cards.public_check.models import Entry
from cards.public_check.queries import check
from cards.states import CardState
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from registers.models import Verdict
from tests.cards.builders import issued, produced, taken_over, to_issue

pytestmark = pytest.mark.django_db


@pytest.mark.feature("F134")
def test_a_card_is_numbered_and_lasts_two_years(time_machine):
    time_machine.move_to("2028-02-29 12:00+01:00", tick=False)
    card = issued()
    assert numbers.form_of(card.number) is numbers.Form.OWN
    assert (card.issued_on, card.expires_on) == (date(2028, 2, 29), date(2030, 2, 28))


def test_a_card_issued_near_midnight_has_oslos_date(time_machine):
    time_machine.move_to("2026-11-20 23:30+00:00", tick=False)
    assert issued().issued_on == date(2026, 11, 21)


def test_the_same_key_gives_the_same_card():
    first = issued(issue_key="line:7")
    assert issued(issue_key="line:7") == first
    assert Card.objects.count() == 1
    assert Effect.objects.filter(event="card:issued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_issue_one_card():
    wanted = to_issue()

    def issue(_):
        try:
            with transaction.atomic():
                return actions.issue(**wanted).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(issue, range(4)))) == 1
    assert Card.objects.count() == Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_leave_the_person_one_current_card():
    wanted = [to_issue(), to_issue()]

    def issue(each):
        try:
            with transaction.atomic():
                return actions.issue(**each).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(issue, wanted))) == 2
    assert Card.objects.filter(current=True).count() == 1
    assert Card.objects.filter(state=CardState.BLOCKED, blocked_for="replaced").count() == 1


def test_a_taken_number_is_never_given_twice(monkeypatch):
    taken = issued().number
    drawn = iter([taken, taken, "80000002"])
    monkeypatch.setattr(actions, "new_number", lambda: next(drawn))
    assert issued("also employed").number == "80000002"


def test_a_card_is_refused_on_a_verdict_that_is_not_met(byggmester):
    with pytest.raises(actions.NotInOrder):
        issued("not employed")
    assert not Card.objects.exists()


def test_the_new_card_takes_the_place_of_the_old_one_which_is_blocked():
    old = taken_over(number="4711208", issued_on=clock.today() - timedelta(days=700))
    new = issued()
    old.refresh_from_db()
    assert (old.state, old.blocked_for, old.current) == (CardState.BLOCKED, "replaced", False)
    assert new.current
    assert check(old.number).reason == "blocked"


def test_a_card_that_is_replaced_before_it_was_made_is_not_made():
    old, new = issued(), issued()
    old.refresh_from_db()
    assert (old.state, new.state) == (CardState.BLOCKED, CardState.ISSUED)


def test_a_person_with_two_employers_holds_a_valid_card_for_each():
    cards = [produced("two employers", name) for name in ("Byggmester AS", "groundwork")]
    assert [card.standing for card in cards] == ["valid", "valid"]
    assert len({card.orgnr for card in cards}) == 2
    assert Card.objects.filter(person=cards[0].person, current=True).count() == 2


def test_every_change_has_its_row_in_the_history_with_who_from_and_to(kari, client_as):
    card = produced()
    client_as(kari).post(f"/kort/{card.number}/sperr/", {"reason": "left"})
    told = [(e.name, e.actor_kind, e.channel, e.data.get("to")) for e in history(card)]
    assert told == [
        ("card:issued", "system", "task", "issued"),
        ("card:produced", "system", "task", "produced"),
        ("card:blocked", "person", "portal", "blocked"),
    ]


def test_the_reference_of_the_order_answers_as_the_card_does():
    card = issued(reference="BCDF2345")
    assert check("bcdf 2345").status == "under_order"
    actions.produced(card=card, actor=SYSTEM)
    assert check("BCDF2345").status == "valid"


def test_the_cards_own_pictures_stand_with_it():
    card = issued()
    with card.portrait.open() as portrait, card.signature.open() as signature:
        assert portrait.read().startswith(b"\xff\xd8")
        assert signature.read().startswith(b"\x89PNG")


def test_nothing_is_left_when_issuing_fails_half_way(monkeypatch):
    monkeypatch.setattr(actions.public_check, "publish", fail)
    with pytest.raises(OSError, match="full"):
        issued()
    assert not Card.objects.exists()
    assert not Entry.objects.exists()
    assert not Effect.objects.filter(event="card:issued").exists()
    assert Verdict.objects.count() <= 1


def fail(**_):
    raise OSError("the disk is full")
