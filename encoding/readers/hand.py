"""The hand that lays cards on the virtual reader: cards are files, commands are lines.

`lay <uid> <file>` lays the card in the file (a blank one with that UID if there is none),
`lift` takes it away; each is answered with `ok` or `no <reason>`. What is written on a card is in
its file at once, as it would be in its EEPROM.
"""

import os
from pathlib import Path
from typing import TextIO

from encoding import geometry
from encoding.decode import uid_of
from encoding.readers.card import Card, blank
from encoding.readers.virtual import VirtualReader


def card_in(path: Path, uid: bytes | None) -> Card:
    """The card kept in a file, made blank if the file is missing.

    Raises ValueError if the file is no card, or one with another UID; OSError.
    """
    if not path.exists():
        if uid is None:
            raise ValueError("a blank card needs a UID")
        _create(path, blank(uid))
    image = path.read_bytes()
    if len(image) != geometry.IMAGE:
        raise ValueError(f"{path}: {len(image)} bytes, a card has {geometry.IMAGE}")
    if uid not in {None, uid_of(image)}:
        raise ValueError(f"{path}: its UID is {uid_of(image).hex()}")
    return Card(image, uid_of(image), kept=lambda block, content: _keep(path, block, content))


def obey(commands: TextIO, answers: TextIO, reader: VirtualReader) -> None:
    """Moves cards as the lines say, until their end."""
    for line in commands:
        try:
            _move(line.split(maxsplit=2), reader)
        except (ValueError, OSError) as wrong:
            answers.write(f"no {wrong}\n")
        else:
            answers.write("ok\n")
        answers.flush()


def _move(words: list[str], reader: VirtualReader) -> None:
    match words:
        case ["lay", uid, path]:
            reader.lay(card_in(Path(path.strip()), bytes.fromhex(uid)))
        case ["lift"]:
            reader.lay(None)
        case _:
            raise ValueError("commands: lay <uid> <file>, lift")


def _create(path: Path, image: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(image)


def _keep(path: Path, block: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(block * geometry.BLOCK)
        file.write(content)
