"""`python3 -m hmskort check`: everything about the code that can be seen without running it."""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hmskort.local import environment
from hmskort.local.places import PYTHON, ROOT, VENV
from hmskort.local.process_tree import start
from hmskort.local.servers import Servers
from hmskort.local.terminal import Trouble, say
from hmskort.local.testing import temporary_places

ROOMS = ("hmskort", "orders", "cards", "registers", "encoding")
# Spelled so that this line does not name what it looks for.
INDEX_HOST = re.compile(
    r"py[p]i\.org|pythonh[o]sted|npm[j]s\.org|/sim[p]le/|find-l[i]nks|extra-i[n]dex"
)
NOT_OURS = re.compile(r"^(\.git|\.venv|\.hypothesis|var|staticfiles)$|cache")


@dataclass(frozen=True)
class Check:
    """One thing to look at: a program to run in the environment, or a question of our own."""

    name: str
    looks: Callable[[IO[bytes], Mapping[str, str]], bool]


def run(wanted: Sequence[str]) -> int:
    """1 when any check failed, after a line for each and the words of those that did."""
    environment.ensure(environment.DEVELOPMENT)
    if unknown := sorted(set(wanted) - {check.name for check in CHECKS}):
        raise Trouble(f"There is no check {unknown[0]}; there are {', '.join(names())}.")
    with temporary_places() as places:
        env = Servers(places).environment("test")
        chosen = [check for check in CHECKS if not wanted or check.name in wanted]
        results = [_looked(check, env, places.log / "check.log") for check in chosen]
    return 0 if all(results) else 1


def names() -> list[str]:
    return [check.name for check in CHECKS]


def _looked(check: Check, env: Mapping[str, str], log: Path) -> bool:
    started = time.monotonic()
    with log.open("wb") as output:
        good = check.looks(output, env)
    say(f"  {'ok    ' if good else 'FAILED'} {check.name} ({time.monotonic() - started:.1f} s)")
    if not good:
        say(log.read_text(errors="replace").rstrip())
    return good


def _program(name: str, *arguments: str) -> Callable[[IO[bytes], Mapping[str, str]], bool]:
    def looks(output: IO[bytes], env: Mapping[str, str]) -> bool:
        argv = [str(VENV / "bin" / name), *arguments]
        return start(argv, env=env, output=output, cwd=ROOT).wait() == 0

    return looks


def _module(name: str, *arguments: str) -> Callable[[IO[bytes], Mapping[str, str]], bool]:
    return _program(PYTHON.name, "-m", name, *arguments)


def _templates(output: IO[bytes], env: Mapping[str, str]) -> bool:
    folders = [ROOT / "templates", *ROOT.glob("hmskort/*/templates")]
    files = [str(file) for folder in folders for file in sorted(folder.rglob("*.html"))]
    formatted = _program("djade", "--target-version", "5.2", "--check", *files)(output, env)
    return _module("hmskort.local.template_check")(output, env) and formatted


def _no_index_host(output: IO[bytes], _env: Mapping[str, str]) -> bool:
    found = list(index_hosts())
    output.write("\n".join(found).encode())
    return not found


def index_hosts() -> list[str]:
    """Lines of the product's files that name where packages come from."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if not NOT_OURS.search(name)]
        for file in (Path(folder, name) for name in names):
            for number, line in enumerate(_lines(file), 1):
                if INDEX_HOST.search(line):
                    found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return []  # not text


CHECKS = (
    Check("format", _program("ruff", "format", "--check", "-q", ".")),
    Check("lint", _program("ruff", "check", "-q", ".")),
    Check("types", _program("mypy", *ROOMS)),
    Check("imports", _program("lint-imports")),
    Check("templates", _templates),
    Check(
        "migrations", _program(PYTHON.name, "manage.py", "makemigrations", "--check", "--dry-run")
    ),
    Check("messages", _module("hmskort.local.translations")),
    Check(
        "compose",
        _program(
            "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"
        ),
    ),
    Check("locks", _no_index_host),
)
