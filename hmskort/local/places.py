"""Where the product keeps what it makes while it runs: nothing outside `var/` and `.venv/`."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hmskort.local.terminal import Trouble

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"
SOCKET_PATH_LIMIT = 107  # bytes, unix(7)
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Places:
    """One set of data: a portal's, or a test run's."""

    data: Path

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def static(self) -> Path:
        return self.data / "static"

    @property
    def sockets(self) -> Path:
        """A folder whose path is short enough for a socket; the same one at every start."""
        inside = self.data / "run"
        if len(os.fsencode(inside)) + LONGEST_SOCKET_NAME <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"hmskort-{os.getuid()}-{name}"

    def make(self) -> None:
        for folder in (self.data, self.log, self.media, self.static):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.secrets, self.sockets):
            make_private(folder)


def make_private(folder: Path) -> None:
    """The folder exists, is ours and nobody else can look into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise Trouble(f"{folder} belongs to another user; remove it or use --data DIR.")
    folder.chmod(0o700)


@contextmanager
def locked(file: Path, *, otherwise: str = "") -> Iterator[None]:
    """Only one process at a time is inside; others wait, or are told `otherwise` if it is given."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if otherwise else 0))
        except BlockingIOError:
            raise Trouble(otherwise) from None
        yield


def is_locked(file: Path) -> bool:
    """Some process is inside `locked(file)` now."""
    if not file.exists():
        return False
    with file.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
