from datetime import timedelta

import pytest
from django.db import transaction

from hmskort.common import clock, outbox
from hmskort.common.models import Effect
from hmskort.common.services import Unavailable
from hmskort.common.transactions import NoTransaction

HEARD: list[str] = []
TROUBLES: list[Exception] = []
LISTENERS = {
    "it:happened": ("tests.common.test_outbox.hear",),
    "it:happened_twice": ("tests.common.test_outbox.hear", "tests.common.test_outbox.hear_too"),
}


def hear(*, what: str) -> None:
    if TROUBLES:
        raise TROUBLES.pop(0)
    HEARD.append(what)


def hear_too(*, what: str) -> None:
    HEARD.append(f"too: {what}")


@pytest.fixture(autouse=True)
def ears(settings):
    HEARD.clear()
    TROUBLES.clear()
    settings.EVENT_LISTENERS = "tests.common.test_outbox.LISTENERS"


@pytest.mark.django_db
def test_an_effect_is_delivered_once_to_each_listener():
    with transaction.atomic():
        outbox.enqueue("it:happened_twice", key="1", what="x")
        outbox.enqueue("it:happened_twice", key="1", what="x")
    outbox.deliver_due()
    outbox.deliver_due()
    assert sorted(HEARD) == ["too: x", "x"]


@pytest.mark.django_db(transaction=True)
def test_an_effect_whose_cause_was_rolled_back_never_happens():
    with transaction.atomic():
        outbox.enqueue("it:happened", key="1", what="x")
        transaction.set_rollback(True)
    outbox.deliver_due()
    assert HEARD == []


@pytest.mark.django_db(transaction=True)
def test_an_effect_must_be_written_with_its_cause():
    with pytest.raises(NoTransaction):
        outbox.enqueue("it:happened", key="1", what="x")


@pytest.mark.django_db
def test_an_unknown_event_is_a_mistake_found_at_once():
    with pytest.raises(KeyError):
        outbox.enqueue("nobody:listens", key="1")


@pytest.mark.django_db
def test_a_listener_that_cannot_finish_is_asked_again_when_it_said():
    TROUBLES.append(Unavailable("nexi", "throttled", 90.0))
    outbox.enqueue("it:happened", key="1", what="x")
    outbox.deliver_due()
    effect = Effect.objects.get()
    assert effect.state == Effect.State.WAITING
    assert timedelta(seconds=80) < effect.due_at - clock.now() <= timedelta(seconds=90)
    Effect.objects.update(due_at=clock.now())
    outbox.deliver_due()
    assert HEARD == ["x"]
    assert Effect.objects.get().state == Effect.State.DONE


@pytest.mark.django_db
def test_a_listener_that_never_manages_ends_where_a_person_sees_it():
    outbox.enqueue("it:happened", key="1", what="x")
    for _ in range(outbox.ATTEMPTS):
        TROUBLES.append(ValueError("01819012345 is wrong"))
        Effect.objects.update(due_at=clock.now())
        outbox.deliver_due()
    effect = Effect.objects.get()
    assert effect.state == Effect.State.FAILED
    assert "018190•••••" in effect.error


@pytest.mark.django_db
def test_an_effect_of_a_worker_that_died_is_anybodys_after_the_lease():
    outbox.enqueue("it:happened", key="1", what="x")
    assert outbox._claim() is not None  # the worker dies here
    assert outbox.deliver_due() == 0
    Effect.objects.update(due_at=clock.now())
    outbox.deliver_due()
    assert HEARD == ["x"]


def claimed_and_lost(times):
    """Whoever took the effect in hand died with it, that many times."""
    for _ in range(times):
        outbox._claim()
        Effect.objects.update(due_at=clock.now())


@pytest.mark.django_db
def test_an_effect_that_ends_its_worker_each_time_is_set_aside_where_a_person_sees_it():
    outbox.enqueue("it:happened", key="1", what="x")
    claimed_and_lost(outbox.MOST_LOST)
    assert Effect.objects.get().state == Effect.State.WAITING
    outbox.deliver_due()
    effect = Effect.objects.get()
    assert (HEARD, effect.state, effect.lost) == ([], Effect.State.FAILED, outbox.MOST_LOST)
    assert effect.error.startswith("WorkerLost")


@pytest.mark.django_db
def test_a_worker_that_dies_now_and_then_sets_nothing_aside():
    outbox.enqueue("it:happened", key="1", what="x")
    for _ in range(3):
        claimed_and_lost(outbox.MOST_LOST - 1)
        TROUBLES.append(Unavailable("nexi", "timeout"))
        outbox.deliver_due()
        Effect.objects.update(due_at=clock.now())
    outbox.deliver_due()
    assert HEARD == ["x"]


@pytest.mark.django_db
def test_what_failed_is_carried_out_when_somebody_has_it_tried_again():
    TROUBLES.extend([ValueError("a fault")] * outbox.ATTEMPTS)
    outbox.enqueue("it:happened", key="1", what="x")
    for _ in range(outbox.ATTEMPTS):
        outbox.deliver_due()
        Effect.objects.update(due_at=clock.now())
    effect = Effect.objects.get()
    assert effect.state == Effect.State.FAILED
    assert outbox.try_again(effect)
    assert not outbox.try_again(effect)
    outbox.deliver_due()
    assert HEARD == ["x"]
