"""Delivery of the outbox; woken after commit and by the sweep in the schedule."""

from celery import shared_task

from hmskort.common import outbox


@shared_task
def deliver() -> None:
    """What is due is delivered; safe to run many times at once."""
    outbox.deliver_due()
