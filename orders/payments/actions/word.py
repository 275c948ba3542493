"""A payment stands where the provider says: its word is the only thing that moves one."""

import logging

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import Unreadable
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders.payments.actions.booking import book, book_back_failed_refunds, locked
from orders.payments.actions.wanting import want_release
from orders.payments.models import LedgerEntry, Payment
from orders.payments.provider import Declined, Word, provider
from orders.payments.states import PAYMENT_MOVES, PaymentState

log = logging.getLogger(__name__)


def take_word(*, payment: Payment, actor: Actor) -> Payment:
    """The payment stands where the provider says. Nothing but this moves one that has a page.

    Raises:
        ServiceError: the provider gave no usable answer; the payment stands as it was.
    """
    if not payment.provider_id:
        return payment
    word = provider(payment.method).read(payment.provider_id)
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
        provider(payment.method).close(payment.provider_id)
    except Declined as no:  # it was paid, or closed before: its word says which
        log.info("payment %s is not closed: %s", payment.pk, no.what)
    return take_word(payment=payment, actor=actor)


@owns_transaction
def _never_opened(*, payment: Payment, actor: Actor) -> Payment:
    row = locked(payment)
    if row.state == PaymentState.STARTED and not row.provider_id:
        _failed(payment=row, actor=actor)
    return row


@owns_transaction
def _believe(*, payment: Payment, word: Word, actor: Actor) -> Payment:
    row = locked(payment)
    if (word.reference, word.amount_ore) != (row.reference, row.amount_ore):
        raise Unreadable("payment provider", "its payment is not the one that was started")
    match PaymentState(row.state):
        case PaymentState.STARTED if word.reserved_ore >= row.amount_ore:
            _reserved(payment=row, actor=actor)
        case PaymentState.STARTED if word.closed:
            _failed(payment=row, actor=actor)
        case PaymentState.RESERVED:
            book_back_failed_refunds(payment=row, word=word, actor=actor)
        case PaymentState.STARTED | PaymentState.FAILED:
            pass  # the payer has not paid, or no longer can
    return row


@inside_transaction
def _reserved(*, payment: Payment, actor: Actor) -> None:
    move(payment, PaymentState.RESERVED, PAYMENT_MOVES, reserved_at=clock.now())
    book(payment, LedgerEntry.Kind.RESERVED, payment.amount_ore, key=f"reserved:{payment.pk}")
    record("payment:reserved", actor=actor, subject=payment, amount_ore=payment.amount_ore)
    if payment.replaced_at:  # nobody waits for it any more: it is given back
        want_release(payment=payment, key=f"release:{payment.pk}", actor=actor)
    else:
        _tell_of("payment:reserved", payment)


@inside_transaction
def promise(*, payment: Payment, actor: Actor) -> None:
    """The whole order will be invoiced, as its cards are approved; no money is held anywhere.

    One that costs nothing is promised as well, and no invoice comes of it.
    """
    move(payment, PaymentState.RESERVED, PAYMENT_MOVES, reserved_at=clock.now())
    if payment.amount_ore:
        book(payment, LedgerEntry.Kind.PROMISED, payment.amount_ore, key=f"promised:{payment.pk}")
    record("payment:promised", actor=actor, subject=payment, amount_ore=payment.amount_ore)
    _tell_of("payment:reserved", payment)


@inside_transaction
def _failed(*, payment: Payment, actor: Actor) -> None:
    move(payment, PaymentState.FAILED, PAYMENT_MOVES, failed_at=clock.now())
    record("payment:failed", actor=actor, subject=payment)
    if not payment.replaced_at:
        _tell_of("payment:failed", payment)


def _tell_of(event: str, payment: Payment) -> None:
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
