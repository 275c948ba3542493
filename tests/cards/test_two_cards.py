"""Two cards of one person in the last months: which counts, and when the old one is blocked."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from cards import actions, rules
from cards.models import Card
from cards.public_check.queries import check
from cards.rules import ReplacedWhen
from cards.states import CardState
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.dated import Dated
from tests.cards.builders import issued, taken_over

pytestmark = pytest.mark.django_db
CONFIRMED, DISPATCHED = ReplacedWhen.CONFIRMED, ReplacedWhen.DISPATCHED


@pytest.fixture
def old():
    """A card with two months left."""
    return taken_over(number="4711208", issued_on=clock.today() - timedelta(days=670))


def policy(monkeypatch, when):
    monkeypatch.setattr(rules, "REPLACED_WHEN", (Dated(date(2008, 1, 1), when, "test"),))
    monkeypatch.setattr(actions, "REPLACED_WHEN", rules.REPLACED_WHEN)


def answers(*cards: Card) -> list[str]:
    return [str(check(card.number).status) for card in cards]


def go_on(card: Card, step) -> None:
    with transaction.atomic():
        step(card=Card.objects.get(pk=card.pk), actor=SYSTEM)


# What the public check says of the old card and the new one after each step on the new one's road.
ROADS = [
    (CONFIRMED, ["not_valid", "not_valid", "not_valid"]),
    (DISPATCHED, ["valid", "valid", "not_valid"]),
]


@pytest.mark.feature("F088")
@pytest.mark.parametrize(("when", "of_the_old"), ROADS)
def test_which_card_answers_in_the_public_check_before_and_after(
    old, monkeypatch, when, of_the_old
):
    policy(monkeypatch, when)
    assert answers(old) == ["valid"]
    new = issued()
    told = [answers(old, new)]
    for step in (actions.produced, actions.dispatched):
        go_on(new, step)
        told.append(answers(old, new))
    assert told == [list(each) for each in zip(of_the_old, NEW, strict=True)]


NEW = ["under_order", "valid", "valid"]  # whichever policy holds


@pytest.mark.feature("F088")
@pytest.mark.parametrize("when", [CONFIRMED, DISPATCHED])
def test_the_old_card_is_blocked_as_replaced_and_the_history_says_by_which(old, monkeypatch, when):
    policy(monkeypatch, when)
    new = issued()
    for step in (actions.produced, actions.dispatched):
        go_on(new, step)
    old.refresh_from_db()
    assert (old.state, old.blocked_for, old.current) == (CardState.BLOCKED, "replaced", False)
    told = history(old).get(name="card:blocked")
    assert (told.data["reason"], told.data["by"]) == ("replaced", new.number)


def test_until_the_new_card_is_issued_the_old_one_alone_answers(old, kari):
    Card.objects.filter(pk=old.pk).update(state=CardState.PRODUCED)
    old.refresh_from_db()
    assert old.renewable_from <= clock.today() <= old.expires_on
    assert answers(old) == ["valid"]
    assert Card.objects.filter(person=old.person, current=True).get() == old


@pytest.mark.parametrize("when", [CONFIRMED, DISPATCHED])
def test_one_of_the_two_is_the_current_one_at_every_moment(old, monkeypatch, when):
    policy(monkeypatch, when)
    new = issued()
    for step in (actions.produced, actions.dispatched):
        assert Card.objects.filter(person=new.person, current=True).get() == new
        go_on(new, step)
