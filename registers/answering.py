"""What came of a question: the facts are stored and told of, or it is asked again, later or alone.

Whoever stores locks people first, then questions, each in the order of their ids. So no two wait
for each other, though storing one answer may turn two rows of a person into one.
"""

import logging
import random
from collections.abc import Sequence
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


def keep(answers: Sequence[Answered]) -> None:
    """The answers are stored together; one that cannot be leaves the others alone."""
    good = [each for each in answers if each.trouble is None and not each.may_fare_better_alone]
    try:
        _store(good)
    except Exception:  # each by itself shows which  # noqa: BLE001
        for each in good:
            _keep_alone(each)
    for each in answers:
        if each.may_fare_better_alone:
            _ask_alone(each.lookup)
        elif each.trouble:
            _ask_again_later(each.lookup, each.trouble)


def _keep_alone(answered: Answered) -> None:
    try:
        _store([answered])
    except Exception as fault:  # noqa: BLE001 - told in the log by own_fault
        _ask_again_later(answered.lookup, own_fault(answered.lookup.source, fault))


def _ask_alone(lookup: Lookup) -> None:
    due_at = lookup.due_at  # as before it was asked
    Lookup.objects.filter(pk=lookup.pk).update(alone=True, due_at=due_at)


def own_fault(source: str, fault: Exception) -> ServiceError:
    """Our own fault with a question, told in the log and tried again like a broken answer."""
    log.error("%s: our fault with a question", source, exc_info=fault)
    return Unreadable(source, type(fault).__name__)


@transaction.atomic
def _store(answers: Sequence[Answered]) -> None:
    """The facts are those of the answers, unless a later question was answered before one."""
    newest = _locked(answers)
    told = [each for each in answers if _is_stored(each, newest[each.lookup.pk])]
    for source in {each.lookup.source for each in told}:
        _tell([each for each in told if each.lookup.source == source])


@inside_transaction
def _is_stored(answered: Answered, newest: Lookup) -> bool:
    lookup, at = answered.lookup, answered.asked_at
    if newest.answered_at and newest.answered_at >= at:
        return False
    source = SOURCES[lookup.source]
    one = source.store(lookup.subject, answered.answer, at)
    if one is not None:
        _go_on_with(concerned(lookup.subject), one, at)
    Lookup.objects.filter(pk=lookup.pk).update(
        answered_at=at,
        attempts=0,
        trouble="",
        alone=False,
        again_on=periods.next_asking(source.last_day(answered.answer), clock.today()),
        # It stays due where somebody wants a newer answer.
        due_at=None if one is not None or newest.wanted_at <= at else newest.due_at,
    )
    return True


@inside_transaction
def _tell(stored: Sequence[Answered]) -> None:
    """Whoever rests on the facts hears that they changed, once for all that came together."""
    first = stored[0]
    key, source = f"{first.lookup.pk}:{first.asked_at.isoformat()}", first.lookup.source
    subjects = [concerned(each.lookup.subject) for each in stored]
    if len(subjects) == 1:
        outbox.enqueue("facts:changed", key=key, source=source, subject=subjects[0])
    else:
        outbox.enqueue("facts:changed_many", key=key, source=source, subjects=subjects)


@inside_transaction
def _locked(answers: Sequence[Answered]) -> dict[int, Lookup]:
    """The questions as they are now, locked after everybody whom the answers may concern."""
    touched = people_touched(
        (each.lookup.source, each.lookup.subject, each.answer) for each in answers
    )
    people = Person.objects.select_for_update().filter(pk__in=touched).order_by("pk")
    known = {str(pk) for pk in people.values_list("pk", flat=True)} if touched else set()
    mine = Q(pk__in=[each.lookup.pk for each in answers])
    for pk in known - {concerned(each.lookup.subject) for each in answers}:
        mine |= _about(pk)  # the questions of a row that is to give way, or to be gone on with
    return {row.pk: row for row in Lookup.objects.select_for_update().filter(mine).order_by("pk")}


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
