"""Every effect happens once: written with its cause, delivered until it is done.

Delivery is at least once. A listener takes the payload as keywords, looks at the state first and
may run twice. Celery only wakes and spreads the work; what waits is found by a sweep.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from hmskort.common import clock
from hmskort.common.masking import masked
from hmskort.common.models import Effect
from hmskort.common.services import Unavailable
from hmskort.common.transactions import inside_transaction
from hmskort.common.transitions import Superseded

log = logging.getLogger(__name__)

ATTEMPTS = 40
SHORT_TRIES = 5  # as soon as the service asks for; after these the waits grow
LONGEST_WAIT_S = 600
MOST_LOST = 10  # an effect that ends its worker each time is not handed to an eleventh
Listeners = Mapping[str, tuple[str, ...]]
# By hand, for the payload of a thousand subjects to be sent once and not once for each listener.
ENQUEUE = """INSERT INTO common_effect
    (key, event, listener, payload, state, attempts, lost, due_at, created_at, error)
SELECT %(key)s || name, %(event)s, name, %(payload)s::jsonb, %(waiting)s, 0, 0,
    %(due_at)s, %(at)s, ''
FROM unnest(%(listeners)s::text[]) WITH ORDINALITY AS each(name, place)
ORDER BY place ON CONFLICT DO NOTHING"""

# By hand, for a worker to ask once for each effect, and once when there is none.
CLAIM = """UPDATE common_effect SET
    lost = lost + (in_hand_since IS NOT NULL)::integer, in_hand_since = %(now)s,
    due_at = %(lease_ends_at)s, attempts = attempts + 1
WHERE id = (SELECT id FROM common_effect WHERE state = 'waiting' AND due_at <= %(now)s
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *"""


class Listener(Protocol):
    def __call__(self, **payload: object) -> None: ...


class TryLater(Exception):
    """The listener cannot finish yet; ask again when the wait is over."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


# What may pass by itself; anything else is a fault in our code and is shown to a person sooner.
PASSING = (TryLater, Unavailable, Superseded, DatabaseError)


@inside_transaction
def enqueue(event: str, *, key: str, not_before: datetime | None = None, **payload: object) -> None:
    """Each listener of the event will be told after commit, once per key.

    key: unique for the event, e.g. the id of the row that changed and its new state.
    not_before: a moment to wait for, where the event is one of a day to come.
    payload: ids and plain values, never identity numbers.

    Raises:
        KeyError: the front door names no listener for the event.
    """
    listeners: Listeners = import_string(settings.EVENT_LISTENERS)
    names = listeners[event]
    if not names:
        return
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            ENQUEUE,
            {
                "key": f"{event}:{key}:",
                "event": event,
                "listeners": list(names),
                "payload": json.dumps(payload),
                "waiting": Effect.State.WAITING,
                "due_at": max(not_before or at, at),
                "at": at,
            },
        )
    transaction.on_commit(wake)


def wake() -> None:
    """Celery is asked to deliver. A broker that is down delays until the sweep, no more."""
    try:
        current_app.send_task("hmskort.common.tasks.deliver", retry=False)
    except (OperationalError, OSError) as error:
        log.warning("the broker does not answer; the sweep will deliver: %s", error)


def deliver_due(limit: int = 200) -> int:
    """Carry out what is due, oldest first; the number of effects tried."""
    for tried in range(limit):
        effect = _claim()
        if effect is None:
            return tried
        _carry_out(effect)
    return limit


def try_again(effect: Effect) -> bool:
    """A failed effect waits to be carried out as if it were new; False if it does not stand failed.

    Called by a person who has seen to what was wrong, in the transaction that records it.
    """
    failed = Effect.objects.filter(pk=effect.pk, state=Effect.State.FAILED)
    waits = failed.update(
        state=Effect.State.WAITING, due_at=clock.now(), attempts=0, lost=0, in_hand_since=None
    )
    if waits:
        transaction.on_commit(wake)
    return bool(waits)


def _claim() -> Effect | None:
    """The next effect, or None; it is this worker's until the lease ends."""
    now = clock.now()
    lease_ends_at = now + timedelta(seconds=settings.LEASE_S)
    return next(iter(Effect.objects.raw(CLAIM, {"now": now, "lease_ends_at": lease_ends_at})), None)


def _carry_out(effect: Effect) -> None:
    if effect.lost >= MOST_LOST:
        _set_aside(effect)
        return
    listener: Listener = import_string(effect.listener)
    try:
        listener(**effect.payload)
    except PASSING as reason:
        told = getattr(reason, "after_s", None) or getattr(reason, "retry_after_s", None) or 0.0
        grown = min(2 ** min(effect.attempts, 10), LONGEST_WAIT_S)
        _again(effect, reason, max(told, grown) if effect.attempts > SHORT_TRIES else told or grown)
    except Exception as fault:
        log.exception("effect %s failed", effect.event, extra={"effect": effect.pk})
        given_up = effect.attempts >= ATTEMPTS
        _again(effect, fault, min(10 * effect.attempts, LONGEST_WAIT_S), given_up=given_up)
    else:
        Effect.objects.filter(pk=effect.pk).update(
            state=Effect.State.DONE, done_at=clock.now(), in_hand_since=None, error=""
        )


def _set_aside(effect: Effect) -> None:
    """The effect stands as failed: who claimed it never came back, again and again."""
    log.error("effect %s ended its worker %s times", effect.event, effect.lost)
    Effect.objects.filter(pk=effect.pk, state=Effect.State.WAITING).update(
        state=Effect.State.FAILED,
        in_hand_since=None,
        error=f"WorkerLost: claimed {effect.lost} times and never finished",
    )


def _again(effect: Effect, reason: Exception, wait_s: float, *, given_up: bool = False) -> None:
    """The effect waits, or after the last attempt stands as failed where a person sees it.

    What may pass by itself is never given up: a bad night is told of in the log, and passes.
    """
    if effect.attempts == ATTEMPTS:
        log.error("effect %s was tried %s times: %s", effect.event, ATTEMPTS, masked(str(reason)))
    waiting = Effect.objects.filter(pk=effect.pk, state=Effect.State.WAITING)  # else it was done
    waiting.update(
        state=Effect.State.FAILED if given_up else Effect.State.WAITING,
        due_at=clock.now() + timedelta(seconds=wait_s),
        in_hand_since=None,
        lost=0,
        error=masked(f"{type(reason).__name__}: {reason}"[:500]),
    )
