"""What the desk does by itself."""

from celery import shared_task

from hmskort.desk import actions, attachments


@shared_task
def warn_expiring() -> None:
    """Exemptions that run out within 30 days are warned of; safe to run many times."""
    actions.warn_expiring()
    actions.end_past_assessments()


@shared_task
def sweep() -> None:
    """Files that no case names are gone."""
    attachments.remove_orphans()
