"""The portal's side of the process that may die: hands it a file, gets a plain JPEG back."""

import atexit
import json
import socket
import subprocess
import sys
import threading

from django.conf import settings

from hmskort.common.uploads.limits import Picture, Rejected

PATIENCE_S = 20.0  # above the child's own limit


class Decoder:
    """One `decoder_process`, started at the first file and again whenever it is found dead."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def cleaned(self, data: bytes, kind: str) -> Picture:
        """The picture in `data` as `pictures.cleaned` makes it, for a kind of `limits.LIMITS`.

        Raises:
            Rejected: the file cannot be used; `damaged` when decoding it killed the child.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            ours.settimeout(PATIENCE_S)
            try:
                return _picture(_asked(ours, data, kind))
            except OSError as error:  # the child died with the file half read, or is too slow
                raise Rejected("damaged") from error

    def _hand_over(self, job: socket.socket) -> None:
        try:
            socket.send_fds(self._running(), [b"j"], [job.fileno()])
        except OSError:  # it died just now
            with self._starting:
                socket.send_fds(self._start(), [b"j"], [job.fileno()])

    def _running(self) -> socket.socket:
        with self._starting:
            if self._control is None or self._process is None or self._process.poll() is not None:
                return self._start()
            return self._control

    def close(self) -> None:
        """The process has ended: it does when its control socket closes."""
        if self._control is not None and self._process is not None:
            self._control.close()
            self._process.wait(PATIENCE_S)

    def _start(self) -> socket.socket:
        self.close()
        self._control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hmskort.common.uploads.decoder_process"],
                stdin=theirs.fileno(),
                env={"PYTHONPATH": str(settings.BASE_DIR)},  # none of the portal's secrets
            )
        return self._control


def _asked(job: socket.socket, data: bytes, kind: str) -> bytes:
    job.sendall(json.dumps({"kind": kind}).encode() + b"\n" + data)
    job.shutdown(socket.SHUT_WR)
    with job.makefile("rb") as stream:
        return stream.read()


def _picture(answer: bytes) -> Picture:
    line, _, jpeg = answer.partition(b"\n")
    if not line:
        raise Rejected("damaged")
    head = json.loads(line)
    if "problem" in head:
        raise Rejected(head["problem"], **head["values"])
    return Picture(jpeg, head["width"], head["height"])


_decoder = Decoder()
cleaned = _decoder.cleaned
atexit.register(_decoder.close)
