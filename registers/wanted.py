"""Who needs an answer says so: the question will be asked, once for all who need it."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from hmskort.common import clock
from hmskort.common.transactions import inside_transaction
from registers import orgnr
from registers.models import Lookup
from registers.questions import COMPANY

log = logging.getLogger(__name__)

FRESH_ENOUGH = timedelta(minutes=10)  # for a cart; right before issue everything is asked again
EVER = datetime(1970, 1, 1, tzinfo=UTC)  # any answer will do, however old
Question = tuple[str, str]  # source, subject


@inside_transaction
def want(questions: Iterable[Question], *, not_older_than: datetime) -> None:
    """Each question will be asked, unless an answer that new is stored already.

    Raises:
        InvalidOrgnr: a company's number cannot be one; no register is asked.
    """
    wanted = {(source, _askable(source, subject)) for source, subject in questions}
    now = clock.now()
    Lookup.objects.bulk_create(
        (
            Lookup(source=source, subject=subject, due_at=now, wanted_at=not_older_than)
            for source, subject in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
    too_old = Q(answered_at__lt=not_older_than) | Q(answered_at=None)
    stale = Lookup.objects.filter(
        too_old,
        wanted_at__lt=not_older_than,  # else it is being asked already, and waits as it should
        source__in={source for source, _ in wanted},
        subject__in={subject for _, subject in wanted},
    )
    locked = stale.select_for_update().order_by("pk")  # as all who lock questions do
    keys = [row.pk for row in locked if (row.source, row.subject) in wanted]
    Lookup.objects.filter(pk__in=keys).update(
        wanted_at=not_older_than, due_at=now, attempts=0, trouble=""
    )
    transaction.on_commit(wake)


def _askable(source: str, subject: str) -> str:
    return orgnr.validate(subject) if source in COMPANY else subject


def wake() -> None:
    """A worker is asked to ask. A broker that is down delays until the sweep, no more."""
    try:
        current_app.send_task("registers.tasks.ask_due", retry=False)
    except (OperationalError, OSError) as error:
        log.warning("the broker does not answer; the sweep will ask: %s", error)
