"""What the commands say to the person at the terminal.

Steps with their time, and one clear line when something stands in the way.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISK_FULL = ("No space left on device", "Check free disk space", "Disk quota exceeded")
MUCH = 20_000  # characters of a log that are looked at for the cause


class Trouble(Exception):
    """What stands in the way, in one line that says what to do about it."""


def say(text: str = "") -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """The step is named when it starts, and again with its seconds when it is done."""
    started = time.monotonic()
    back = "\r" if sys.stdout.isatty() else ""
    print(f"  .. {text}", end="" if back else "\n", flush=True)
    yield
    seconds = time.monotonic() - started
    print(f"{back}  ok {text} ({seconds:.1f} s)", flush=True)


def ending(log: Path, lines: int = 8) -> str:
    """What ends a line of trouble: the cause that a log tells of, or its last lines."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return f"{log} cannot be read."
    if any(sign in text[-MUCH:] for sign in DISK_FULL):
        return "the disk is full."
    last = text.rstrip().splitlines()[-lines:]
    return "\n".join([f"{log} ends with:", *(f"    {line}" for line in last)])
