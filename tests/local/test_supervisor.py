"""Programs are started again when they die, and told of when they keep dying."""

import os
import signal
import sys

import pytest

from hmskort.local.programs import Program
from hmskort.local.supervisor import Supervisor
from hmskort.local.terminal import Trouble

WAITS = "import time; time.sleep(1000)"
DIES = "print('no such table: cards'); raise SystemExit(7)"


def program(places, body, name="worker", **how):
    argv = (sys.executable, "-c", body)
    return Program(name, argv, {}, places.log / f"{name}.log", **how)


def test_a_killed_program_comes_back(places, eventually):
    with Supervisor() as supervisor:
        supervisor.start(program(places, WAITS))
        first = supervisor.running["worker"].pid
        os.kill(first, signal.SIGKILL)

        def another_runs():
            supervisor.look_after()
            now = supervisor.running["worker"]
            return now.pid != first and now.process.poll() is None

        eventually(another_runs, "a new worker runs")


def test_a_program_that_keeps_dying_is_told_with_the_end_of_its_log(places, monkeypatch):
    monkeypatch.setattr("hmskort.local.supervisor.FIRST_WAIT_S", 0.01)
    with Supervisor() as supervisor:
        supervisor.start(program(places, DIES, is_ready=lambda: False))
        with pytest.raises(
            Trouble, match=r"worker keeps ending \(exit code 7\): .*\n.*no such table"
        ):
            supervisor.wait_ready("worker")


def test_servers_stop_after_those_that_use_them(places):
    """Each writes when it is asked to stop."""
    order = places.data / "order"
    says = (
        "import signal, sys, time, pathlib\n"
        "def stop(*_):\n"
        f"    pathlib.Path({str(order)!r}).open('a').write(sys.argv[1] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop); print('on', flush=True); time.sleep(1000)"
    )
    with Supervisor() as supervisor:
        for name, rank in (("postgres", 0), ("web", 1)):
            log = places.log / f"{name}.log"
            argv = (sys.executable, "-c", says, name)
            ready = lambda log=log: log.exists() and "on" in log.read_text()  # noqa: E731
            supervisor.start(Program(name, argv, {}, log, is_ready=ready, rank=rank))
        supervisor.wait_ready()
    assert order.read_text() == "web postgres "


def test_a_program_that_will_not_stop_is_killed(places):
    ignores = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True)"
    )
    log = places.log / "worker.log"
    with Supervisor() as supervisor:
        ready = lambda: log.exists() and "on" in log.read_text()  # noqa: E731
        supervisor.start(program(places, f"{ignores}; {WAITS}", is_ready=ready, stops_within_s=0.2))
        supervisor.wait_ready()
        process = supervisor.running["worker"].process
    assert process.returncode == -signal.SIGKILL
