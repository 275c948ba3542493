from collections import Counter

import pytest

from cards import demonstration
from cards.models import Card
from hmskort.common import clock
from hmskort.simulators import world

pytestmark = pytest.mark.django_db


def test_the_world_has_150_cards_in_every_state_and_making_them_twice_makes_them_once():
    today = world.on(clock.today())
    assert demonstration.load(today) == "150 cards, 150 new"
    cards = list(Card.objects.all())
    standings = Counter(card.standing for card in cards)
    assert {"ordered", "valid", "requirements", "expired", "blocked"} <= set(standings)
    assert standings["valid"] > 80
    assert demonstration.load(today) == "150 cards, 0 new"
    assert Card.objects.count() == len(cards) == 150
    holders = {(card.given_names, card.surname) for card in cards}
    free = today.person("employed")  # people with a story are left to be ordered for
    assert (free.given_names, free.surname) not in holders
