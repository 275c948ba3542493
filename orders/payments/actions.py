"""Money is reserved, captured, released and refunded: each wanted thing happens once.

What is wanted is written with its cause (`want_...`), and carried out afterwards by a listener. No
transaction is open while the provider is asked. Whoever dies between the provider's answer and
our row, or never hears the answer, reads the provider before asking again with the same key.
"""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError, Unreadable
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import Superseded, move
from orders.payments import queries
from orders.payments.models import LedgerEntry, Operation, Payment
from orders.payments.provider import (
    Capture,
    Checkout,
    Declined,
    Item,
    Page,
    Refund,
    RefundState,
    Word,
    provider,
    total,
)
from orders.payments.rows import Rows, items_of, rows_of
from orders.payments.states import (
    OPERATION_MOVES,
    PAYMENT_MOVES,
    OperationState,
    PaymentState,
)

# What callers need beside the actions themselves.
__all__ = [
    "Item",
    "NotCovered",
    "ServiceError",
    "abandon",
    "carry_out",
    "hear",
    "start",
    "take_word",
    "want_capture",
    "want_refund",
    "want_release",
]

log = logging.getLogger(__name__)
Kind = Operation.Kind
BOOKED_AS = {
    Kind.CAPTURE: LedgerEntry.Kind.CAPTURED,
    Kind.RELEASE: LedgerEntry.Kind.RELEASED,
    Kind.REFUND: LedgerEntry.Kind.REFUNDED,
}


class NotCovered(Exception):  # noqa: N818 - errors are facts
    """More is wanted than is left of the reservation, or of the capture to give back."""


# --- Start, and the provider's word -----------------------------------------------------------


def start(*, reference: str, items: Sequence[Item], language: str, actor: Actor) -> Payment:
    """The order has a payment page at the provider: `page_url`. Twice gives the same page.

    Our row is written before the provider is asked, and its id is the idempotency key, so a
    process that dies in between finds its own request again. A payment that was reserved without
    our knowing is given back as it is: its page leads the payer on. When the items have changed,
    the earlier page is closed first, and what was reserved there is released.

    Raises:
        Superseded: somebody closed the payment meanwhile.
        ServiceError: the provider did not open a page; asking again continues.
    """
    rows = rows_of(items)
    earlier = queries.open_payment(reference)
    if earlier and earlier.rows != rows:
        _replace(payment=earlier, actor=actor)
    payment = _opened(reference=reference, rows=rows, language=language, actor=actor)
    if not payment.page_url:
        page = provider().start(_checkout(payment), key=str(payment.pk))
        payment = _page_given(payment=payment, page=page)
    return payment


@owns_transaction
def _opened(*, reference: str, rows: Rows, language: str, actor: Actor) -> Payment:
    """The one open payment of the order; made when there is none."""
    payment = queries.open_payment(reference)
    if payment is None:
        payment, is_new = Payment.objects.get_or_create(
            reference=reference,
            state=PaymentState.STARTED,
            defaults={
                "amount_ore": total(items_of(rows)).gross_ore,
                "rows": rows,
                "language": language,
                "started_by": actor.id,
            },
        )
        if is_new:
            record("payment:started", actor=actor, subject=payment, reference=reference)
    if payment.rows != rows:
        raise Superseded(f"the items of {reference} were changed meanwhile")
    return payment


def _replace(*, payment: Payment, actor: Actor) -> None:
    """The payment is over, without news to anybody; what it holds is released."""
    _mark_replaced(payment=payment)
    if abandon(payment=payment, actor=actor).state == PaymentState.RESERVED:
        _give_back(payment=payment, actor=actor)


@owns_transaction
def _mark_replaced(*, payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk).update(replaced_at=clock.now())


@owns_transaction
def _give_back(*, payment: Payment, actor: Actor) -> None:
    want_release(payment=payment, key=f"release:{payment.pk}", actor=actor)


@owns_transaction
def _page_given(*, payment: Payment, page: Page) -> Payment:
    """The payment has its page; the first answer stands when two requests asked at once."""
    Payment.objects.filter(pk=payment.pk, state=PaymentState.STARTED, page_url="").update(
        provider_id=page.payment_id, page_url=page.url
    )
    payment.refresh_from_db()
    if payment.state != PaymentState.STARTED:
        raise Superseded(f"payment {payment.pk} was closed meanwhile")
    return payment


def _checkout(payment: Payment) -> Checkout:
    def address(name: str, *args: object) -> str:
        return settings.BASE_URL + reverse(name, args=args)

    return Checkout(
        reference=payment.reference,
        payment=str(payment.pk),
        items=payment.items,
        language=payment.language,
        return_url=address("payments:back", payment.pk),
        cancel_url=address("payments:cancelled", payment.pk),
        webhook_url=address("payments:nexi_webhook"),
        terms_url=address("payments:terms"),
    )


def take_word(*, payment: Payment, actor: Actor) -> Payment:
    """The payment stands where the provider says. Nothing but this moves one that has a page.

    Raises:
        ServiceError: the provider gave no usable answer; the payment stands as it was.
    """
    if not payment.provider_id:
        return payment
    word = provider().read(payment.provider_id)
    return _believe(payment=payment, word=word, actor=actor)


def abandon(*, payment: Payment, actor: Actor) -> Payment:
    """Nobody can pay any more: the payment has failed, unless it was reserved first.

    Raises:
        ServiceError: as for `take_word`.
    """
    if payment.state != PaymentState.STARTED:
        return payment
    if not payment.provider_id:
        return _never_opened(payment=payment, actor=actor)
    try:
        provider().close(payment.provider_id)
    except Declined as no:  # it was paid, or closed before: its word says which
        log.info("payment %s is not closed: %s", payment.pk, no.what)
    return take_word(payment=payment, actor=actor)


@owns_transaction
def _never_opened(*, payment: Payment, actor: Actor) -> Payment:
    row = _locked(payment)
    if row.state == PaymentState.STARTED and not row.provider_id:
        _failed(payment=row, actor=actor)
    return row


@owns_transaction
def _believe(*, payment: Payment, word: Word, actor: Actor) -> Payment:
    row = _locked(payment)
    if (word.reference, word.amount_ore) != (row.reference, row.amount_ore):
        raise Unreadable("payment provider", "its payment is not the one that was started")
    match PaymentState(row.state):
        case PaymentState.STARTED if word.reserved_ore >= row.amount_ore:
            _reserved(payment=row, actor=actor)
        case PaymentState.STARTED if word.closed:
            _failed(payment=row, actor=actor)
        case PaymentState.RESERVED:
            _book_back_failed_refunds(payment=row, word=word, actor=actor)
        case PaymentState.STARTED | PaymentState.FAILED:
            pass  # the payer has not paid, or no longer can
    return row


@inside_transaction
def _reserved(*, payment: Payment, actor: Actor) -> None:
    move(payment, PaymentState.RESERVED, PAYMENT_MOVES, reserved_at=clock.now())
    _book(payment, LedgerEntry.Kind.RESERVED, payment.amount_ore, key=f"reserved:{payment.pk}")
    record("payment:reserved", actor=actor, subject=payment, amount_ore=payment.amount_ore)
    if not payment.replaced_at:
        _tell("payment:reserved", payment)


@inside_transaction
def _failed(*, payment: Payment, actor: Actor) -> None:
    move(payment, PaymentState.FAILED, PAYMENT_MOVES, failed_at=clock.now())
    record("payment:failed", actor=actor, subject=payment)
    if not payment.replaced_at:
        _tell("payment:failed", payment)


def _tell(event: str, payment: Payment) -> None:
    pk = str(payment.pk)
    outbox.enqueue(event, key=pk, payment=pk, reference=payment.reference)


@owns_transaction
def hear(*, provider_id: str, message: str) -> None:
    """The provider's word will be read because of its message, once per message."""
    payment = Payment.objects.filter(provider_id=provider_id).first()
    if payment is None:
        log.warning("a message about a payment that is not ours")
        return
    outbox.enqueue("payment:heard", key=message, payment=str(payment.pk))


# --- What is wanted ---------------------------------------------------------------------------


@inside_transaction
def want_capture(*, payment: Payment, key: str, items: Sequence[Item], actor: Actor) -> Operation:
    """The items will be captured, once per key, and `payment:captured` told when it is done.

    Raises:
        NotCovered: the reservation does not hold that much more.
    """
    row = _locked(payment)
    if known := _wanted_before(key, row, Kind.CAPTURE):
        return known
    amount_ore = total(items).gross_ore
    if amount_ore > queries.uncommitted_ore(row):
        raise NotCovered(f"{key}: {amount_ore} øre is more than is reserved")
    return _want(
        Operation(key=key, payment=row, kind=Kind.CAPTURE, rows=rows_of(items)),
        amount_ore,
    )


@inside_transaction
def want_release(*, payment: Payment, key: str, actor: Actor) -> Operation:
    """What no capture has asked for will be released, once per key, after the captures.

    Raises:
        NotCovered: the payment is not reserved.
    """
    row = _locked(payment)
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
    row = _locked(payment)
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


# --- What is carried out ----------------------------------------------------------------------


def carry_out(*, operation: Operation, actor: Actor) -> None:
    """The provider has done what was wanted, once, or has refused it for good.

    The first time the provider is asked at once. Ever after its word is read first: what an
    earlier run asked for may have been done although the answer was lost. Two runs at the same
    time send the same idempotency key, and the first to come back writes the ledger.

    Raises:
        TryLater: a release waits for captures that are under way.
        ServiceError: the outcome is not known; run again.
    """
    if operation.state != OperationState.WANTED:
        return
    if operation.kind == Kind.RELEASE and queries.captures_under_way(operation.payment):
        raise outbox.TryLater("captures of the same payment are under way")
    word = None if _first_time(operation=operation) else _word_on(operation)
    try:
        provider_id, amount_ore = _at_provider(operation, word)
    except Declined as no:
        _refused(operation=operation, code=no.what, actor=actor)
    else:
        _done(operation=operation, provider_id=provider_id, amount_ore=amount_ore, actor=actor)


def _at_provider(operation: Operation, word: Word | None) -> tuple[str, int]:
    """The provider's id of what it did, now or before, and the amount."""
    made: Sequence[Capture | Refund]
    match Kind(operation.kind):
        case Kind.CAPTURE:
            made = word.captures if word else ()
            provider_id = _already(operation, made) or provider().capture(
                operation.payment.provider_id, operation.items, key=operation.key
            )
        case Kind.REFUND if operation.capture:
            made = word.refunds if word else ()
            provider_id = _already(operation, made) or provider().refund(
                operation.capture.provider_id, operation.items, key=operation.key
            )
        case _:
            return "", _release(operation, word or _word_on(operation))
    return provider_id, operation.amount_ore


def _already(operation: Operation, made: Sequence[Capture | Refund]) -> str | None:
    """The id of what the provider did before for this very operation, known by its items."""
    claimed = queries.claimed_ids(operation.payment)
    references = frozenset(row["reference"] for row in operation.rows)
    for one in made:
        if one.id not in claimed and one.references == references:
            return one.id if one.amount_ore == operation.amount_ore else None
    return None


def _release(operation: Operation, word: Word) -> int:
    """Nothing of the reservation is left; the amount that the ledger does not know of yet."""
    if word.left_ore:
        provider().release(operation.payment.provider_id, word.left_ore)
    return word.released_ore + word.left_ore - queries.released_ore(operation.payment)


def _word_on(operation: Operation) -> Word:
    return provider().read(operation.payment.provider_id)


@owns_transaction
def _first_time(*, operation: Operation) -> bool:
    """Has the provider never been asked for this? From now on it may have been."""
    never = Operation.objects.filter(pk=operation.pk, asked_at__isnull=True)
    return never.update(asked_at=clock.now()) == 1


@owns_transaction
def _done(*, operation: Operation, provider_id: str, amount_ore: int, actor: Actor) -> None:
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    if row.state != OperationState.WANTED:
        return
    move(
        row,
        OperationState.DONE,
        OPERATION_MOVES,
        done_at=clock.now(),
        provider_id=provider_id,
        amount_ore=amount_ore,
    )
    name = BOOKED_AS[Kind(row.kind)]
    if amount_ore:
        _book(operation.payment, name, amount_ore, key=f"{name}:{row.key}")
    record(
        f"payment:{name}",
        actor=actor,
        subject=operation.payment,
        operation=row.key,
        amount_ore=amount_ore,
    )
    if row.kind == Kind.CAPTURE:
        _tell_of("payment:captured", row)


@owns_transaction
def _refused(*, operation: Operation, code: str, actor: Actor) -> None:
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    if row.state == OperationState.WANTED:
        _refuse(operation=row, code=code, actor=actor)


@inside_transaction
def _refuse(*, operation: Operation, code: str, actor: Actor) -> None:
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
    _tell_of("payment:refused", operation)


@inside_transaction
def _book_back_failed_refunds(*, payment: Payment, word: Word, actor: Actor) -> None:
    """Refunds that were accepted and failed at the payer's bank are in the ledger with a minus."""
    failed = [refund.id for refund in word.refunds if refund.state == RefundState.FAILED]
    done = Operation.objects.filter(
        payment=payment, kind=Kind.REFUND, state=OperationState.DONE, provider_id__in=failed
    )
    for operation in done:
        _refuse(operation=operation, code="failed at the bank", actor=actor)
        _book(
            payment,
            LedgerEntry.Kind.REFUNDED,
            -operation.amount_ore,
            key=f"refund_failed:{operation.key}",
        )


def _tell_of(event: str, operation: Operation) -> None:
    outbox.enqueue(
        event,
        key=operation.key,
        payment=str(operation.payment_id),
        reference=operation.payment.reference,
        operation=operation.key,
    )


@inside_transaction
def _book(payment: Payment, kind: str, amount_ore: int, *, key: str) -> None:
    LedgerEntry.objects.create(payment=payment, kind=kind, amount_ore=amount_ore, key=key)


def _locked(payment: Payment) -> Payment:
    """The payment's row, locked: sums of what is wanted of it stand still until commit."""
    return Payment.objects.select_for_update().get(pk=payment.pk)
