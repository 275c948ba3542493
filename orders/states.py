"""The states of an order and of its lines, and which follows which."""

from enum import IntEnum, StrEnum

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
    # Approved at once: it replaces a faulty card, with that card's own pictures.
    LineState.DRAFT: frozenset(
        {LineState.IN_REVIEW, LineState.AWAITING, LineState.APPROVED, LineState.WITHDRAWN}
    ),
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
# A card is ordered for the person: it can be documented, and the public check answers.
LINE_DOCUMENTED = frozenset(
    {LineState.IN_REVIEW, LineState.REFUSED, LineState.APPROVED, LineState.HELD}
    | {LineState.CLEARED, LineState.CAPTURED, LineState.ISSUED}
)
LINE_SHOWN = frozenset(LineState) - {LineState.WITHDRAWN, LineState.RELEASED}


class OrderStanding(IntEnum):
    """How an order stands for those who ordered: by its state and by who in it needs something.

    In the order of the list: what they must do comes first.
    """

    TO_MEND = 1  # something was refused
    CART = 2
    PAYING = 3
    WAITING = 4  # for a register
    UNDER_WAY = 5
    COMPLETED = 6
    NOTHING = 7  # an empty cart, or a cancelled one: nobody is shown it


def standing_of(
    state: OrderState, *, people: int, refused: int, waiting: int, sleeves: int = 0
) -> OrderStanding:
    """How such an order stands. The database keeps the same of every order."""
    if state == OrderState.CART:
        return OrderStanding.CART if people or sleeves else OrderStanding.NOTHING
    if state == OrderState.SUBMITTED and refused:
        return OrderStanding.TO_MEND
    if state == OrderState.SUBMITTED and waiting:
        return OrderStanding.WAITING
    return {
        OrderState.PAYING: OrderStanding.PAYING,
        OrderState.SUBMITTED: OrderStanding.UNDER_WAY,
        OrderState.COMPLETED: OrderStanding.COMPLETED,
        OrderState.CANCELLED: OrderStanding.NOTHING,
    }[state]
