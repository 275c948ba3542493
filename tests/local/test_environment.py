"""`.venv` is what the lock says, whatever happened last time."""

import subprocess
import sys

import pytest

from hmskort.local import environment
from hmskort.local.terminal import Trouble


@pytest.fixture
def venv(tmp_path, monkeypatch):
    folder = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VAR": tmp_path / "var",
        "VENV": folder,
        "PYTHON": folder / "bin" / "python",
        "STAMP": folder / "hmskort-stamp",
        "LOG": tmp_path / "var" / "environment.log",
    }.items():
        monkeypatch.setattr(environment, name, value)
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)  # no uv
    return folder


@pytest.fixture
def lock(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("")
    return file


def works(venv):
    return subprocess.run([venv / "bin" / "python", "-c", ""], check=False).returncode == 0


def test_the_second_time_nothing_is_done(venv, lock, monkeypatch):
    environment.ensure(lock)
    assert works(venv)
    monkeypatch.delattr(environment, "_make")
    environment.ensure(lock)


def test_a_half_made_environment_is_made_again(venv, lock):
    (venv / "bin").mkdir(parents=True)
    (venv / "leftover").write_text("of an interrupted start")
    environment.ensure(lock)
    assert works(venv)
    assert not (venv / "leftover").exists()


def test_an_environment_of_a_python_that_is_gone_is_made_again(venv, lock):
    environment.ensure(lock)
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nonexistent/python3")
    environment.ensure(lock)
    assert works(venv)


def test_a_changed_lock_is_installed(venv, lock):
    environment.ensure(lock)
    lock.write_text("# another lock\n")
    before = environment.STAMP.read_text()
    environment.ensure(lock)
    assert environment.STAMP.read_text() != before


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("NewConnectionError: Temporary failure in name resolution", "There is no network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM", "does not match the hash"),
        ("something new\nof two lines", "of two lines"),
    ],
)
def test_what_stands_in_the_way_is_one_line(venv, lock, monkeypatch, log, line):
    def fails(_argv):
        environment.LOG.write_text(log)
        return False

    monkeypatch.setattr(environment, "_succeeds", fails)
    with pytest.raises(Trouble, match=line) as told:
        environment.ensure(lock)
    assert "\n" not in str(told.value)


def test_two_commands_at_once_make_one_environment(venv, lock):
    """The second waits for the first, then finds it done."""
    body = (
        "import sys; from pathlib import Path; from hmskort.local import environment as e\n"
        f"e.ROOT = Path({str(venv.parent)!r}); e.VAR = e.ROOT / 'var'; e.VENV = e.ROOT / '.venv'\n"
        "e.PYTHON = e.VENV / 'bin/python'; e.STAMP = e.VENV / 'hmskort-stamp'\n"
        "e.LOG = e.VAR / 'environment.log'\n"
        f"e.ensure(Path({str(lock)!r}))\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", body], stdout=subprocess.PIPE) for _ in "12"]
    said = [process.communicate()[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(" ok " in text for text in said) == [False, True]
