"""What must be done before the portal starts, and is done again only when the code has changed."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hmskort.local import catalogues
from hmskort.local.places import PYTHON, ROOT, Places
from hmskort.local.process_tree import start
from hmskort.local.terminal import Trouble, ending, step

ROOMS = ("hmskort", "orders", "cards", "registers", "encoding", "templates", "static", "locale")
WHO = "who.txt"  # in the data folder: who can log in as what


def prepare(places: Places, env: Mapping[str, str]) -> None:
    """Tables, static files, catalogues and the demonstration world are those of this code."""
    stamp = places.data / "prepared"
    wanted = fingerprint(env["DATABASE_URL"])
    is_ours = "DATABASE_URL" not in os.environ  # another's may have been emptied meanwhile
    if is_ours and stamp.exists() and stamp.read_text() == wanted:
        return
    catalogues.compile_all(ROOT / "locale")
    with step("Tables and static files"):
        manage_together(places, env, ["migrate", "-v0"], ["collectstatic", "-v0", "--no-input"])
    with step("The demonstration world"):
        manage_together(places, env, ["world"])
        who = manage_together(places, env, ["world", "--who"])
    (places.data / WHO).write_text(who.read_text())
    stamp.write_text(wanted)


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
