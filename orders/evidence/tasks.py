"""What is tidied on a schedule."""

from celery import shared_task

from orders.evidence import actions


@shared_task
def sweep() -> None:
    """Files without a row are gone."""
    actions.remove_orphans()
