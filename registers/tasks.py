"""Asking the registers; woken when a question is wanted and by the schedule."""

from celery import shared_task

from registers import approvals, lookups


@shared_task
def ask_due() -> None:
    """What is due is asked; safe to run many times at once."""
    lookups.ask_due()


@shared_task
def read_file(register: str) -> None:
    """The register that is published as a file is read again, if it is a new one."""
    approvals.read(register)
