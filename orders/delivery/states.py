"""The states of the card sleeves in an order, and which follows which."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class SleeveState(StrEnum):
    DRAFT = "draft"  # in the cart
    WAITING = "waiting"  # paid for: to be packed
    SENT = "sent"  # in the post; the money is being captured
    WITHDRAWN = "withdrawn"
    RELEASED = "released"  # the reservation ran out; they are back in a cart


# What an order's sum and its list tell of; the others are in no order, or in another.
SLEEVES_SHOWN = frozenset({SleeveState.DRAFT, SleeveState.WAITING, SleeveState.SENT})
SLEEVE_MOVES: Moves[SleeveState] = {
    SleeveState.DRAFT: frozenset({SleeveState.WAITING}),
    SleeveState.WAITING: frozenset({SleeveState.SENT, SleeveState.WITHDRAWN, SleeveState.RELEASED}),
    SleeveState.SENT: frozenset(),
    SleeveState.WITHDRAWN: frozenset(),
    SleeveState.RELEASED: frozenset(),
}
