"""Asking the registers; woken when a question is wanted and by the schedule."""

from celery import shared_task

from registers import lookups


@shared_task
def ask_due() -> None:
    """What is due is asked; safe to run many times at once."""
    lookups.ask_due()
