"""The process that may die: lays out one document after the other.

Started by `rendering`. Protocol, on the socket that is its standard input: a line of JSON with the
document and its styles comes, a line of JSON and then that many bytes of PDF go back, until the
portal closes the socket.
"""

import json
import signal
import socket
import sys
from pathlib import Path

from hmskort.common.documents import pdf


def main() -> None:
    """Serve until the portal closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the portal's; we end with it
    with socket.socket(fileno=sys.stdin.fileno()) as portal, portal.makefile("rb") as asked:
        for line in asked:
            portal.sendall(answer(line))


def answer(line: bytes) -> bytes:
    """What goes back for a line."""
    asked = json.loads(line)
    try:
        document = pdf(asked["html"], styles=Path(asked["styles"]))
    except (ValueError, OSError) as problem:
        return json.dumps({"refused": str(problem)[:200]}).encode() + b"\n"
    return json.dumps({"bytes": len(document)}).encode() + b"\n" + document


if __name__ == "__main__":
    main()
