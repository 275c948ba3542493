"""What was wanted is done at the provider, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import move
from orders.payments import queries
from orders.payments.actions.booking import book, refuse, tell_of
from orders.payments.methods import Method
from orders.payments.models import LedgerEntry, Operation
from orders.payments.provider import Capture, Declined, Refund, Word, provider
from orders.payments.states import OPERATION_MOVES, OperationState

Kind = Operation.Kind
WAITS_S = (600.0, 3_600.0, 21_600.0)  # after each refusal that is not the last
BOOKED_AS = {
    Kind.CAPTURE: LedgerEntry.Kind.CAPTURED,
    Kind.RELEASE: LedgerEntry.Kind.RELEASED,
    Kind.REFUND: LedgerEntry.Kind.REFUNDED,
}
BOOKED_OF_AN_INVOICE = {
    Kind.CAPTURE: LedgerEntry.Kind.INVOICED,
    Kind.RELEASE: LedgerEntry.Kind.WAIVED,
    Kind.REFUND: LedgerEntry.Kind.CREDITED,
}


def carry_out(*, operation: Operation, actor: Actor) -> None:
    """The provider has done what was wanted, once, or has refused it for good.

    The first time the provider is asked at once. Ever after its word is read first: what an
    earlier run asked for may have been done although the answer was lost. Two runs at the same
    time send the same idempotency key, and the first to come back writes the ledger. A refusal is
    believed only when the provider's word does not show that another run was first. Some captures
    are asked for again later before they stand refused.

    Of an invoice nobody is asked: it is we who invoice, and credit. Nor is anybody asked for
    nothing: what is free is done.

    Raises:
        TryLater: a release waits for captures that are under way; or it was refused, not for good.
        ServiceError: the outcome is not known; run again.
    """
    if operation.state != OperationState.WANTED:
        return
    if operation.kind == Kind.RELEASE and queries.captures_under_way(operation.payment):
        raise outbox.TryLater("captures of the same payment are under way")
    is_free = operation.amount_ore == 0 and operation.kind != Kind.RELEASE
    if is_free or operation.payment.method == Method.INVOICE:
        _done(operation=operation, done=Done("", operation.amount_ore), actor=actor)
        return
    done = None if _first_time(operation=operation) else _found(operation, _word_on(operation))
    if done is None:
        try:
            done = _asked(operation)
        except Declined as no:
            done = _found(operation, _word_on(operation))
            if done is None:
                if wait_s := _refused(operation=operation, code=no.what, actor=actor):
                    raise outbox.TryLater(f"refused: {no.what}", wait_s) from no
                return
    _done(operation=operation, done=done, actor=actor)


@dataclass(frozen=True)
class Done:
    """What the provider did: its id, where it gives one, and the amount."""

    provider_id: str
    amount_ore: int


def _asked(operation: Operation) -> Done:
    """The provider did it just now, or with the same key before."""
    payment_id = operation.payment.provider_id
    at_provider = provider(operation.payment.method)
    items, amount_ore = operation.items, operation.amount_ore
    match Kind(operation.kind):
        case Kind.CAPTURE:
            return Done(at_provider.capture(payment_id, items, key=operation.asked_as), amount_ore)
        case Kind.REFUND:
            assert operation.capture is not None  # a refund is of a capture  # noqa: S101
            capture_id = operation.capture.provider_id
            refund_id = at_provider.refund(payment_id, capture_id, items, key=operation.asked_as)
            return Done(refund_id, amount_ore)
        case Kind.RELEASE:
            word = at_provider.read(payment_id)
            if word.left_ore:
                at_provider.release(payment_id, word.left_ore)
            return _all_released(operation, word.released_ore + word.left_ore)


def _found(operation: Operation, word: Word) -> Done | None:
    """What the provider's word shows to have been done for this very operation.

    Of two that are alike and both under way it cannot tell; their keys can.
    """
    made: Sequence[Capture | Refund]
    match Kind(operation.kind):
        case Kind.RELEASE:
            return None if word.left_ore else _all_released(operation, word.released_ore)
        case Kind.CAPTURE:
            made = word.captures
        case Kind.REFUND:
            made = word.refunds
    keys = {operation.key, operation.asked_as}
    by_key = next((one for one in made if one.key in keys), None)
    if by_key:
        return Done(by_key.id, by_key.amount_ore)
    if queries.has_twin(operation):
        return None
    claimed = queries.claimed_ids(operation.payment)
    for one in made:
        same = (one.references, one.amount_ore) == (operation.references, operation.amount_ore)
        if same and one.id not in claimed:
            return Done(one.id, one.amount_ore)
    return None


def _all_released(operation: Operation, released_ore: int) -> Done:
    """Nothing is left; of what the provider released, what the ledger does not know of yet."""
    return Done("", released_ore - queries.released_ore(operation.payment))


def _word_on(operation: Operation) -> Word:
    return provider(operation.payment.method).read(operation.payment.provider_id)


@owns_transaction
def _first_time(*, operation: Operation) -> bool:
    """Has the provider never been asked for this? From now on it may have been."""
    never = Operation.objects.filter(pk=operation.pk, asked_at__isnull=True)
    return never.update(asked_at=clock.now()) == 1


@owns_transaction
def _done(*, operation: Operation, done: Done, actor: Actor) -> None:
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    if row.state != OperationState.WANTED:
        return
    move(
        row,
        OperationState.DONE,
        OPERATION_MOVES,
        done_at=clock.now(),
        provider_id=done.provider_id,
        amount_ore=done.amount_ore,
    )
    of_an_invoice = operation.payment.method == Method.INVOICE
    name = (BOOKED_OF_AN_INVOICE if of_an_invoice else BOOKED_AS)[Kind(row.kind)]
    if done.amount_ore:
        book(operation.payment, name, done.amount_ore, key=f"{name}:{row.key}")
    record(
        f"payment:{name}",
        actor=actor,
        subject=operation.payment,
        operation=row.key,
        amount_ore=done.amount_ore,
    )
    if row.kind == Kind.CAPTURE:
        tell_of("payment:captured", row)
    if name == LedgerEntry.Kind.CREDITED:
        tell_of("payment:credited", row)
    if name == LedgerEntry.Kind.REFUNDED:
        _look_whether_it_failed(row)


def _look_whether_it_failed(refund: Operation) -> None:
    """A bank may have refused it, and its message come, before our row said that it was done."""
    key, payment = f"refunded:{refund.key}", str(refund.payment_id)
    outbox.enqueue("payment:heard", key=key, payment=payment)


@owns_transaction
def _refused(*, operation: Operation, code: str, actor: Actor) -> float:
    """The seconds until it is asked for again; 0 when it stands refused, or was done by another.

    Of two runs that hear the same refusal one counts it, and both come back: the effect of one that
    did not would end, and with it the operation that nobody carries out.
    """
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    if row.state != OperationState.WANTED:
        return 0
    if row.refusals == operation.refusals:
        row.refusals += 1
        row.save(update_fields=["refusals"])
        if row.refusals >= row.tries:
            refuse(operation=row, code=code, actor=actor)
            return 0
    return WAITS_S[min(row.refusals, len(WAITS_S)) - 1]
