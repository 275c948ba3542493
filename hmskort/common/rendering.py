"""A document for a page that somebody waits for, laid out in a process that may die.

What lays out documents is C: without a font, or with a broken one, it ends its process. Here that
is a child which holds no secret of the portal; the page then says that there is no document.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

PATIENCE_S = 60.0  # the first document of a process on a busy machine
KEPT = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
ROOT = Path(__file__).parents[2]


class NotRendered(Exception):
    """The document could not be laid out: its process died, was too slow, or refused it."""


class Renderer:
    """One `rendering_process`, started at the first document and again whenever it has died."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def pdf(self, html: str, *, styles: Path) -> bytes:
        """The document as PDF; see `documents.pdf`.

        Raises:
            NotRendered: there is none.
        """
        asked = json.dumps({"html": html, "styles": str(styles)}).encode() + b"\n"
        with self._one_at_a_time:
            try:
                return _answer(self._running(), asked)
            except OSError as trouble:  # it died, or is too slow: the next one has a new process
                self.close()
                raise NotRendered(str(trouble)) from trouble

    def close(self) -> None:
        """The process has ended."""
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._socket = None

    def _running(self) -> socket.socket:
        if self._socket is None or self._process is None or self._process.poll() is not None:
            self.close()
            self._socket, theirs = socket.socketpair()
            self._socket.settimeout(PATIENCE_S)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "hmskort.common.rendering_process"],
                    stdin=theirs.fileno(),
                    env={name: os.environ[name] for name in KEPT if name in os.environ}
                    | {"PYTHONPATH": str(ROOT)},
                )
        return self._socket


def _answer(process: socket.socket, asked: bytes) -> bytes:
    process.sendall(asked)
    with process.makefile("rb") as stream:
        head = json.loads(stream.readline() or b'{"died": true}')
        if "died" in head:
            raise ConnectionResetError("the process died")
        if "refused" in head:
            raise NotRendered(head["refused"])
        document = stream.read(head["bytes"])
    if len(document) < head["bytes"]:
        raise ConnectionResetError("the process died")
    return document


_renderer = Renderer()
pdf = _renderer.pdf
atexit.register(_renderer.close)
