"""What is tidied on a schedule."""

from celery import shared_task

from hmskort.accounts import actions
from hmskort.accounts.delegation import actions as delegation
from hmskort.accounts.delegation import authorising


@shared_task
def sweep() -> None:
    """Sessions that have run out, old authorisations, and files without a row, are gone."""
    actions.forget_old_sessions()
    authorising.delete_old()
    authorising.remove_orphans()


@shared_task
def warn_of_ends() -> None:
    """Delegations whose last day is near are warned of once; safe to run many times."""
    delegation.warn_of_ends()
