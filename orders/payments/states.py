"""The states of a payment and of what is done with it, and which follows which."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class PaymentState(StrEnum):
    STARTED = "started"  # the payer is at the payment page, or the provider's word is not read yet
    RESERVED = "reserved"  # the whole amount is held on the payer's card
    FAILED = "failed"  # the page is closed at the provider: nothing can be reserved any more


PAYMENT_MOVES: Moves[PaymentState] = {
    PaymentState.STARTED: frozenset({PaymentState.RESERVED, PaymentState.FAILED}),
    PaymentState.RESERVED: frozenset(),
    PaymentState.FAILED: frozenset(),
}


class OperationState(StrEnum):
    WANTED = "wanted"  # will be carried out, and asked for until the provider answers
    DONE = "done"  # the provider has done it and the ledger says so
    REFUSED = "refused"  # the provider said no for good: a person must look


OPERATION_MOVES: Moves[OperationState] = {
    OperationState.WANTED: frozenset({OperationState.DONE, OperationState.REFUSED}),
    # A refund is accepted at once and may fail at the payer's bank days later.
    OperationState.DONE: frozenset({OperationState.REFUSED}),
    # A person has it asked for again.
    OperationState.REFUSED: frozenset({OperationState.WANTED}),
}
