"""What a person meets at the command line."""

import json
import os
import socket
import subprocess
import sys

import pytest

from hmskort.local.checks import index_hosts
from hmskort.local.features import names
from hmskort.local.places import ROOT, locked


def hmskort(*arguments):
    """The finished command, run as a person with an almost empty environment would."""
    return subprocess.run(
        [sys.executable, "-m", "hmskort", *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_help_names_every_command():
    text = hmskort("--help").stdout
    assert all(name in text for name in ("up", "road", "test", "check", "features", "bench"))


def test_a_taken_port_is_one_clear_line(tmp_path, taken_port):
    done = hmskort("up", "--data", tmp_path, "--port", taken_port)
    line = f"Port {taken_port} is taken by another program; stop it or use --port."
    assert (done.returncode, done.stderr.strip()) == (1, line)


def test_a_second_portal_on_the_same_data_is_refused(tmp_path):
    with locked(tmp_path / "up.lock"):
        done = hmskort("up", "--data", tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"The portal already runs from {tmp_path}")
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = hmskort("up", "--data", tmp_path / "file" / "data")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("/file/data cannot be used: Not a directory.")


def test_no_file_names_where_packages_come_from():
    assert index_hosts() == []


def test_the_feature_list_is_whole():
    assert list(names()) == [f"F{number:03}" for number in range(1, 270)]


def test_features_prints_each_row_with_its_tests(tmp_path):
    done = hmskort("features", "--json")
    assert done.returncode == 0, done.stderr
    tests = json.loads(done.stdout)
    assert tests.keys() == names().keys()
    assert all(test.startswith("tests/") for row in tests.values() for test in row)
