"""Asking the registers: each distinct question once, again until it is answered.

A question is a `Lookup` row. Whoever needs an answer says how old it may be (`want`); a worker
asks what is due (`ask_due`), stores the facts, and tells of them by the event `facts:changed`.
A register that is silent is asked again with growing waits; nothing is concluded from silence.
"""

import logging
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError, Unavailable, Unreadable
from hmskort.common.transactions import inside_transaction
from registers import orgnr
from registers.models import Lookup, Person
from registers.questions import COMPANY, SOURCES, Call, concerned

log = logging.getLogger(__name__)

FRESH_ENOUGH = timedelta(minutes=10)  # for a cart; right before issue everything is asked again
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
FAULT_WAIT_S = 120.0  # our rights or their contract: a person is told by the log
EVER = datetime(1970, 1, 1, tzinfo=UTC)  # any answer will do, however old
Question = tuple[str, str]  # source, subject


@dataclass(frozen=True)
class Answered:
    """One lookup and what came of it: the answer, or the error that stood in its way."""

    lookup: Lookup
    asked_at: datetime  # the answer is at least as new as this
    answer: object = None
    trouble: ServiceError | None = None


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
    keys = [row.pk for row in stale if (row.source, row.subject) in wanted]
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


def ask_due() -> int:
    """Ask everything that is due and store what is answered; the number of questions asked."""
    asked, at_once = 0, settings.REGISTER_QUESTIONS_AT_ONCE
    while lookups := _claim(at_once):
        questions = [_question(lookup) for lookup in lookups]
        with ThreadPoolExecutor(at_once) as threads:  # only HTTP in the threads, no database
            side_by_side = threads.map if at_once > 1 else map
            for answered in side_by_side(_ask, lookups, questions):
                _keep(answered)
        asked += len(lookups)
    return asked


def _claim(most: int) -> list[Lookup]:
    with transaction.atomic():
        due = list(
            Lookup.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=clock.now())
            .order_by("due_at")[:most]
        )
        Lookup.objects.filter(pk__in=[lookup.pk for lookup in due]).update(
            due_at=clock.now() + timedelta(seconds=settings.LEASE_S)
        )
        return due


def _question(lookup: Lookup) -> Call:
    """The call that asks; a question that cannot even be put is trouble of that question alone."""
    try:
        return SOURCES[lookup.source].ask(lookup.subject)
    except Exception as fault:  # noqa: BLE001 - told in the log by _fault
        trouble = _fault(lookup, fault)

        def cannot() -> object:
            raise trouble

        return cannot


def _ask(lookup: Lookup, question: Call) -> Answered:
    asked_at = clock.now()
    try:
        return Answered(lookup, asked_at, answer=question())
    except ServiceError as trouble:
        return Answered(lookup, asked_at, trouble=trouble)
    except Exception as fault:  # noqa: BLE001 - told in the log by _fault
        return Answered(lookup, asked_at, trouble=_fault(lookup, fault))


def _keep(answered: Answered) -> None:
    """The answer is stored; one that cannot be leaves the others of its round alone."""
    trouble = answered.trouble
    if trouble is None:
        try:
            _store(answered.lookup, answered.answer, answered.asked_at)
        except Exception as fault:  # noqa: BLE001 - told in the log by _fault
            trouble = _fault(answered.lookup, fault)
    if trouble:
        _ask_again_later(answered.lookup, trouble)


def _fault(lookup: Lookup, fault: Exception) -> ServiceError:
    """Our own fault with one question, told in the log and tried again like a broken answer."""
    log.error("%s: our fault with a question", lookup.source, exc_info=fault)
    return Unreadable(lookup.source, type(fault).__name__)


@transaction.atomic
def _store(lookup: Lookup, answer: object, at: datetime) -> None:
    """The facts are those of the answer, unless a later question was answered before it."""
    newest = Lookup.objects.select_for_update().get(pk=lookup.pk)
    if newest.answered_at and newest.answered_at >= at:
        return
    one = SOURCES[lookup.source].store(lookup.subject, answer, at)
    if one is not None:
        _go_on_with(concerned(lookup.subject), one, at)
    asked = Lookup.objects.filter(pk=lookup.pk)
    asked.update(answered_at=at, attempts=0, trouble="")
    asked.filter(wanted_at__lte=at).update(due_at=None)  # else somebody wants a newer answer
    outbox.enqueue(
        "facts:changed",
        key=f"{lookup.pk}:{at.isoformat()}",
        source=lookup.source,
        subject=concerned(lookup.subject),
    )


def _go_on_with(old: str, one: Person, at: datetime) -> None:
    """Every question about the old row is a question about the one, and all rooms are told."""
    about_old = Q(subject=old) | Q(subject__endswith=f":{old}")
    asked = Lookup.objects.filter(about_old)
    again = {(lookup.source, lookup.subject.replace(old, str(one.pk))) for lookup in asked}
    want(again, not_older_than=at)
    asked.update(due_at=None)
    outbox.enqueue("person:merged", key=f"{old}:{at.isoformat()}", person=old, into=str(one.pk))


def _ask_again_later(lookup: Lookup, trouble: ServiceError) -> None:
    attempts = lookup.attempts + 1
    Lookup.objects.filter(pk=lookup.pk).update(
        attempts=attempts,
        due_at=clock.now() + timedelta(seconds=_wait_s(attempts, trouble)),
        trouble=trouble.what[:200],
    )
    if not isinstance(trouble, Unavailable):
        log.error("%s cannot be asked: %s", lookup.source, trouble.what)
    with transaction.atomic():  # carts show that the register is silent
        outbox.enqueue(
            "facts:silent",
            key=f"{lookup.pk}:{clock.now().isoformat()}",
            source=lookup.source,
            subject=concerned(lookup.subject),
        )


def _wait_s(attempts: int, trouble: ServiceError) -> float:
    """Growing waits with jitter, never shorter than the register itself asks for."""
    if not isinstance(trouble, Unavailable):
        return FAULT_WAIT_S
    grown = min(FIRST_WAIT_S * 2 ** min(attempts - 1, 10), LONGEST_WAIT_S)
    jittered: float = grown * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
    return max(jittered, trouble.retry_after_s or 0.0)
