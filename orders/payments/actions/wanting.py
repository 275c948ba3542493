"""What is wanted of a reservation, never more than it holds, written with its cause."""

from collections.abc import Sequence

from hmskort.audit.actor import Actor
from hmskort.common import outbox
from hmskort.common.transactions import inside_transaction
from hmskort.common.transitions import Superseded, move
from orders.payments import queries
from orders.payments.actions.booking import locked
from orders.payments.models import Operation, Payment
from orders.payments.provider import Item, total
from orders.payments.rows import rows_of
from orders.payments.states import OPERATION_MOVES, OperationState, PaymentState

Kind = Operation.Kind


class NotCovered(Exception):
    """More is wanted than is left of the reservation, or of the capture to give back."""


@inside_transaction
def want_capture(
    *, payment: Payment, key: str, items: Sequence[Item], actor: Actor, tries: int = 1
) -> Operation:
    """The items will be captured, once per key, and `payment:captured` told when it is done.

    tries: how many times the provider may say no before it stands refused.

    Raises:
        NotCovered: the reservation does not hold that much more.
    """
    row = locked(payment)
    if known := _wanted_before(key, row, Kind.CAPTURE):
        return known
    amount_ore = total(items).gross_ore
    if amount_ore > queries.uncommitted_ore(row):
        raise NotCovered(f"{key}: {amount_ore} øre is more than is reserved")
    return _want(
        Operation(key=key, payment=row, kind=Kind.CAPTURE, rows=rows_of(items), tries=tries),
        amount_ore,
    )


@inside_transaction
def want_release(*, payment: Payment, key: str, actor: Actor) -> Operation:
    """What no capture has asked for will be released, once per key, after the captures.

    Raises:
        NotCovered: the payment is not reserved.
    """
    row = locked(payment)
    if known := _wanted_before(key, row, Kind.RELEASE):
        return known
    if row.state != PaymentState.RESERVED:
        raise NotCovered(f"{key}: nothing is reserved")
    return _want(Operation(key=key, payment=row, kind=Kind.RELEASE), queries.uncommitted_ore(row))


@inside_transaction
def want_refund(*, payment: Payment, key: str, items: Sequence[Item], actor: Actor) -> Operation:
    """The items, captured together before, will be paid back, once per key.

    Raises:
        NotCovered: they were not captured, or not that much of them is left to pay back.
    """
    row = locked(payment)
    if known := _wanted_before(key, row, Kind.REFUND):
        return known
    capture = queries.capture_of(row, frozenset(item.reference for item in items))
    amount_ore = total(items).gross_ore
    if capture is None or amount_ore > queries.unrefunded_ore(capture):
        raise NotCovered(f"{key}: {amount_ore} øre is more than was captured for it")
    return _want(
        Operation(key=key, payment=row, kind=Kind.REFUND, rows=rows_of(items), capture=capture),
        amount_ore,
    )


@inside_transaction
def want_capture_again(*, operation: Operation, actor: Actor) -> Operation:
    """A capture that was refused is asked for once more.

    Raises:
        Superseded: it does not stand refused.
        NotCovered: the reservation does not hold that much any more.
    """
    payment = locked(operation.payment)
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    if (row.kind, row.state) != (Kind.CAPTURE, OperationState.REFUSED):
        raise Superseded(f"{row.key} does not stand refused")
    if row.amount_ore > queries.uncommitted_ore(payment):
        raise NotCovered(f"{row.key}: {row.amount_ore} øre is more than is left")
    row.refusals = max(row.refusals, 1)
    tries = {"refusals": row.refusals, "tries": row.refusals + 1}
    move(row, OperationState.WANTED, OPERATION_MOVES, **tries)
    outbox.enqueue("payment:capture_wanted", key=row.asked_as, operation=row.key)
    return row


def _wanted_before(key: str, payment: Payment, kind: Operation.Kind) -> Operation | None:
    known = Operation.objects.filter(key=key).first()
    if known and (known.payment_id, known.kind) != (payment.pk, kind):
        raise ValueError(f"{key} stands for another operation")
    return known


@inside_transaction
def _want(operation: Operation, amount_ore: int) -> Operation:
    operation.amount_ore = amount_ore
    operation.save(force_insert=True)
    outbox.enqueue(f"payment:{operation.kind}_wanted", key=operation.key, operation=operation.key)
    return operation
