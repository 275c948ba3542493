"""How much each register is asked at a time, and its rest when it has failed again and again.

A register's budget is calls under way and calls a second (setting `REGISTER_BUDGETS`), for all
workers together. After `FAILURES` calls in a row without an answer the register rests, and then
one call tries it: an answer ends the rest, another failure doubles it. A register that says itself
when to come back (`Retry-After`) is left alone until then. Questions wait meanwhile as they are.

The budget is kept in PostgreSQL, beside the questions: what is claimed there is counted there, in
the same transaction, and a worker that dies gives its calls back when their lease ends.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Q, Value, When

from hmskort.common import clock
from hmskort.common.services import ServiceError, Unavailable
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers.models import OpenCall, Traffic

log = logging.getLogger(__name__)

FAILURES = 5  # in a row, until a register rests
FIRST_REST_S, LONGEST_REST_S = 15.0, 300.0
LONGEST_PACE_S = 2.0  # that a reading or a feed waits for a register's pace


@dataclass(frozen=True)
class Budget:
    """What a register may be asked: calls under way at once, and calls begun a second."""

    at_once: int
    per_second: float


@dataclass(frozen=True)
class Room:
    """How many calls may begin now.

    wait_s: until the pace allows another, where nothing else is in the way. trying: the register
    has rested, and one call finds out whether it answers. resting: why it is not asked at all.
    """

    calls: int
    wait_s: float = 0.0
    trying: bool = False
    resting: str = ""


def budget_of(register: str) -> Budget:
    return Budget(*settings.REGISTER_BUDGETS[register])


@inside_transaction
def room_for(register: str) -> Room:
    """How many calls to the register may begin; it is locked until the transaction ends."""
    now, traffic = clock.now(), _locked(register)
    if traffic.rests_until and traffic.rests_until > now:
        return Room(0, resting=traffic.trouble)
    open_calls = OpenCall.objects.filter(register=register)
    ends = list(open_calls.values_list("until", flat=True))
    if any(until <= now for until in ends):
        open_calls.filter(until__lte=now).delete()
    under_way = sum(until > now for until in ends)
    if traffic.failures >= FAILURES:
        return Room(0 if under_way else 1, trying=True)
    budget = budget_of(register)
    free = max(0, budget.at_once - under_way)
    allowance = _allowance(traffic, budget, now)
    wait_s = (1 - allowance) / budget.per_second if free and allowance < 1 else 0.0
    return Room(min(free, int(allowance)), wait_s)


@inside_transaction
def begin(register: str, calls: int) -> list[OpenCall]:
    """That many calls are under way and paid for from the budget; after `room_for`."""
    now = clock.now()
    traffic = Traffic.objects.get(pk=register)
    left = _allowance(traffic, budget_of(register), now) - calls
    Traffic.objects.filter(pk=register).update(allowance=left, counted_at=now)
    until = now + timedelta(seconds=settings.LEASE_S)
    return OpenCall.objects.bulk_create(
        OpenCall(register=register, until=until) for _ in range(calls)
    )


@inside_transaction
def ended(call: OpenCall, trouble: ServiceError | None, *, told_before: bool = False) -> None:
    """The call is over, and the register has answered or failed once more.

    told_before: trouble with just this question was known already. It may be of the question's
    own making, so it counts only where the register gave no answer at all.
    """
    OpenCall.objects.filter(pk=call.pk).delete()
    if trouble is None:
        _answered(call.register)
    elif isinstance(trouble, Unavailable) or not told_before:
        _failed(call.register, trouble)


class NoRoom(Unavailable):
    """The register's budget has no room for another call now, and nobody was called."""


@contextmanager
def one_call(register: str) -> Iterator[None]:
    """The call that is made inside is counted like those that ask questions, and so is how it went.

    Waits for the register's pace where that is a moment.

    Raises:
        NoRoom: the register rests, or as many calls as it takes are under way.
    """
    room = _begin_one(register)
    if room.wait_s:
        time.sleep(min(room.wait_s, LONGEST_PACE_S))
        room = _begin_one(register)
    if room.call is None:
        raise NoRoom(register, "throttled", room.wait_s or None)
    try:
        yield
    except ServiceError as trouble:
        _end_one(room.call, trouble)
        raise
    _end_one(room.call, None)


@dataclass(frozen=True)
class _Begun:
    call: OpenCall | None
    wait_s: float = 0.0


@owns_transaction
def _begin_one(register: str) -> _Begun:
    room = room_for(register)
    if not room.calls:
        return _Begun(None, room.wait_s)
    return _Begun(begin(register, 1)[0])


@owns_transaction
def _end_one(call: OpenCall, trouble: ServiceError | None) -> None:
    ended(call, trouble)


def rests(register: str) -> bool:
    """Is the register left alone now?"""
    return Traffic.objects.filter(pk=register, rests_until__gt=clock.now()).exists()


@inside_transaction
def _answered(register: str) -> None:
    failing = Traffic.objects.filter(pk=register, failures__gt=0)
    failures = failing.values_list("failures", flat=True).first()
    if failures is None:
        return
    resting = Q(rests_until__gt=clock.now())  # as it asked for itself
    failing.update(failures=0, trouble=Case(When(resting, then=F("trouble")), default=Value("")))
    if failures >= FAILURES:
        log.warning("%s answers again", register)


@inside_transaction
def _failed(register: str, trouble: ServiceError) -> None:
    now, traffic = clock.now(), _locked(register)
    if traffic.rests_until and traffic.rests_until > now:
        return  # it was asked before it was left alone
    traffic.failures += 1
    traffic.trouble = trouble.what[:200]
    rest_s = _rest_s(traffic.failures, trouble)
    if rest_s:
        traffic.rests_until = now + timedelta(seconds=rest_s)
        log.warning(
            "%s rests for %.0f s after %s calls without an answer: %s",
            register, rest_s, traffic.failures, trouble.what,
        )  # fmt: skip
    traffic.save()


def _rest_s(failures: int, trouble: ServiceError) -> float:
    """How long the register is left alone after so many failures in a row, in seconds."""
    told_s: float = getattr(trouble, "retry_after_s", None) or 0.0
    if failures < FAILURES:
        return told_s
    if not isinstance(trouble, Unavailable):  # some questions may still be answered
        return FIRST_REST_S
    grown_s: float = min(FIRST_REST_S * 2 ** min(failures - FAILURES, 10), LONGEST_REST_S)
    return max(told_s, grown_s)


def _allowance(traffic: Traffic, budget: Budget, now: datetime) -> float:
    """Calls that the pace allows now: it grows with time, to a second's worth at most."""
    most = max(1.0, budget.per_second)
    since_s = max(0.0, (now - traffic.counted_at).total_seconds())
    allowance: float = min(most, traffic.allowance + since_s * budget.per_second)
    return allowance


def _locked(register: str) -> Traffic:
    known = Traffic.objects.select_for_update().filter(pk=register)
    if (traffic := known.first()) is not None:
        return traffic
    allowance = max(1.0, budget_of(register).per_second)
    Traffic.objects.get_or_create(register=register, defaults={"allowance": allowance})
    return known.get()
