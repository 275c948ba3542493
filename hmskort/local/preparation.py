"""What must be done before the portal starts, and is done again only when the code has changed."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hmskort.local import catalogues
from hmskort.local.places import PYTHON, ROOT, Places
from hmskort.local.process_tree import start
from hmskort.local.terminal import Trouble, ending, step

ROOMS = ("hmskort", "orders", "cards", "registers", "encoding", "templates", "static", "locale")
WHO = "who.txt"  # in the data folder: who can log in as what


def prepare(places: Places, env: Mapping[str, str]) -> None:
    """Tables, static files, catalogues and the demonstration world are those of this code."""
    code = fingerprint(env["DATABASE_URL"])
    with _once(places.data / "prepared", code) as wanted:
        if wanted:
            for folder in catalogues.FOLDERS:
                catalogues.compile_all(folder)
            with step("Tables and static files"):
                collect = ["collectstatic", "-v0", "--no-input"]
                manage_together(places, env, ["migrate", "-v0"], collect)
    with _once(places.data / "world", f"{code} {time.strftime('%F')}") as wanted:
        if wanted:
            with step("The demonstration world of today"):
                manage_together(places, env, ["world"])
                who = manage_together(places, env, ["world", "--who"])
            (places.data / WHO).write_text(who.read_text())


@contextmanager
def _once(stamp: Path, state: str) -> Iterator[bool]:
    """True when the work of this state is still to be done; noted once it has been."""
    is_ours = "DATABASE_URL" not in os.environ  # another's may have been emptied meanwhile
    yield not (is_ours and stamp.exists() and stamp.read_text() == state)
    stamp.write_text(state)


def fingerprint(*more: str) -> str:
    """Changes when any file of the product does."""
    digest = hashlib.sha256("\0".join(more).encode())
    for file in sorted(_files()):
        status = file.stat()
        digest.update(f"{file.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for folder, below, names in os.walk(ROOT / room):
            below[:] = [name for name in below if name != "__pycache__"]
            yield from (Path(folder, name) for name in names if not name.endswith((".pyc", ".mo")))
    yield ROOT / "requirements.txt"


def manage_together(places: Places, env: Mapping[str, str], *commands: list[str]) -> Path:
    """Django's commands have all succeeded, run side by side; the log of the last."""
    started = []
    for command in commands:
        log = places.log / f"manage-{command[0]}.log"
        with log.open("wb") as output:
            argv = [str(PYTHON), str(ROOT / "manage.py"), *command]
            started.append((command[0], log, start(argv, env=env, output=output, cwd=ROOT)))
    for name, log, process in started:
        if process.wait() != 0:
            raise Trouble(f"`manage {name}` failed: {ending(log)}")
    return started[-1][1]
