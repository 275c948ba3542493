"""What is tidied on a schedule."""

from celery import shared_task

from cards import pictures


@shared_task
def sweep() -> None:
    """Pictures that no card points to are gone."""
    pictures.remove_orphans()
