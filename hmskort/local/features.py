"""`python3 -m hmskort features`: each row of docs/features.md with the tests that show it.

The tests say so by their mark; they are collected, not run. Half of this file runs here, half of it
inside pytest as a plugin.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hmskort.local import environment
from hmskort.local.places import PYTHON, ROOT
from hmskort.local.process_tree import start
from hmskort.local.servers import Servers
from hmskort.local.terminal import Trouble, ending, say
from hmskort.local.testing import temporary_places

if TYPE_CHECKING:
    import pytest

LIST = ROOT / "docs" / "features.md"
ROW = re.compile(r"^\| (F\d{3}) \| (.+) \|$", re.MULTILINE)
ANSWER = "HMSKORT_FEATURES_FILE"


def run(*, as_json: bool) -> int:
    rows = names()
    tests = marked_tests()
    if unknown := sorted(tests.keys() - rows.keys()):
        raise Trouble(f"Tests are marked with rows that docs/features.md lacks: {unknown}")
    if as_json:
        say(json.dumps({row: tests.get(row, []) for row in rows}, indent=1))
        return 0
    for row, name in rows.items():
        say(f"{row}  {name}")
        for test in tests.get(row, []):
            say(f"        {test}")
    say(f"\n{len(tests)} of {len(rows)} rows have tests.")
    return 0


def names() -> dict[str, str]:
    """The name of each row by its id, in order."""
    return dict(ROW.findall(LIST.read_text()))


def marked_tests() -> dict[str, list[str]]:
    """The tests of each row that has any."""
    environment.ensure(environment.DEVELOPMENT)
    argv = [str(PYTHON), "-m", "pytest", "--collect-only", "-q", "-p", __name__]
    with temporary_places() as places, tempfile.TemporaryDirectory() as folder:
        answer, log = Path(folder, "features.json"), Path(folder, "pytest.log")
        env = {**Servers(places).environment("test"), ANSWER: str(answer)}
        with log.open("wb") as output:
            start(argv, env=env, output=output, cwd=ROOT).wait()
        if not answer.exists():
            raise Trouble(f"The tests could not be collected: {ending(log, lines=20)}")
        found: dict[str, list[str]] = json.loads(answer.read_text())
        return found


def pytest_collection_finish(session: pytest.Session) -> None:
    """Inside pytest: writes the marks of what was collected."""
    if session.testsfailed:
        return
    found: dict[str, list[str]] = {}
    for item in session.items:
        for mark in item.iter_markers("feature"):
            for row in mark.args:
                found.setdefault(row, []).append(item.nodeid)
    Path(os.environ[ANSWER]).write_text(json.dumps(found))
