"""What the ledger and others are told, inside the transaction of what happened."""

import logging

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import outbox
from hmskort.common.transactions import inside_transaction
from hmskort.common.transitions import move
from orders.payments.models import LedgerEntry, Operation, Payment
from orders.payments.provider import CAME_TO_NOTHING, Word
from orders.payments.states import OPERATION_MOVES, OperationState

log = logging.getLogger(__name__)


@inside_transaction
def refuse(*, operation: Operation, code: str, actor: Actor) -> None:
    """The operation stands refused, where a person sees it."""
    move(operation, OperationState.REFUSED, OPERATION_MOVES, refusal=code)
    record(
        "payment:refused",
        actor=actor,
        subject=operation.payment,
        operation=operation.key,
        kind=operation.kind,
        code=code,
    )
    log.error("%s %s was refused: %s", operation.kind, operation.key, code)
    tell_of("payment:refused", operation)


@inside_transaction
def book_back_failed_refunds(*, payment: Payment, word: Word, actor: Actor) -> None:
    """Refunds that were accepted and did not reach the payer are in the ledger with a minus."""
    failed = [refund.id for refund in word.refunds if refund.state in CAME_TO_NOTHING]
    done = Operation.objects.filter(
        payment=payment,
        kind=Operation.Kind.REFUND,
        state=OperationState.DONE,
        provider_id__in=failed,
    )
    for operation in done:
        refuse(operation=operation, code="failed at the bank", actor=actor)
        book(
            payment,
            LedgerEntry.Kind.REFUNDED,
            -operation.amount_ore,
            key=f"refund_failed:{operation.key}",
        )


def tell_of(event: str, operation: Operation) -> None:
    outbox.enqueue(
        event,
        key=operation.key,
        payment=str(operation.payment_id),
        reference=operation.payment.reference,
        operation=operation.key,
    )


@inside_transaction
def book(payment: Payment, kind: str, amount_ore: int, *, key: str) -> None:
    LedgerEntry.objects.create(payment=payment, kind=kind, amount_ore=amount_ore, key=key)


def locked(payment: Payment) -> Payment:
    """The payment's row, locked: sums of what is wanted of it stand still until commit."""
    return Payment.objects.select_for_update().get(pk=payment.pk)
