"""What the desk does by itself."""

from datetime import timedelta

from celery import shared_task

from hmskort.common import clock
from hmskort.desk import actions, attachments, retention, unclear

ASK_AGAIN_AFTER = timedelta(hours=20)


@shared_task
def warn_expiring() -> None:
    """Exemptions that run out within 30 days are warned of; safe to run many times."""
    actions.warn_expiring()
    actions.end_past_assessments()


@shared_task
def ask_registers() -> None:
    """What a register left unclear is asked about again, once a day."""
    since = clock.now() - ASK_AGAIN_AFTER
    unclear.ask_again(cases=list(unclear.with_unclear_answers()), not_older_than=since)


@shared_task
def sweep() -> None:
    """Mail and passports whose time is out are gone, and files that no case names."""
    retention.delete_mail()
    retention.delete_passports()
    attachments.remove_orphans()
