"""A BestillerID can be read aloud, and a slip of the hand is caught."""

import pytest

from hmskort.accounts.orderers.numbers import InvalidNumber, canonical, new_number, shown
from hmskort.common.references import ALPHABET


@pytest.fixture(params=range(20))
def number():
    return new_number()


def test_it_is_found_however_it_is_typed(number):
    assert len(shown(number)) == len("HXK7-2P4W")
    assert canonical(f" {shown(number).lower().replace('-', ' ')} ") == number


def test_any_one_wrong_character_is_caught(number):
    for place, right in enumerate(number):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(InvalidNumber):
                canonical(number[:place] + wrong + number[place + 1 :])


def test_any_two_neighbours_that_changed_places_are_caught(number):
    for place in range(len(number) - 1):
        one, other = number[place : place + 2]
        swapped = number[:place] + other + one + number[place + 2 :]
        if one != other:
            with pytest.raises(InvalidNumber):
                canonical(swapped)


@pytest.mark.parametrize("typed", ["", "HXK7", "HXK7-2P4W-2", "AEIO-U010", "HXK7\x002P4"])
def test_what_is_none_is_refused(typed):
    with pytest.raises(InvalidNumber):
        canonical(typed)
