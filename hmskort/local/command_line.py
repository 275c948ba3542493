"""The commands of `python3 -m hmskort`, and how trouble is told."""

import argparse
import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hmskort.local import process_tree
from hmskort.local.places import VAR
from hmskort.local.terminal import Trouble, disk_or_permission, warn

OLDEST_PYTHON = (3, 11)
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command that was asked for."""
    if sys.version_info < OLDEST_PYTHON or sys.platform != "linux":
        warn("This needs Linux and Python 3.11 or newer.")
        return 2
    options, rest = _parser().parse_known_args(arguments)
    options.rest = rest
    return process_tree.guarded(lambda: _told(options.run, options))


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Trouble is one line, and an interrupt is no error to explain."""
    process_tree.interruptible()
    try:
        return run(options)
    except Trouble as trouble:
        warn(f"\n{trouble}")
    except KeyboardInterrupt as interrupt:
        return 128 + int(interrupt.args[0]) if interrupt.args else 130
    except OSError as error:
        if error.errno in DISK_FULL:
            warn("\nThe disk is full.")
        elif isinstance(error, PermissionError):
            warn(f"\nThis user has no right to do that: {disk_or_permission(error)}")
        else:
            raise
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m hmskort",
        description="The HMS-kort portal: start it, test it, check it.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(run=run)
        return sub

    up = command("up", _up, "Start everything, then the portal on http://localhost:8000.")
    up.add_argument("--port", type=int, default=8000, help="of the portal (8000)")
    up.add_argument("--simulators-port", type=int, help="of the simulated outside world (port + 1)")
    up.add_argument(
        "--data", type=Path, default=VAR, metavar="DIR", help="where data is kept (var/)"
    )
    up.add_argument("--no-station", action="store_true", help="start no encoding station")
    command("test", _test, "Run all tests, or those that pytest's own arguments name.")
    return parser


def _up(options: argparse.Namespace) -> int:
    from hmskort.local import up  # noqa: PLC0415

    return up.run(options)


def _test(options: argparse.Namespace) -> int:
    from hmskort.local import testing  # noqa: PLC0415

    return testing.run(options.rest)
