"""What is tidied on a schedule."""

from celery import shared_task

from hmskort.accounts import actions


@shared_task
def sweep() -> None:
    """Sessions that have run out are gone."""
    actions.forget_old_sessions()
