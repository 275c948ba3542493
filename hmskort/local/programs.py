"""What a program is to the supervisor: how to start it, see that it is ready, and stop it."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


def as_we_are() -> None:
    """Gives up no rights."""


def at_once() -> bool:
    """Ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Program:
    """One process (with whatever it starts) of the supervised tree.

    Programs stop in groups: the highest `rank` first, so servers outlive those that use them.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool] = at_once
    ready_within_s: float = 60.0
    stop_with: int = signal.SIGTERM
    stops_within_s: float = 5.0
    become: Callable[[], None] = as_we_are
    rank: int = 1
