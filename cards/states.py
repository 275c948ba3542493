"""The states of a card, and which follows which. *Expired* and *valid* are computed, not stored."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class CardState(StrEnum):
    ISSUED = "issued"  # numbered and on its way to production
    PRODUCED = "produced"  # chip written, read back and found equal
    BLOCKED = "blocked"  # sperret
    LOST = "lost"  # tapt
    SEIZED = "seized"  # inndratt
    SHREDDED = "shredded"  # makulert


MOVES: Moves[CardState] = {
    CardState.ISSUED: frozenset({CardState.PRODUCED, CardState.SHREDDED}),
    CardState.PRODUCED: frozenset({CardState.BLOCKED, CardState.LOST, CardState.SEIZED}),
    CardState.LOST: frozenset({CardState.PRODUCED, CardState.BLOCKED, CardState.SEIZED}),
    CardState.BLOCKED: frozenset({CardState.SEIZED, CardState.SHREDDED}),
    CardState.SEIZED: frozenset({CardState.SHREDDED}),
    CardState.SHREDDED: frozenset(),
}
FINAL = frozenset(state for state, onward in MOVES.items() if not onward)
