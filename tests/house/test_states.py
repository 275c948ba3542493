"""Every state can be reached, is shown to people in words, and is explained in the glossary."""

from enum import StrEnum
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from cards.models import STATE_NAMES
from cards.production.states import JOB_MOVES, JobState
from cards.states import MOVES, CardState
from hmskort.audit.names import EVENTS
from hmskort.common.transitions import Moves
from hmskort.desk import show as desk
from hmskort.desk.states import CASE_MOVES, CaseState
from hmskort.local.places import ROOT
from orders import show
from orders.delivery.show import SLEEVE_STATUS
from orders.delivery.states import SLEEVE_MOVES, SleeveState
from orders.evidence.states import PIECE_MOVES, PieceState
from orders.payments.states import (
    OPERATION_MOVES,
    PAYMENT_MOVES,
    OperationState,
    PaymentState,
)
from orders.states import LINE_MOVES, ORDER_MOVES, LineState, OrderState, standing_of

# Each table of moves with where its things begin.
TABLES: dict[type[StrEnum], tuple[Moves, StrEnum]] = {
    OrderState: (ORDER_MOVES, OrderState.CART),
    LineState: (LINE_MOVES, LineState.DRAFT),
    PieceState: (PIECE_MOVES, PieceState.UPLOADED),
    PaymentState: (PAYMENT_MOVES, PaymentState.STARTED),
    OperationState: (OPERATION_MOVES, OperationState.WANTED),
    CardState: (MOVES, CardState.ISSUED),
    JobState: (JOB_MOVES, JobState.PLANNED),
    CaseState: (CASE_MOVES, CaseState.SENT),
    SleeveState: (SLEEVE_MOVES, SleeveState.DRAFT),
}
# How people read of each; what is done with money is told by sums, not by an operation's state.
WORDS = {
    OrderState: lambda state: (
        show.STANDING()[standing_of(state, people=1, refused=0, waiting=0)].label
    ),
    LineState: lambda state: show.LINE_STATUS()[state].label,
    PieceState: lambda state: show._file_status(SimpleNamespace(state=state)).label,
    PaymentState: lambda state: str(EVENTS[f"payment:{state}"]),
    CardState: lambda state: f"{STATE_NAMES[state]}{show.CARD_STATUS()[state].label}",
    CaseState: desk.state_name,
    SleeveState: lambda state: SLEEVE_STATUS()[state].label,
    JobState: lambda state: render_to_string("production/_state.html", {"state": state}),
}
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()


def reached(moves: Moves, start: StrEnum) -> set[StrEnum]:
    """Every state that can follow from the first one."""
    found, ahead = {start}, [start]
    while ahead:
        new = moves[ahead.pop()] - found
        found |= new
        ahead += new
    return found


@pytest.mark.parametrize("states", TABLES)
def test_every_state_says_what_may_follow_it(states):
    moves, _ = TABLES[states]
    assert set(moves) == set(states)


@pytest.mark.parametrize("states", TABLES)
def test_no_state_is_out_of_reach(states):
    assert reached(*TABLES[states]) == set(states)


@pytest.mark.parametrize("states", WORDS)
def test_every_state_is_shown_in_words_of_its_own(states):
    words = [WORDS[states](state).strip() for state in states]
    assert all(words)
    together = {JobState.CLAIMED, JobState.STARTED}  # both are: being encoded
    assert len(set(words)) == len(words) - (states is JobState) * (len(together) - 1)


@pytest.mark.parametrize("state", [state for states in TABLES for state in states], ids=repr)
def test_every_state_has_a_line_in_the_glossary(state):
    assert f"`{type(state).__name__}.{state.name}`" in GLOSSARY


def test_every_table_of_moves_is_looked_at_here():
    written = [
        f"{path.relative_to(ROOT)}"
        for room in ("hmskort", "orders", "cards", "registers")
        for path in (ROOT / room).rglob("*.py")
        if ": Moves[" in path.read_text() and path.name == "states.py"
    ]
    known = {f"{states.__module__.replace('.', '/')}.py" for states in TABLES}
    assert set(written) == known
