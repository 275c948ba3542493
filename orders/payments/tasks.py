"""What nobody came back for is settled here."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from celery import shared_task

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.services import ServiceError, Unavailable
from orders.payments import actions, queries
from orders.payments.models import Payment

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)  # younger payments are still on the payment page
PAGE_LIVES = timedelta(hours=2)  # ours to choose; Nexi keeps a page for about two days
REFUND_MAY_FAIL = timedelta(days=10)  # after that long no bank sends one back any more
AT_ONCE = 100
REFUNDS_AT_ONCE = 500
SILENCES = 3


@shared_task
def sweep() -> None:
    """Started payments stand where the provider says; old pages are closed, so nobody pays late."""
    _for_each(queries.started_before(PATIENCE, limit=AT_ONCE), _settle)


@shared_task
def sweep_refunds() -> None:
    """A refund that failed at the payer's bank is seen, although no message told of it."""
    recent = _refunded(since=clock.now() - REFUND_MAY_FAIL)
    _for_each(recent, lambda payment: actions.take_word(payment=payment, actor=SYSTEM))


def _refunded(since: datetime) -> Iterator[Payment]:
    """Payments of which something was refunded since then: all of them, some at a time."""
    done_at, pk = since, 0
    while refunds := list(queries.refunds_done_after(done_at, pk, limit=REFUNDS_AT_ONCE)):
        yield from {refund.payment_id: refund.payment for refund in refunds}.values()
        done_at, pk = refunds[-1].done_at or since, refunds[-1].pk


def _for_each(payments: Iterable[Payment], settle: Callable[[Payment], object]) -> None:
    """A provider that does not answer for one payment is asked for the others.

    After some silences in a row it is left alone until the next sweep.
    """
    silences = 0
    for payment in payments:
        try:
            settle(payment)
            silences = 0
        except Unavailable as silence:
            log.warning("payment %s waits: %s", payment.pk, silence)
            silences += 1
        except ServiceError:
            log.exception("payment %s could not be settled", payment.pk)
        if silences == SILENCES:
            return


def _settle(payment: Payment) -> None:
    if payment.created_at <= clock.now() - PAGE_LIVES:
        actions.abandon(payment=payment, actor=SYSTEM)
    else:
        actions.take_word(payment=payment, actor=SYSTEM)
