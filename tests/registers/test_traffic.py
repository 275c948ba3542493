"""Each register has a budget for all workers together, and rests when it fails again and again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.common.services import Unavailable, Unreadable
from hmskort.simulators import world
from registers import lookups, traffic
from registers.answering import Answered
from registers.models import Lookup, OpenCall, Traffic
from registers.persons import people_for

pytestmark = pytest.mark.django_db
OAR = "oar"
SILENT = Unavailable(OAR, "timeout")
ODD = Unreadable(OAR, "odd")


@pytest.fixture(autouse=True)
def budget(settings, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    settings.REGISTER_BUDGETS = {**settings.REGISTER_BUDGETS, OAR: (2, 10.0)}


def room():
    return traffic.room_for(OAR)


def call():
    room()
    return traffic.begin(OAR, 1)[0]


def fail(times, trouble=SILENT, **how):
    for _ in range(times):
        traffic.ended(call(), trouble, **how)


def later(time_machine, **how):
    time_machine.move_to(clock.now() + timedelta(**how), tick=False)


def test_no_more_calls_are_under_way_than_the_budget_says():
    assert room().calls == 2
    first, _second = call(), call()
    assert room().calls == 0
    traffic.ended(first, None)
    assert room().calls == 1


def test_a_call_whose_worker_died_counts_until_its_lease_ends(settings, time_machine):
    call(), call()
    later(time_machine, seconds=settings.LEASE_S + 1)
    assert room().calls == 2
    assert not OpenCall.objects.exists()


def test_a_pace_is_kept_and_says_how_long_to_wait(settings, time_machine):
    settings.REGISTER_BUDGETS = {OAR: (5, 2.0)}
    for _ in range(2):
        traffic.ended(call(), None)
    assert (room().calls, room().wait_s) == (0, pytest.approx(0.5))
    later(time_machine, seconds=0.5)
    assert room().calls == 1
    later(time_machine, seconds=60)
    assert room().calls == 2  # a second's worth, however long nobody asked


def test_after_some_failures_in_a_row_a_register_rests_and_then_one_call_tries_it(time_machine):
    fail(traffic.FAILURES - 1)
    assert not room().resting
    fail(1)
    assert room().resting == "timeout"
    later(time_machine, seconds=traffic.FIRST_REST_S + 1)
    assert (room().calls, room().trying) == (1, True)
    trial = call()
    assert room().calls == 0
    traffic.ended(trial, None)
    assert (room().calls, room().trying) == (2, False)


def test_a_trial_that_fails_doubles_the_rest_up_to_a_limit(time_machine):
    fail(traffic.FAILURES)
    rests = []
    for _ in range(7):
        until = Traffic.objects.get(pk=OAR).rests_until
        rests.append((until - clock.now()).total_seconds())
        later(time_machine, seconds=rests[-1] + 0.1)
        fail(1)
    assert rests == pytest.approx([15, 30, 60, 120, 240, 300, 300])


def test_an_answer_between_failures_begins_the_count_anew():
    fail(traffic.FAILURES - 1)
    traffic.ended(call(), None)
    fail(traffic.FAILURES - 1)
    assert not room().resting


def test_calls_that_were_under_way_when_it_began_to_rest_do_not_lengthen_the_rest(settings):
    settings.REGISTER_BUDGETS = {OAR: (10, 100.0)}
    under_way = [call() for _ in range(10)]
    for each in under_way:
        traffic.ended(each, SILENT)
    assert Traffic.objects.get(pk=OAR).failures == traffic.FAILURES


def test_when_to_come_back_holds_for_the_whole_register(time_machine):
    traffic.ended(call(), Unavailable(OAR, "throttled", 40.0))
    assert room().resting == "throttled"
    later(time_machine, seconds=39)
    assert room().calls == 0
    later(time_machine, seconds=2)
    assert (room().calls, room().trying) == (2, False)


def test_one_question_that_is_always_answered_oddly_does_not_stop_the_others():
    fail(3 * traffic.FAILURES, ODD, told_before=True)
    assert not room().resting
    fail(traffic.FAILURES, ODD)
    assert room().resting == "odd"


def test_whoever_runs_the_portal_is_told_of_a_rest_and_of_its_end(caplog, time_machine):
    fail(traffic.FAILURES)
    assert "oar rests for 15 s after 5 calls without an answer: timeout" in caplog.text
    later(time_machine, seconds=16)
    traffic.ended(call(), None)
    assert "oar answers again" in caplog.text


# As questions meet it


@pytest.fixture
def subjects():
    cases = ("Kari", "Per", "employed", "D-number", "dead", "not employed", "also employed")
    return [str(row.pk) for row in people_for([world.person(case).national_id for case in cases])]


def want(subjects):
    with transaction.atomic():
        lookups.want({("aaregisteret", each) for each in subjects}, not_older_than=clock.now())


def test_questions_wait_for_a_register_that_rests_without_using_up_attempts(
    subjects, fault, wind_forward
):
    fault("aaregisteret", "silent")
    want(subjects[: traffic.FAILURES])
    lookups.ask_due()
    assert traffic.rests("aaregisteret")
    want(subjects)
    lookups.ask_due()
    waiting = Lookup.objects.filter(subject__in=subjects[traffic.FAILURES :])
    assert set(waiting.values_list("attempts", "trouble")) == {(0, "timeout")}
    silent = Effect.objects.filter(event="facts:silent", payload__subject=subjects[-1])
    assert silent.exists()
    fault("aaregisteret", "off")
    wind_forward(minutes=6)
    assert not Lookup.objects.filter(answered_at=None).exists()


def test_a_register_that_is_silent_holds_up_no_other(subjects, fault, byggmester):
    fault("aaregisteret", "silent")
    want(subjects)
    with transaction.atomic():
        lookups.want({("enhetsregisteret", byggmester.orgnr)}, not_older_than=clock.now())
    lookups.ask_due()
    assert Lookup.objects.get(source="enhetsregisteret").answered
    assert Lookup.objects.filter(source="aaregisteret", attempts=0).exists()  # it rests by now


def test_a_register_that_says_when_to_come_back_is_asked_once_by_all(subjects, fault, time_machine):
    fault("aaregisteret", "429", 30)
    want(subjects[:1])
    lookups.ask_due()
    want(subjects)
    assert lookups.ask_due() == 0
    fault("aaregisteret", "off")
    later(time_machine, seconds=31)
    lookups.ask_due()
    later(time_machine, seconds=31)
    lookups.ask_due()
    assert not Lookup.objects.filter(answered_at=None).exists()


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def freed_of(registers):
    """On a connection of its own: calls to the registers are over, and none got an answer."""
    calls = [OpenCall(pk=0, register=register) for register in registers]
    portions = [lookups.Portion(call.register, (Lookup(),), call) for call in calls]
    silence = [Answered(Lookup(), clock.now(), trouble=SILENT)]
    try:
        lookups._free([(portion, silence) for portion in portions])
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_workers_whose_calls_to_several_registers_fail_at_once_do_not_wait_for_each_other():
    for register in ("oar", "udi"):
        with transaction.atomic():
            traffic.room_for(register)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        traffic.ended(OpenCall(pk=0, register="oar"), SILENT)  # one worker, which then comes to udi
        other = pool.submit(freed_of, ["udi", "oar"])
        while not (somebody_waits_for_a_lock() or other.done()):
            pass
        traffic.ended(OpenCall(pk=0, register="udi"), SILENT)
    other.result()
    assert set(Traffic.objects.values_list("register", "failures")) == {("oar", 2), ("udi", 2)}


def test_a_reading_or_a_feed_is_counted_like_a_question():
    with traffic.one_call(OAR):
        assert OpenCall.objects.filter(register=OAR).count() == 1
        with traffic.one_call(OAR), pytest.raises(traffic.NoRoom), traffic.one_call(OAR):
            pass
    assert not OpenCall.objects.exists()


def test_readings_that_fail_make_the_register_rest_and_it_is_then_left_alone():
    for _ in range(traffic.FAILURES):
        with pytest.raises(Unavailable), traffic.one_call(OAR):
            raise SILENT
    assert traffic.rests(OAR)
    with pytest.raises(traffic.NoRoom), traffic.one_call(OAR):
        pytest.fail("nobody may be called")
