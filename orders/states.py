"""The states of an order and of its lines, and which follows which."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class OrderState(StrEnum):
    CART = "cart"  # being put together; kept when the orderer logs out
    PAYING = "paying"  # at the payment page, or waiting for the provider's word
    SUBMITTED = "submitted"  # paid for: the whole amount is reserved
    COMPLETED = "completed"  # every line has ended
    CANCELLED = "cancelled"


ORDER_MOVES: Moves[OrderState] = {
    OrderState.CART: frozenset({OrderState.PAYING, OrderState.CANCELLED}),
    OrderState.PAYING: frozenset({OrderState.SUBMITTED, OrderState.CART}),
    OrderState.SUBMITTED: frozenset({OrderState.COMPLETED}),
    OrderState.COMPLETED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}


class LineState(StrEnum):
    DRAFT = "draft"  # in the cart
    AWAITING = "awaiting"  # paid for; goes to review by itself when every requirement is met
    IN_REVIEW = "in_review"  # photo, signature and ID wait for a reviewer
    REFUSED = "refused"  # a piece must be mended; the reservation stays
    APPROVED = "approved"  # the registers are asked once more
    HELD = "held"  # a requirement is not met or unknown right before issue
    CLEARED = "cleared"  # every requirement holds: the money is being captured
    CAPTURED = "captured"  # paid: the card may be issued
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"  # the reservation ran out; the person is back in a cart


LINE_MOVES: Moves[LineState] = {
    LineState.DRAFT: frozenset({LineState.IN_REVIEW, LineState.AWAITING, LineState.WITHDRAWN}),
    LineState.AWAITING: frozenset({LineState.IN_REVIEW, LineState.WITHDRAWN, LineState.RELEASED}),
    LineState.IN_REVIEW: frozenset(
        {LineState.APPROVED, LineState.REFUSED, LineState.WITHDRAWN, LineState.RELEASED}
    ),
    LineState.REFUSED: frozenset({LineState.IN_REVIEW, LineState.WITHDRAWN, LineState.RELEASED}),
    LineState.APPROVED: frozenset(
        {LineState.CLEARED, LineState.HELD, LineState.IN_REVIEW}
        | {LineState.WITHDRAWN, LineState.RELEASED}
    ),
    LineState.HELD: frozenset({LineState.CLEARED, LineState.WITHDRAWN, LineState.RELEASED}),
    LineState.CLEARED: frozenset({LineState.CAPTURED, LineState.RELEASED}),
    LineState.CAPTURED: frozenset({LineState.ISSUED, LineState.WITHDRAWN}),
    LineState.ISSUED: frozenset(),
    LineState.WITHDRAWN: frozenset(),
    LineState.RELEASED: frozenset(),
}
LINE_ENDED = frozenset(state for state, onward in LINE_MOVES.items() if not onward)
LINE_OPEN = frozenset(LineState) - LINE_ENDED
