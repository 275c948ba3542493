"""The launcher is tested with real processes, in folders of their own."""

import subprocess
import sys
import textwrap
import time

import pytest

from hmskort.local.places import ROOT, Places

PATIENCE_S = 20.0


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path / "var")
    made.make()
    return made


@pytest.fixture
def script(tmp_path):
    """Starts a Python program made of the launcher's parts."""
    started = []

    def run(body: str) -> subprocess.Popen:
        program = tmp_path / f"program-{len(started)}.py"
        program.write_text(textwrap.dedent(body))
        env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([sys.executable, str(program)], env=env)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def eventually():
    """Waits for something to hold, and says so when it never does."""

    def wait(holds, what: str):
        deadline = time.monotonic() + PATIENCE_S
        while not (found := holds()):
            assert time.monotonic() < deadline, f"never happened: {what}"
            time.sleep(0.02)
        return found

    return wait
