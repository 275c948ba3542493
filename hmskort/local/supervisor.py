"""One tree of processes: started, watched, started again when they die, and stopped in order."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hmskort.local.process_tree import reap_orphans, start
from hmskort.local.programs import Program
from hmskort.local.terminal import Trouble, ending, say, warn

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
STEADY_AFTER_S = 30.0  # a program that ran so long gets a fresh start when it dies
DEATHS_BEFORE_COMPLAINT = 3
ROUND_S = 0.1


@dataclass
class Running:
    """A program, its process now, and how it has fared."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    start_again: float | None = None

    @property
    def pid(self) -> int:
        return self.process.pid


@dataclass
class Supervisor:
    """Use as a context: on the way out everything that was started is stopped."""

    running: dict[str, Running] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, *programs: Program) -> None:
        for program in programs:
            _set_aside(program.log)
            self.running[program.name] = Running(program, _launch(program), time.monotonic())

    def wait_ready(self, *names: str) -> None:
        """Each named program has answered, or Trouble tells why one did not."""
        waiting = [self.running[name] for name in names or self.running]
        while waiting := [each for each in waiting if not each.program.is_ready()]:
            self.look_after()
            for each in waiting:
                _complain_if_hopeless(each)
            time.sleep(ROUND_S)

    def watch(self) -> None:
        """Looks after the programs until the person interrupts."""
        while True:
            self.look_after()
            time.sleep(ROUND_S)

    def look_after(self) -> None:
        """Whoever has died is started again, each time after a longer wait."""
        reap_orphans({each.pid for each in self.running.values()})
        for each in self.running.values():
            if each.start_again is not None:
                _start_when_due(each)
            elif each.process.poll() is not None:
                _note_death(each)

    def stop(self) -> None:
        """Nothing is running; those that use others ended before them."""
        for rank in sorted({each.program.rank for each in self.running.values()}, reverse=True):
            group = [each for each in self.running.values() if each.program.rank == rank]
            _stop_all(each for each in group if each.process.poll() is None)
        self.running.clear()


def _launch(program: Program) -> subprocess.Popen[bytes]:
    with program.log.open("ab") as output:
        return start(program.argv, env=program.env, output=output, become=program.become)


def _set_aside(log: Path) -> None:
    """A log is of one run; that of the run before is kept beside it."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))


def _note_death(each: Running) -> None:
    now = time.monotonic()
    each.deaths = 1 if now - each.started > STEADY_AFTER_S else each.deaths + 1
    wait_s = min(FIRST_WAIT_S * 2 ** (each.deaths - 1), LONGEST_WAIT_S)
    each.start_again = now + wait_s
    if each.deaths == DEATHS_BEFORE_COMPLAINT:
        warn(f"  !! {_dying(each)}")
    elif each.deaths < DEATHS_BEFORE_COMPLAINT:
        say(f"  !! {each.program.name} ended ({_how(each)}); it is started again.")


def _start_when_due(each: Running) -> None:
    if each.start_again is not None and time.monotonic() >= each.start_again:
        each.process = _launch(each.program)
        each.started, each.start_again = time.monotonic(), None


def _complain_if_hopeless(each: Running) -> None:
    if each.deaths >= DEATHS_BEFORE_COMPLAINT:
        raise Trouble(_dying(each))
    if time.monotonic() - each.started > each.program.ready_within_s:
        raise Trouble(f"{each.program.name} does not answer: {ending(each.program.log)}")


def _dying(each: Running) -> str:
    return f"{each.program.name} keeps ending ({_how(each)}): {ending(each.program.log)}"


def _how(each: Running) -> str:
    code = each.process.returncode
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _stop_all(group: Iterable[Running]) -> None:
    """All are asked at once; who has not ended in time is killed with everything below it."""
    asked = list(group)
    for each in asked:
        each.process.send_signal(each.program.stop_with)
    for each in asked:
        deadline = each.program.stops_within_s
        try:
            each.process.wait(timeout=deadline)
        except subprocess.TimeoutExpired:
            os.killpg(each.pid, signal.SIGKILL)
            each.process.wait()
