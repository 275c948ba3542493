"""What nobody came back for is settled here."""

import logging
from datetime import timedelta

from celery import shared_task

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.services import ServiceError, Unavailable
from orders.payments import actions, queries
from orders.payments.models import Payment

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)  # younger payments are still on the payment page
PAGE_LIVES = timedelta(hours=2)  # ours to choose; Nexi keeps a page for about two days
AT_ONCE = 100
SILENCES = 3


@shared_task
def sweep() -> None:
    """Started payments stand where the provider says; old pages are closed, so nobody pays late.

    A provider that does not answer for one payment is asked for the others; after some silences in
    a row it is left alone until the next sweep.
    """
    silences = 0
    for payment in queries.started_before(PATIENCE, limit=AT_ONCE):
        try:
            _settle(payment)
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
