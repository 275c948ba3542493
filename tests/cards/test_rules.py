from datetime import date, timedelta

import pytest

from cards.rules import last_valid_day, renewable_from, standing
from cards.states import ALIVE, MOVES, CardState, Standing


@pytest.mark.feature("F134")
@pytest.mark.parametrize(
    ("issued_on", "last"),
    [
        (date(2026, 11, 21), date(2028, 11, 21)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_card_lasts_two_years_and_29_february_becomes_28(issued_on, last):
    assert last_valid_day(issued_on) == last


@pytest.mark.parametrize(
    ("expires_on", "first"),
    [
        (date(2028, 11, 21), date(2028, 8, 21)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2027, 5, 31), date(2027, 2, 28)),
        (date(2028, 1, 15), date(2027, 10, 15)),
    ],
)
def test_a_new_card_may_be_ordered_in_the_last_three_months(expires_on, first):
    assert renewable_from(expires_on) == first


@pytest.mark.feature("F144")
def test_the_last_valid_day_is_valid_and_the_day_after_is_expired():
    last = date(2028, 11, 21)
    how = {"state": CardState.PRODUCED, "expires_on": last, "holds": True}
    assert standing(**how, on=last) is Standing.VALID
    assert standing(**how, on=last + timedelta(days=1)) is Standing.EXPIRED


def test_a_card_in_production_is_under_order_whatever_the_registers_say():
    for holds in (True, False):
        found = standing(
            state=CardState.ISSUED, expires_on=date(2028, 1, 1), holds=holds, on=date(2026, 1, 1)
        )
        assert found is Standing.ORDERED


@pytest.mark.parametrize("state", sorted(set(CardState) - {CardState.ISSUED, CardState.PRODUCED}))
def test_what_was_done_to_a_card_goes_before_what_the_calendar_did(state):
    found = standing(state=state, expires_on=date(2020, 1, 1), holds=False, on=date(2026, 1, 1))
    assert found == state.value


def test_every_state_can_be_reached_and_has_its_moves():
    reached = {CardState.ISSUED}.union(*MOVES.values())
    assert reached == set(CardState) == set(MOVES)
    assert all(MOVES[state] for state in ALIVE)
