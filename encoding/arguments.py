"""What the commands of `python3 -m encoding` are told on the command line."""

import argparse
import socket
from pathlib import Path
from typing import Any

from encoding import profiles
from encoding.content import Kind


def parser() -> argparse.ArgumentParser:
    """The parser; each command leaves its name in `run`."""
    top = argparse.ArgumentParser(
        prog="python3 -m encoding",
        description="Writes and reads the chip of HMS cards (MIFARE Classic 4K, through nfcpy).",
        epilog="A reader is a serial terminal (/dev/ttyUSB0, or what virtual-reader prints) or "
        "an nfcpy USB path (usb:072f:2200).",
    )
    commands = top.add_subparsers(required=True, metavar="command")
    _add_virtual_reader(commands)
    _add_station(commands)
    _add_card_commands(commands)
    _add_key_commands(commands)
    return top


def _add_virtual_reader(commands: Any) -> None:
    command = commands.add_parser(
        "virtual-reader",
        help="a PN532 with a 4K card on a pseudo-terminal, for any program that speaks PN532",
        description="Prints the path of its terminal on the first line and serves until SIGTERM "
        "or Ctrl-C. With --card, every write is in the file at once.",
    )
    command.add_argument(
        "--card",
        type=Path,
        metavar="FILE",
        help="the card's 4096-byte image; "
        "made blank if missing; without it the card lives in memory only",
    )
    command.add_argument(
        "--uid", type=_uid, metavar="HEX", help="UID of a new card, 4 or 7 bytes (default: random)"
    )
    command.add_argument(
        "--hand",
        action="store_true",
        help="start without a card and take "
        "'lay <uid> <file>' and 'lift' from standard input, until its end",
    )
    command.set_defaults(run="virtual-reader")


def _add_station(commands: Any) -> None:
    command = commands.add_parser(
        "station",
        help="takes chip jobs from the portal, writes the cards, reports",
        description="Works until SIGTERM or Ctrl-C (a card begun is finished first). A job that "
        "was interrupted, even by kill -9, goes on with the same card when the station is back.",
    )
    command.add_argument("--portal", required=True, metavar="URL")
    command.add_argument("--token-file", required=True, type=Path, metavar="FILE")
    command.add_argument(
        "--reader",
        required=True,
        metavar="PATH|virtual",
        help="'virtual': a reader of its own with a stack of blank cards",
    )
    command.add_argument(
        "--cards",
        type=Path,
        default=Path("var/cards"),
        metavar="DIR",
        help="where the virtual cards lie: <card number>.mfd when finished, "
        "<uid>.mfd before (default: %(default)s)",
    )
    command.add_argument(
        "--journal",
        type=Path,
        default=Path("var/station.sqlite3"),
        metavar="FILE",
        help="default: %(default)s",
    )
    command.add_argument("--name", default=socket.gethostname(), help="default: this host's name")
    command.add_argument("--once", action="store_true", help="at most one job, then end")
    _keys(command)
    command.set_defaults(run="station")


def _add_card_commands(commands: Any) -> None:
    command = commands.add_parser("write", help="write one card from a JSON file of its content")
    _reader(command)
    _keys(command)
    command.add_argument(
        "content",
        type=Path,
        metavar="CONTENT.json",
        help="kind, card_number, "
        "given_names, surname, birth_date, sex, orgnr, org_name, issued_on, "
        "expires_on",
    )
    command.add_argument("--generation", type=int, default=1)
    command.add_argument(
        "--again",
        action="store_true",
        help="the card may carry our keys already: re-encode it, or go on after an interruption",
    )
    command.set_defaults(run="write")

    command = commands.add_parser("read", help="read and check the card on a reader")
    _reader(command)
    _keys(command)
    _jwks(command)
    command.add_argument("--out", type=Path, metavar="FILE", help="also keep the 4096-byte image")
    command.set_defaults(run="read")

    command = commands.add_parser("decode", help="check a 4096-byte image and say what it holds")
    command.add_argument("file", type=Path, metavar="FILE")
    _jwks(command)
    command.set_defaults(run="decode")


def _add_key_commands(commands: Any) -> None:
    command = commands.add_parser("keys", help="make keys, or show the public ones")
    actions = command.add_subparsers(required=True, metavar="action")
    new = actions.add_parser("new", help="a directory with new masters and a new signing key")
    new.add_argument("directory", type=Path, metavar="DIR")
    new.set_defaults(run="keys new")
    public = actions.add_parser("jwks", help="the public signing keys, as a JSON Web Key Set")
    public.add_argument("directory", type=Path, metavar="DIR")
    public.set_defaults(run="keys jwks")

    command = commands.add_parser("keyfile", help="the key dump that nfc-mfclassic reads with")
    command.add_argument("--uid", required=True, type=_uid, metavar="HEX")
    command.add_argument("--kind", choices=[*Kind], default=Kind.CONSTRUCTION)
    command.add_argument("--out", required=True, type=Path, metavar="FILE")
    command.add_argument("--profile", default="reference-1", choices=profiles.names())
    command.add_argument(
        "--with-write-keys",
        action="store_true",
        help="keys B as well: such a file can overwrite the card",
    )
    _keys(command)
    command.set_defaults(run="keyfile")


def _reader(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reader", required=True, metavar="PATH")
    command.add_argument("--profile", default="reference-1", choices=profiles.names())


def _keys(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--keys", type=Path, metavar="DIR", help="the keys directory (default: HMSKORT_CHIP_KEYS)"
    )


def _jwks(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jwks", type=Path, metavar="FILE", help="check the signature by these")


def _uid(text: str) -> bytes:
    uid = bytes.fromhex(text)
    if len(uid) not in {4, 7}:
        raise ValueError
    return uid
