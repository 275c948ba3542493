"""Processes that cannot outlive the command that started them.

Three layers, each of which is enough for one kind of accident. Every command runs in a child of the
process the person started; that *guard* adopts whatever the command leaves behind and ends it.
The command asks to be told when the guard dies. And each program it starts asks for the same.
Linux only: this rests on parent-death signals and child subreapers (prctl(2)).
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FROM_A_PROCESS = 0  # si_code is 0 or less when kill(2) sent the signal, above when the terminal did

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """This process gets the signal when `parent` dies, also if that has already happened."""
    _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def adopt_orphans() -> None:
    """Descendants that lose their parent become children of this process."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`, which ran in a child; nothing it started is left alive.

    Returns in both processes, so the caller does nothing more than exit with the code.
    """
    adopt_orphans()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*STOPPING, signal.SIGCHLD})
    guard = os.getpid()
    child = os.fork()
    try:
        if child:
            return _wait_for(child)
        adopt_orphans()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        die_with_parent(guard)
        return work()
    finally:
        end_descendants()


def _wait_for(child: int) -> int:
    while True:
        told = signal.sigwaitinfo({*STOPPING, signal.SIGCHLD})
        if told.si_signo == signal.SIGCHLD:
            code = _reap(child)
            if code is not None:
                return code
        elif told.si_code <= FROM_A_PROCESS:  # a terminal tells the child by itself
            os.kill(child, signal.SIGTERM)


def _reap(wanted: int | None = None) -> int | None:
    """Every child that has ended is gone from the process table; the code of the wanted one."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == wanted:
            code = os.waitstatus_to_exitcode(status)
            code = 128 - code if code < 0 else code


def descendants(root: int) -> set[int]:
    """All living processes below `root`, from /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue  # it ended while we looked
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


def end_descendants(within_s: float = 10.0) -> None:
    """No process below this one is alive: each was killed, and its orphans after it."""
    deadline = time.monotonic() + within_s
    while (alive := descendants(os.getpid())) and time.monotonic() < deadline:
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        time.sleep(0.01)
        _reap()


def reap_orphans(own: set[int]) -> None:
    """Adopted processes that have ended are gone from the process table; one's own are left."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in own:
            return
        os.waitpid(ended.si_pid, os.WNOHANG)


def interruptible() -> None:
    """SIGTERM and SIGHUP interrupt like Ctrl-C, once: the way out is not interrupted again."""

    def interrupt(number: int, _frame: object) -> NoReturn:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    for each in STOPPING:
        signal.signal(each, interrupt)


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | None = None,
    given: IO[bytes] | int = subprocess.DEVNULL,
    cwd: Path | None = None,
    become: Callable[[], None] | None = None,
    apart: bool = True,
) -> subprocess.Popen[bytes]:
    """A running program that dies with this process.

    `become` runs in the child before the program (to give up rights). `apart` keeps the terminal's
    Ctrl-C from it: whoever started it decides when it stops.
    """
    parent = os.getpid()

    def in_the_child() -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_DFL)
        if become is not None:
            become()
        die_with_parent(parent)  # last: giving up rights forgets it

    return subprocess.Popen(
        list(argv),
        env=dict(env),
        cwd=cwd,
        stdin=given if apart else None,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=apart,
        preexec_fn=in_the_child,  # noqa: PLW1509 - the launcher has one thread
    )
