"""Asking the registers; woken when a question is wanted and by the schedule."""

from celery import shared_task
from django.conf import settings

from registers import approvals, employers, feeds, lookups, periods


@shared_task
def ask_due() -> None:
    """What is due is asked; safe to run many times at once."""
    lookups.ask_due()


@shared_task
def read_file(register: str) -> None:
    """The register that is published as a file is read again, if it is a new one."""
    approvals.read(register)


@shared_task
def follow_companies() -> None:
    """What changed in Enhetsregisteret is being asked about."""
    feeds.follow_companies()


@shared_task
def follow_people() -> None:
    """Those of whom Folkeregisteret tells something new are being asked about."""
    feeds.follow_people()


@shared_task
def reread_employers() -> None:
    """Employers whose people have cards are read again in Aa-registeret, oldest first."""
    employers.reread(settings.EMPLOYERS_AT_ONCE)


@shared_task
def ask_before_the_end() -> None:
    """Permits and assignments that run out about now are being asked about again."""
    periods.ask_again(settings.PERIODS_AT_ONCE)
