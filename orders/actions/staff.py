"""Everyone employed in a company is asked about, before anybody is ordered for."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError
from hmskort.common.transactions import owns_transaction
from orders import staff
from orders.models import StaffCheck
from registers import lookups
from registers import staff as register
from registers.models import CardKind, Employment
from registers.traffic import NoRoom

log = logging.getLogger(__name__)
GOES_ON_FOR = timedelta(days=1)  # answers that come later are fetched when somebody asks again


@owns_transaction
def check_staff(*, orgnr: str, kind: CardKind, actor: Actor) -> StaffCheck:
    """Aa-registeret is being asked who is employed, and then every register about each of them."""
    now = clock.now()
    check, _ = StaffCheck.objects.update_or_create(
        orgnr=orgnr, kind=kind, defaults={"asked_at": now, "trouble": "", "answers": 0}
    )
    record("staff:checked", actor=actor, subject=check, orgnr=orgnr, kind=kind.code)
    outbox.enqueue("staff:wanted", key=f"{check.pk}:{now.isoformat()}", check=check.pk)
    return check


def read_staff(*, check: StaffCheck) -> None:
    """Who is employed is known, and each is being asked about. Safe to run twice.

    Raises:
        TryLater: Aa-registeret gave no answer; the page says so meanwhile.
    """
    if not check.reading:
        return
    try:
        at = register.read(check.orgnr)
    except NoRoom as busy:
        raise outbox.TryLater(busy.what, busy.retry_after_s) from None
    except ServiceError as trouble:
        log.warning("aaregisteret cannot be read: %s", trouble.what)
        StaffCheck.objects.filter(pk=check.pk).update(trouble=trouble.what[:200])
        raise outbox.TryLater(trouble.what) from None
    _read(check=check, at=at)


@owns_transaction
def _read(*, check: StaffCheck, at: object) -> None:
    StaffCheck.objects.filter(pk=check.pk).update(read_at=at, trouble="")
    check.refresh_from_db()
    _want(check, staff.employed(check.orgnr))


@owns_transaction
def ask_more_about_staff(*, subjects: Sequence[str]) -> None:
    """What the answers show to be needed besides is being asked, once all have been tried.

    subjects: orgnrs or ids of people.
    """
    companies = {each for each in subjects if each.isdigit()}
    companies |= _employers([each for each in subjects if not each.isdigit()])
    since = clock.now() - GOES_ON_FOR
    checks = StaffCheck.objects.filter(orgnr__in=companies, asked_at__gt=since)
    for check in checks.exclude(read_at=None).select_for_update(of=("self",)):
        people = staff.employed(check.orgnr)
        asked = staff.first_questions(check.orgnr, people)
        answers = asked.exclude(answered_at=None).count()
        if answers != check.answers and not asked.filter(attempts=0).exclude(due_at=None).exists():
            StaffCheck.objects.filter(pk=check.pk).update(answers=answers)
            _want(check, people)


def _employers(people: Sequence[str]) -> set[str]:
    rows = Employment.objects.filter(person__in=[UUID(person) for person in people])
    return set(rows.values_list("main_orgnr", flat=True).distinct())


def _want(check: StaffCheck, people: list[UUID]) -> None:
    questions = staff.questions(check, people)
    lookups.want(questions, not_older_than=check.asked_at - lookups.FRESH_ENOUGH)
