"""What came of a question: the facts are stored and told of, or it is asked again, later or alone.

Whoever stores locks people first, then questions, each in the order of their ids. So no two wait
for each other, though storing one answer may turn two rows of a person into one.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError, Unavailable, Unreadable
from hmskort.common.transactions import inside_transaction
from registers import periods
from registers.models import Lookup, Person
from registers.questions import SOURCES, concerned, people_touched
from registers.wanted import want

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
FAULT_WAIT_S = 120.0  # our rights or their contract: a person is told by the log
LEFT_OUT = object()  # the answer of a call about many that says nothing of this one


@dataclass(frozen=True)
class Answered:
    """One lookup and what came of it: the answer, or the error that stood in its way."""

    lookup: Lookup
    asked_at: datetime  # the answer is at least as new as this
    answer: object = None
    trouble: ServiceError | None = None
    among_many: bool = False  # the trouble is with a call about many, not with this question

    @property
    def may_fare_better_alone(self) -> bool:
        """Not where the register gave no answer at all: then it is the register that waits."""
        many_failed = self.among_many and not isinstance(self.trouble, Unavailable | None)
        return self.answer is LEFT_OUT or many_failed


def keep(answered: Answered) -> None:
    """The answer is stored; one that cannot be leaves the others of its call alone."""
    trouble = answered.trouble
    if answered.may_fare_better_alone:
        due_at = answered.lookup.due_at  # as before it was asked
        Lookup.objects.filter(pk=answered.lookup.pk).update(alone=True, due_at=due_at)
        return
    if trouble is None:
        try:
            _store(answered.lookup, answered.answer, answered.asked_at)
        except Exception as fault:  # noqa: BLE001 - told in the log by own_fault
            trouble = own_fault(answered.lookup.source, fault)
    if trouble:
        _ask_again_later(answered.lookup, trouble)


def own_fault(source: str, fault: Exception) -> ServiceError:
    """Our own fault with a question, told in the log and tried again like a broken answer."""
    log.error("%s: our fault with a question", source, exc_info=fault)
    return Unreadable(source, type(fault).__name__)


@transaction.atomic
def _store(lookup: Lookup, answer: object, at: datetime) -> None:
    """The facts are those of the answer, unless a later question was answered before it."""
    source = SOURCES[lookup.source]
    newest = _locked(lookup, answer)
    if newest.answered_at and newest.answered_at >= at:
        return
    one = source.store(lookup.subject, answer, at)
    if one is not None:
        _go_on_with(concerned(lookup.subject), one, at)
    Lookup.objects.filter(pk=lookup.pk).update(
        answered_at=at,
        attempts=0,
        trouble="",
        alone=False,
        again_on=periods.next_asking(source.last_day(answer), clock.today()),
        # It stays due where somebody wants a newer answer.
        due_at=None if one is not None or newest.wanted_at <= at else newest.due_at,
    )
    outbox.enqueue(
        "facts:changed",
        key=f"{lookup.pk}:{at.isoformat()}",
        source=lookup.source,
        subject=concerned(lookup.subject),
    )


@inside_transaction
def _locked(lookup: Lookup, answer: object) -> Lookup:
    """The question as it is now, locked after everybody whom the answer may concern."""
    touched = people_touched(lookup.source, lookup.subject, answer)
    people = Person.objects.select_for_update().filter(pk__in=touched).order_by("pk")
    known = [str(pk) for pk in people.values_list("pk", flat=True)]
    mine = Q(pk=lookup.pk)
    for pk in known if len(known) > 1 else []:  # the others' questions may become this one's
        mine |= _about(pk)
    rows = Lookup.objects.select_for_update().filter(mine).order_by("pk")
    return next(row for row in rows if row.pk == lookup.pk)


def _about(person: str) -> Q:
    return Q(subject=person) | Q(subject__endswith=f":{person}")


def _go_on_with(old: str, one: Person, at: datetime) -> None:
    """Every question about the old row is a question about the one, and all rooms are told."""
    asked = Lookup.objects.filter(_about(old))
    again = {(lookup.source, lookup.subject.replace(old, str(one.pk))) for lookup in asked}
    want(again, not_older_than=at)
    asked.update(due_at=None, again_on=None)
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
    with transaction.atomic():
        tell_silence(lookup)


@inside_transaction
def tell_silence(lookup: Lookup) -> None:
    """Carts show that the register is silent."""
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
