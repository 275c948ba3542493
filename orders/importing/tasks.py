"""What is tidied on a schedule."""

from celery import shared_task

from orders.importing import actions


@shared_task
def purge() -> None:
    """Lists that nobody finished are gone after some days. Safe to run twice."""
    actions.purge()
