"""What is tidied on a schedule."""

from celery import shared_task

from orders.paper import actions


@shared_task
def sweep() -> None:
    """Scanned pages without a row are gone."""
    actions.remove_orphans()
