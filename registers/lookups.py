"""Asking the registers: each distinct question once, again until it is answered.

A question is a `Lookup` row. Whoever needs an answer says how old it may be (`want`); a worker
asks what is due (`ask_due`), stores the facts, and tells of them by the event `facts:changed`.
A register that is silent is asked again with growing waits; nothing is concluded from silence.

Where a register takes many questions in one call, those that are due go together; one that such a
call leaves out is asked by itself. How many calls there are at a time is each register's budget
(`registers.traffic`): a slow one holds up nobody who waits for another.
"""

import random
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from hmskort.common import clock
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import traffic
from registers.answering import LEFT_OUT, Answered, keep, own_fault, tell_silence
from registers.models import Lookup, OpenCall
from registers.questions import SOURCES
from registers.wanted import EVER, FRESH_ENOUGH, Question, wake, want

__all__ = ["EVER", "FRESH_ENOUGH", "Question", "ask_due", "wake", "want"]

REGISTERS = sorted({source.register for source in SOURCES.values()})
STORED_AT_A_TIME = 50  # answers, before those who may be asked meanwhile are looked for
# By hand: one look into the index for each source, however many questions wait.
WAITING = """SELECT source FROM unnest(%s::text[]) AS each(source) WHERE EXISTS (
    SELECT FROM registers_lookup AS l WHERE l.source = each.source AND l.due_at <= %s)"""
RUN_S = 120.0  # a run is no longer than this; another goes on
Result = list[Answered]
CallForAll = Callable[[], Mapping[str, object]]  # by subject
Submit = Callable[..., Future[Result]]


@dataclass(frozen=True)
class Portion:
    """Questions to one source that one call asks."""

    source: str
    lookups: tuple[Lookup, ...]
    call: OpenCall

    @property
    def told_before(self) -> bool:
        """Trouble with each of the questions is known already."""
        return all(lookup.attempts for lookup in self.lookups)


def ask_due() -> int:
    """Ask everything that is due now and store what is answered; the number of questions asked.

    What comes due meanwhile is for the next run: whoever wants an answer wakes one.
    """
    at_once = settings.REGISTER_QUESTIONS_AT_ONCE
    with ThreadPoolExecutor(at_once) as threads:  # only HTTP in the threads, no database
        return _Run(threads.submit if at_once > 1 else _here, at_once).until_nothing_is_due()


class _Run:
    """One worker's run: calls are under way side by side while answers are stored."""

    def __init__(self, submit: Submit, at_once: int) -> None:
        self._submit, self._at_once = submit, at_once
        self._under_way: dict[Future[Result], Portion] = {}
        self._answers: deque[Answered] = deque()
        self._asked = 0
        self._begun_at, self._ends_at = clock.now(), time.monotonic() + RUN_S

    def until_nothing_is_due(self) -> int:
        registers: Collection[str] = REGISTERS
        while True:
            wait_s = self._begin(registers)
            if self._under_way or self._answers:
                registers = self._hear(wait_s)
                self._store_some()
            elif wait_s:
                time.sleep(wait_s)
            else:
                return self._asked
            if not self._under_way and not self._answers:
                registers = REGISTERS

    def _begin(self, registers: Collection[str]) -> float:
        """Calls begin as the budgets allow; seconds until a pace allows another, or 0."""
        if time.monotonic() > self._ends_at:
            if registers and not self._under_way:
                wake()
            return 0.0
        waits: list[float] = []
        under_way = Counter(portion.call.register for portion in self._under_way.values())
        waiting = _waiting(registers, self._begun_at)
        for register in sorted(waiting, key=lambda each: under_way[each]):
            portions, wait_s = _claim(
                register, self._at_once - len(self._under_way), self._begun_at
            )
            waits += [wait_s] if wait_s else []
            for portion in portions:
                self._under_way[self._submit(_ask, portion, _call(portion))] = portion
                self._asked += len(portion.lookups)
        return min(waits, default=0.0)

    def _hear(self, wait_s: float) -> Collection[str]:
        """What has been answered is to be stored; the registers that may be asked again."""
        patience_s = 0.0 if self._answers else wait_s or None
        done, _ = wait(self._under_way, patience_s, FIRST_COMPLETED)
        ended = [(self._under_way.pop(future), future.result()) for future in done]
        for _, answers in ended:
            self._answers.extend(answers)
        if not done:
            return REGISTERS if patience_s else ()
        _free(ended)
        if len(self._under_way) + len(done) >= self._at_once:
            return REGISTERS  # some may have found no thread
        return {portion.call.register for portion, _ in ended}

    def _store_some(self) -> None:
        some = min(STORED_AT_A_TIME, len(self._answers))
        keep([self._answers.popleft() for _ in range(some)])


def _here(ask: Callable[..., Result], *arguments: object) -> Future[Result]:
    """The call is made at once, in this thread."""
    future: Future[Result] = Future()
    future.set_result(ask(*arguments))
    return future


def _waiting(registers: Collection[str], by: datetime) -> set[str]:
    """Those of the registers that somebody has a question to."""
    sources = [source for source, how in SOURCES.items() if how.register in registers]
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [sources, by])
        return {SOURCES[source].register for (source,) in cursor}


@owns_transaction
def _claim(register: str, most: int, by: datetime) -> tuple[list[Portion], float]:
    """What was due by then and may be asked now is this worker's, until the lease ends.

    Besides: how long until the register's pace allows more, in seconds.
    """
    if most < 1:
        return [], 0.0
    sources = [source for source, how in SOURCES.items() if how.register == register]
    _may_be_lost()
    room = traffic.room_for(register)
    if room.resting:
        _tell_of_rest(_due(sources, by), room.resting)
    random.shuffle(sources)  # none of a register's sources always comes first
    order = ["attempts", "due_at"] if room.trying else ["due_at"]
    due = {source: _due([source], by).order_by(*order) for source in sources}
    rows = _portions(due, min(room.calls, most))
    claimed = [row.pk for some in rows for row in some]
    lease_ends_at = clock.now() + timedelta(seconds=settings.LEASE_S)
    Lookup.objects.filter(pk__in=claimed).update(due_at=lease_ends_at)
    calls = traffic.begin(register, len(rows)) if rows else []
    portions = [
        Portion(some[0].source, tuple(some), call) for some, call in zip(rows, calls, strict=True)
    ]
    return portions, room.wait_s


@inside_transaction
def _portions(sources: Mapping[str, QuerySet[Lookup]], calls: int) -> list[list[Lookup]]:
    """What is due, by source, as so many calls at most: many together where it takes many."""
    portions: list[list[Lookup]] = []
    for source, rows in sources.items():
        due = rows.select_for_update(skip_locked=True)
        size = SOURCES[source].at_once
        if size > 1:
            together = list(due.filter(alone=False)[: size * (calls - len(portions))])
            portions += [together[at : at + size] for at in range(0, len(together), size)]
            due = due.filter(alone=True)
        portions += [[row] for row in due[: calls - len(portions)]]
    return portions


def _due(sources: Collection[str], by: datetime) -> QuerySet[Lookup]:
    return Lookup.objects.filter(source__in=sources, due_at__lte=by)


@inside_transaction
def _tell_of_rest(due: QuerySet[Lookup], trouble: str) -> None:
    """Questions that wait for a register that rests say so; none of their attempts is used up."""
    untold = list(due.select_for_update(skip_locked=True).filter(trouble="")[:1000])
    Lookup.objects.filter(pk__in=[lookup.pk for lookup in untold]).update(trouble=trouble)
    for lookup in untold:
        tell_silence(lookup)


@owns_transaction
def _free(ended: Collection[tuple[Portion, Result]]) -> None:
    """The calls are over, and each register's budget has room for others."""
    _may_be_lost()
    # Registers in one order: two workers whose calls failed together do not wait for each other.
    for portion, answers in sorted(ended, key=lambda each: each[0].call.register):
        answer = next((each for each in answers if each.trouble is None), None)
        trouble = None if answer else answers[0].trouble
        traffic.ended(portion.call, trouble, told_before=portion.told_before)


@inside_transaction
def _may_be_lost() -> None:
    """Nobody waits for the disk: leases make good what a crash loses of claims and budgets."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _call(portion: Portion) -> CallForAll:
    """The call that asks; questions that cannot even be put are trouble of that call alone."""
    how = SOURCES[portion.source]
    subjects = [lookup.subject for lookup in portion.lookups]
    try:
        if len(subjects) > 1 and how.ask_many:
            return how.ask_many(subjects)
        ask = how.ask(subjects[0])
    except Exception as fault:  # noqa: BLE001 - told in the log by own_fault
        trouble = own_fault(portion.source, fault)

        def cannot() -> Mapping[str, object]:
            raise trouble

        return cannot
    return lambda: {subjects[0]: ask()}


def _ask(portion: Portion, call: CallForAll) -> Result:
    asked_at = clock.now()
    try:
        told = call()
    except ServiceError as trouble:
        return _failed(portion, trouble)
    except Exception as fault:  # noqa: BLE001 - told in the log by own_fault
        return _failed(portion, own_fault(portion.source, fault))
    answers = [(lookup, told.get(lookup.subject, LEFT_OUT)) for lookup in portion.lookups]
    return [
        Answered(lookup, asked_at, trouble=answer)
        if isinstance(answer, ServiceError)
        else Answered(lookup, asked_at, answer)
        for lookup, answer in answers
    ]


def _failed(portion: Portion, trouble: ServiceError) -> Result:
    many = len(portion.lookups) > 1
    now = clock.now()
    return [Answered(lookup, now, trouble=trouble, among_many=many) for lookup in portion.lookups]
