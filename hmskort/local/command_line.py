"""The commands of `python3 -m hmskort`, and how trouble is told."""

import argparse
import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from hmskort.local import checks, features, portal_commands, process_tree, testing, up
from hmskort.local.places import VAR, Places
from hmskort.local.terminal import Trouble, warn

OLDEST_PYTHON = (3, 11)
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command that was asked for."""
    if sys.version_info < OLDEST_PYTHON or sys.platform != "linux":
        warn("This needs Linux and Python 3.11 or newer.")
        return 2
    options = _understood(arguments)
    return process_tree.guarded(lambda: _told(options.run, options))


def _told(run: Run, options: argparse.Namespace) -> int:
    """The exit code; trouble is one line, and an interrupt is no error to explain."""
    process_tree.interruptible()
    try:
        return run(options)
    except Trouble as trouble:
        warn(f"\n{trouble}")
    except KeyboardInterrupt as interrupt:
        return 128 + int(interrupt.args[0])
    except OSError as error:
        warn(f"\n{_line(error)}")
    return 1


def _line(error: OSError) -> str:
    if error.errno in DISK_FULL:
        return "The disk is full."
    if error.filename is None:
        raise error
    return f"{error.filename} cannot be used: {error.strerror}."


def _understood(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options; what a command hands on to another program is in `rest`."""
    parser = argparse.ArgumentParser(
        prog="python3 -m hmskort",
        description="The HMS-kort portal: start it, test it, check it.",
        epilog="`COMMAND --help` tells what a command takes.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_portal_commands(commands)
    _add_developer_commands(commands)
    options, rest = parser.parse_known_args(arguments)
    if rest and "rest" not in options:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


class Commands(Protocol):
    """What argparse gives for adding commands to."""

    def add_parser(self, name: str, **how: Any) -> argparse.ArgumentParser: ...


def _command(commands: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _takes_data(parser: argparse.ArgumentParser) -> None:
    where = "folder of the portal's data (default: var/)"
    parser.add_argument("--data", type=Path, default=VAR, metavar="DIR", help=where)


def _add_portal_commands(commands: Commands) -> None:
    starts = _command(commands, "up", up.run, "Start everything, then the portal.")
    starts.add_argument("--port", type=int, default=8000, help="of the portal (default: 8000)")
    simulators = "of the simulated outside world (default: the portal's plus one)"
    starts.add_argument("--simulators-port", type=int, metavar="PORT", help=simulators)
    starts.add_argument("--no-station", action="store_true", help="without the encoding station")
    _takes_data(starts)

    walks = _command(
        commands,
        "road",
        lambda options: portal_commands.road(Places(options.data.resolve()), options.rest),
        "Walk the whole road of a card over HTTP, in the portal that runs or in one of its own. "
        "Takes --photo FILE, --id FILE, --signature FILE, --dump FILE.",
    )
    _takes_data(walks)
    walks.set_defaults(rest=())

    manages = _command(
        commands,
        "manage",
        lambda options: portal_commands.manage(Places(options.data.resolve()), options.rest),
        "One of Django's commands on the portal's data, with its arguments.",
    )
    _takes_data(manages)
    manages.set_defaults(rest=())


def _add_developer_commands(commands: Commands) -> None:
    tests = _command(
        commands,
        "test",
        lambda options: testing.run(options.rest),
        "Run all tests, or those that pytest's own arguments name, on throw-away servers.",
    )
    tests.set_defaults(rest=())

    looks = _command(
        commands, "check", lambda options: checks.run(options.name), "Look at the code."
    )
    looks.add_argument("name", nargs="*", help=f"only these: {', '.join(checks.names())}")

    lists = _command(
        commands,
        "features",
        lambda options: features.run(as_json=options.json),
        "Print each row of the feature list with its tests.",
    )
    lists.add_argument("--json", action="store_true", help="as JSON: id to list of tests")

    writes = _command(
        commands,
        "messages",
        lambda options: portal_commands.messages(options.file),
        "Write all texts into the catalogues of locale/, and tell which lack a translation.",
    )
    merged = "catalogues to take translations from, e.g. from-a-translator/en/django.po"
    writes.add_argument("file", nargs="*", help=merged)

    measures = _command(
        commands,
        "bench",
        lambda options: portal_commands.bench(options.name, options.rest),
        "Run one measurement of bench/, with its arguments.",
    )
    measures.add_argument("name")
    measures.set_defaults(rest=())
