"""The command line of the encoding station: `python3 -m encoding --help`."""

import argparse
import json
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from encoding import arguments, decode, jwks, keyfile, keystore, profiles, terminal
from encoding.bench import Bench, Table, VirtualTable
from encoding.content import CardContent, Kind
from encoding.decode import DecodedCard
from encoding.errors import EncodingFault, Unfit
from encoding.journal import Journal
from encoding.plan import RANDOM, encode
from encoding.portal import Portal, Stopped
from encoding.readers.card import Card, blank, random_uid
from encoding.readers.hand import card_in, obey
from encoding.readers.virtual import VirtualReader
from encoding.station import Station, report
from encoding.writer import Expect, write

PORTAL_TRIES = 6


def main(argv: list[str] | None = None) -> int:
    """Runs one command; 0 when it did what it says, 1 with one line on why it did not."""
    options = arguments.parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        _COMMANDS[options.run](options)
    except Stopped:
        return 0
    except (EncodingFault, OSError, ValueError) as fault:
        print(f"encoding: {fault}", file=sys.stderr)
        return 1
    return 0


def _virtual_reader(options: argparse.Namespace) -> None:
    reader = VirtualReader(None if options.hand else _card(options))
    _on_stop(reader.stop)
    print(reader.path, flush=True)
    if options.hand:
        threading.Thread(target=_follow_hand, args=(reader,), daemon=True).start()
    reader.serve()
    reader.close()


def _card(options: argparse.Namespace) -> Card:
    if options.card:
        uid = options.uid or (None if options.card.exists() else random_uid())
        return card_in(options.card, uid)
    uid = options.uid or random_uid()
    return Card(blank(uid), uid)


def _follow_hand(reader: VirtualReader) -> None:
    obey(sys.stdin, sys.stdout, reader)
    reader.stop()


def _station(options: argparse.Namespace) -> None:
    stopping = threading.Event()
    _on_stop(stopping.set)
    keys = keystore.station_keys(_keys_directory(options))
    token = options.token_file.read_text().strip()
    portal = Portal(options.portal, token, stopping, tries=PORTAL_TRIES)
    virtual = options.reader == "virtual"
    bench: Bench = VirtualTable(options.cards) if virtual else Table(options.reader)
    diary = Journal(options.journal)
    try:
        station = Station(
            options.name,
            portal=portal,
            bench=bench,
            keys=keys,
            diary=diary,
            open_reader=_hardware(),
            stopping=stopping,
        )
        if options.once:
            station.work_once()
        else:
            station.work()
    finally:
        bench.close()
        diary.close()


def _write(options: argparse.Namespace) -> None:
    keys = keystore.station_keys(_keys_directory(options))
    data = json.loads(options.content.read_text())
    content = CardContent.from_json(data, generation=options.generation)
    with _hardware()(options.reader) as reader:
        card = encode(
            content,
            uid=reader.select(),
            profile=profiles.load(options.profile),
            keys=keys,
            random=secrets.token_bytes(RANDOM),
        )
        written = write(reader, card, expect=Expect.OURS if options.again else Expect.BLANK)
    _show(report(written))


def _read(options: argparse.Namespace) -> None:
    keys = keystore.reading_keys(_keys_directory(options))
    with _hardware()(options.reader) as reader:
        image = terminal.read_card(reader, profiles.load(options.profile), keys)
    if options.out:
        options.out.write_bytes(image)
    _show(_said(_decoded(image, options)))


def _decode(options: argparse.Namespace) -> None:
    _show(_said(_decoded(options.file.read_bytes(), options)))


def _keyfile(options: argparse.Namespace) -> None:
    directory = _keys_directory(options)
    load = keystore.station_keys if options.with_write_keys else keystore.reading_keys
    profile = profiles.load(options.profile)
    dump = keyfile.build(profile, Kind(options.kind), options.uid, load(directory))
    descriptor = os.open(options.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(dump)


def _keys_new(options: argparse.Namespace) -> None:
    keystore.create(options.directory)


def _keys_jwks(options: argparse.Namespace) -> None:
    _show(keystore.public_keys(options.directory))


def _decoded(image: bytes, options: argparse.Namespace) -> DecodedCard:
    keys = jwks.parse(options.jwks.read_text()) if options.jwks else None
    return decode.decode(image, keys)


def _said(card: DecodedCard) -> dict[str, Any]:
    return {
        **card.content.to_json(),
        "generation": card.content.generation,
        "uid": card.attestation.uid.hex(),
        "profile": card.profile,
        "key_version": card.key_version,
        "shortened": card.shortened,
        "signed_by": card.attestation.key_id.hex(),
        "signature": "holds" if card.verified else "not checked (give --jwks)",
    }


def _show(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _hardware() -> Callable[[str], Any]:
    """The reader's class; nfcpy is asked for only by the commands that use it."""
    from encoding.readers.hardware import HardwareReader  # noqa: PLC0415

    return HardwareReader


def _keys_directory(options: argparse.Namespace) -> Path:
    directory = options.keys or os.environ.get("HMSKORT_CHIP_KEYS")
    if not directory:
        raise Unfit("no keys: give --keys DIR or set HMSKORT_CHIP_KEYS")
    return Path(directory)


def _on_stop(stop: Callable[[], None]) -> None:
    def stopped(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "virtual-reader": _virtual_reader,
    "station": _station,
    "write": _write,
    "read": _read,
    "decode": _decode,
    "keys new": _keys_new,
    "keys jwks": _keys_jwks,
    "keyfile": _keyfile,
}


if __name__ == "__main__":
    sys.exit(main())
