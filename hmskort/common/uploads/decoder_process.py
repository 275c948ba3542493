"""The process that may die: it takes hostile files, one forked child for each.

It is started by `decoder`, holds no secret in its environment, and imports no Django. The process
itself never looks at a file; it forks a child that limits its own memory and time, cleans one
file, answers and ends. What one file does to its child, no other file can see.

Protocol: on the control socket (standard input) comes one byte and one socket for each job. On
that socket comes a line of JSON (`Limits` by kind), then the file until end; back goes a line of
JSON, then the JPEG. No answer means that the child died.
"""

import json
import os
import resource
import signal
import socket
import sys
from typing import Any

from PIL import Image

from hmskort.common.uploads.limits import LIMITS, Rejected
from hmskort.common.uploads.pictures import cleaned

MEMORY_BYTES = 700 * 1024 * 1024  # address space, of which the libraries take about 250 MB
CPU_S = 8
WALL_S = 15


def main() -> None:
    """Serve until the portal closes the control socket."""
    Image.init()  # no child can load a plugin: it may open nothing
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the portal's; we end with it
    control = socket.socket(fileno=sys.stdin.fileno())
    while True:
        message, sockets, _flags, _address = socket.recv_fds(control, 1, 1)
        if not message:
            return
        job = socket.socket(fileno=sockets[0])
        if os.fork() == 0:
            control.close()
            answer(job)
            os._exit(0)
        job.close()


def answer(job: socket.socket) -> None:
    """One file is cleaned and the result written back; limits hold from here."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    for nothing in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))  # opens no file or connection, writes none
    signal.alarm(WALL_S)
    with job, job.makefile("rwb") as stream:
        kind = json.loads(stream.readline())["kind"]
        head, body = _result(stream.read(), kind)
        stream.write(json.dumps(head).encode() + b"\n" + body)


def _result(data: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    try:
        picture = cleaned(data, LIMITS[kind])
    except Rejected as reason:
        return {"problem": reason.code, "values": reason.values}, b""
    return {"width": picture.width, "height": picture.height}, picture.jpeg


if __name__ == "__main__":
    main()
