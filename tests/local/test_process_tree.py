"""Nothing that a command starts outlives it."""

import os
import signal
from pathlib import Path

import pytest

from hmskort.local.process_tree import descendants

FAMILY = """
import sys, time
from hmskort.local import process_tree

STUBBORN = '''
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
time.sleep(1000)
'''

def work():
    process_tree.interruptible()
    process_tree.start([sys.executable, "-c", STUBBORN], env={})
    try:
        time.sleep(1000)
    except KeyboardInterrupt:
        return 3

sys.exit(process_tree.guarded(work))
"""


def alive(pid):
    try:
        return state_and_parent(pid)[0] != "Z"
    except OSError:
        return False


def state_and_parent(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]


@pytest.fixture
def family(script, eventually):
    """A guard, its command, a child that will not hear SIGTERM, and a grandchild apart from it."""
    guard = script(FAMILY)
    eventually(lambda: len(descendants(guard.pid)) == 3, "the whole family runs")
    return guard, descendants(guard.pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ending_the_parent_leaves_nothing_behind(family, eventually, number):
    guard, others = family
    guard.send_signal(number)
    guard.wait(timeout=15)
    eventually(lambda: not any(map(alive, others)), f"all {len(others)} are gone")


def test_killing_the_command_leaves_nothing_behind(family, eventually):
    guard, others = family
    command = next(pid for pid in others if state_and_parent(pid)[1] == str(guard.pid))
    os.kill(command, signal.SIGKILL)
    assert guard.wait(timeout=15) == 128 + signal.SIGKILL
    eventually(lambda: not any(map(alive, others)), "all are gone")


def test_an_interrupt_ends_with_the_command_s_own_code(family):
    guard, _ = family
    guard.send_signal(signal.SIGTERM)
    assert guard.wait(timeout=15) == 3
