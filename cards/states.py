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
    CardState.ISSUED: frozenset({CardState.PRODUCED, CardState.BLOCKED}),
    CardState.PRODUCED: frozenset({CardState.BLOCKED, CardState.LOST, CardState.SEIZED}),
    CardState.LOST: frozenset({CardState.PRODUCED, CardState.BLOCKED, CardState.SEIZED}),
    CardState.BLOCKED: frozenset({CardState.SEIZED, CardState.SHREDDED}),
    CardState.SEIZED: frozenset({CardState.SHREDDED}),
    CardState.SHREDDED: frozenset(),
}
ALIVE = frozenset({CardState.ISSUED, CardState.PRODUCED, CardState.LOST})
"""May be valid today or become so again: what the registers say of these is followed."""
USABLE = frozenset({CardState.ISSUED, CardState.PRODUCED})
"""It is made or will be, and nobody has blocked it, lost it or taken it away."""
BLOCKABLE = frozenset({CardState.PRODUCED, CardState.LOST})
"""What a company may block: a card that exists."""


class BlockReason(StrEnum):
    """Why a card is blocked. The first four are a company's to choose."""

    LEFT = "left"  # the holder no longer works there
    WRONG = "wrong"  # something on the card is not right
    DAMAGED = "damaged"
    OTHER = "other"
    REPLACED = "replaced"  # a new card took its place


class Loss(StrEnum):
    """How a card was lost, as its company reports it."""

    MISLAID = "mislaid"
    STOLEN = "stolen"


class Standing(StrEnum):
    """How a card stands on a day: what a person is told, computed from state, dates, registers."""

    ORDERED = "ordered"  # issued, in production
    VALID = "valid"
    REQUIREMENTS = "requirements"  # the registers' requirements do not hold that day
    EXPIRED = "expired"
    BLOCKED = "blocked"
    LOST = "lost"
    SEIZED = "seized"
    SHREDDED = "shredded"
