"""A MIFARE Classic 4K card as a reader's radio sees it (NXP MF1S70yyX data sheet).

Crypto1 itself is not here: a PN532 does it and the host never sees it. Value-block commands
(increment, decrement, restore, transfer) are refused.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NoReturn

from encoding import access, geometry
from encoding.errors import Unreadable
from encoding.keys import TRANSPORT

ATQA_SHORT_UID = bytes.fromhex("0002")
ATQA_LONG_UID = bytes.fromhex("0042")
SAK = 0x18
WRITE_ONLY_B, NEVER, BOTH = "B", "", "AB"

_DATA_RIGHTS = {
    (0, 0, 0): (BOTH, BOTH),
    (0, 1, 0): (BOTH, NEVER),
    (1, 0, 0): (BOTH, WRITE_ONLY_B),
    (1, 1, 0): (BOTH, WRITE_ONLY_B),
    (0, 0, 1): (BOTH, NEVER),
    (0, 1, 1): ("B", WRITE_ONLY_B),
    (1, 0, 1): ("B", NEVER),
    (1, 1, 1): (NEVER, NEVER),
}
"""Condition of a data block -> the keys that may read it, the keys that may write it."""

_TRAILER_RIGHTS = {
    (0, 0, 0): ("A", "A", NEVER, "A", "A"),
    (0, 1, 0): (NEVER, "A", NEVER, "A", NEVER),
    (1, 0, 0): ("B", BOTH, NEVER, NEVER, "B"),
    (1, 1, 0): (NEVER, BOTH, NEVER, NEVER, NEVER),
    (0, 0, 1): ("A", "A", "A", "A", "A"),
    (0, 1, 1): ("B", BOTH, "B", NEVER, "B"),
    (1, 0, 1): (NEVER, BOTH, "B", NEVER, NEVER),
    (1, 1, 1): (NEVER, BOTH, NEVER, NEVER, NEVER),
}
"""Condition of a trailer -> who may write key A, read bits, write bits, read key B, write it."""


class Mute(Exception):  # what the radio hears
    """The card does not answer."""


class Refused(Exception):
    """The card answers with a NAK."""


class State(Enum):
    """Where the card is in its life under the field."""

    IDLE = "idle"
    HALTED = "halted"
    SELECTED = "selected"


class TearMode(StrEnum):
    """What a block holds when the field went away while it was written."""

    OLD = "old"
    NEW = "new"
    FIRST_HALF = "first half new"
    SECOND_HALF = "second half new"
    ZEROS = "zeros"
    ONES = "ones"
    GARBAGE = "garbage"


@dataclass
class Tear:
    """The card leaves the field during write number `at` (the first is 1)."""

    at: int
    mode: TearMode


def random_uid() -> bytes:
    """A 4-byte UID as NXP gives cards without a unique one: the first byte ends in F."""
    return bytes([secrets.randbelow(16) << 4 | 0x0F]) + secrets.token_bytes(3)


def blank(uid: bytes) -> bytes:
    """The 4096 bytes of a card as delivered: UID and check byte, transport keys, zeros."""
    image = bytearray(geometry.IMAGE)
    check = bytes([uid[0] ^ uid[1] ^ uid[2] ^ uid[3]]) if len(uid) == 4 else b""
    atqa = ATQA_SHORT_UID if len(uid) == 4 else ATQA_LONG_UID
    block0 = (uid + check + bytes([SAK]) + atqa[::-1]).ljust(geometry.BLOCK, b"\0")
    image[: geometry.BLOCK] = block0
    transport = access.trailer(TRANSPORT, access.TRANSPORT, 0x69, TRANSPORT)
    for sector in range(geometry.SECTORS):
        place = geometry.trailer_block(sector) * geometry.BLOCK
        image[place : place + geometry.BLOCK] = transport
    return bytes(image)


class Card:
    """One card and its memory.

    kept: called with block number and content after each change of the memory.
    """

    def __init__(
        self,
        image: bytes,
        uid: bytes,
        kept: Callable[[int, bytes], object] | None = None,
    ) -> None:
        self.memory = bytearray(image)
        self.uid = uid
        self.state = State.IDLE
        self.in_field = True
        self.tear: Tear | None = None
        self.writes = 0
        self._kept = kept
        self._open: tuple[int, str] | None = None

    @property
    def atqa(self) -> bytes:
        """The answer to request, high byte first."""
        return ATQA_SHORT_UID if len(self.uid) == 4 else ATQA_LONG_UID

    def power_off(self) -> None:
        """The field is gone: the card forgets all but its memory."""
        self.state, self._open = State.IDLE, None

    def select(self) -> None:
        """The card is selected; an earlier authentication is forgotten."""
        self._open = None
        self.state = State.SELECTED

    def halt(self) -> None:
        """The card answers nothing until it is woken up."""
        self.state, self._open = State.HALTED, None

    def authenticate(self, block: int, letter: str, key: bytes, uid: bytes) -> None:
        """The sector is open. Raises Refused for a wrong key, Mute for a blocked sector."""
        self._must_be_selected()
        sector = geometry.sector_of(block)
        trailer = geometry.block_of(self.memory, geometry.trailer_block(sector))
        if self._conditions(sector) is None:
            self._fail(Mute)
        true_key = trailer[:6] if letter == "A" else trailer[10:]
        if uid != self.uid[-4:] or key != true_key:
            self._fail(Refused)
        self._open = sector, letter

    def read(self, block: int) -> bytes:
        """The block's 16 bytes, keys masked as the access bits say."""
        conditions, letter = self._opened(block)
        condition = conditions[geometry.access_group(block)]
        content = geometry.block_of(self.memory, block)
        if not _is_trailer(block):
            if letter not in _DATA_RIGHTS[condition][0]:
                self._fail(Refused)
            return content
        _, read_bits, _, read_b, _ = _TRAILER_RIGHTS[condition]
        bits = content[6:10] if letter in read_bits else bytes(4)
        return bytes(6) + bits + (content[10:] if letter in read_b else bytes(6))

    def write(self, block: int, content: bytes) -> None:
        """The block holds `content`, as far as the access bits let it."""
        conditions, letter = self._opened(block)
        condition = conditions[geometry.access_group(block)]
        if _is_trailer(block):
            self._store(block, self._new_trailer(block, content, condition, letter))
        elif block == 0 or letter not in _DATA_RIGHTS[condition][1]:
            self._fail(Refused)
        else:
            self._store(block, content)

    def _new_trailer(
        self, block: int, content: bytes, condition: access.Condition, letter: str
    ) -> bytes:
        """The trailer after a write: each part changes only if this key may change it."""
        rights = _TRAILER_RIGHTS[condition]
        may_a, may_bits, may_b = (letter in rights[n] for n in (0, 2, 4))
        if not (may_a or may_bits or may_b):
            self._fail(Refused)
        old = geometry.block_of(self.memory, block)
        return (
            (content if may_a else old)[:6]
            + (content if may_bits else old)[6:10]
            + (content if may_b else old)[10:]
        )

    def _store(self, block: int, content: bytes) -> None:
        self.writes += 1
        torn = self.tear is not None and self.tear.at == self.writes
        if torn and self.tear is not None:
            content = _torn(geometry.block_of(self.memory, block), content, self.tear.mode)
        self.memory[block * geometry.BLOCK : (block + 1) * geometry.BLOCK] = content
        if self._kept:
            self._kept(block, content)
        if torn:
            self.in_field = False
            self.power_off()
            raise Mute

    def _opened(self, block: int) -> tuple[tuple[access.Condition, ...], str]:
        """Conditions and key letter of the open sector; the block must lie in it.

        A key B that can be read opens the sector, but then is refused everything.
        """
        self._must_be_selected()
        if self._open is None or self._open[0] != geometry.sector_of(block):
            self._fail(Refused)
        sector, letter = self._open
        conditions = self._conditions(sector)
        if conditions is None:
            self._fail(Mute)
        if letter == "B" and _TRAILER_RIGHTS[conditions[3]][3]:
            self._fail(Refused)
        return conditions, letter

    def _conditions(self, sector: int) -> tuple[access.Condition, ...] | None:
        trailer = geometry.block_of(self.memory, geometry.trailer_block(sector))
        try:
            return access.unpack(trailer[6:9])
        except Unreadable:
            return None

    def _must_be_selected(self) -> None:
        if not self.in_field or self.state is not State.SELECTED:
            raise Mute

    def _fail(self, answer: type[Mute] | type[Refused]) -> NoReturn:
        """Any error throws the card back to idle."""
        self.power_off()
        raise answer


def _is_trailer(block: int) -> bool:
    return block == geometry.trailer_block(geometry.sector_of(block))


def _torn(old: bytes, new: bytes, mode: TearMode) -> bytes:
    half = geometry.BLOCK // 2
    return {
        TearMode.OLD: old,
        TearMode.NEW: new,
        TearMode.FIRST_HALF: new[:half] + old[half:],
        TearMode.SECOND_HALF: old[:half] + new[half:],
        TearMode.ZEROS: bytes(geometry.BLOCK),
        TearMode.ONES: b"\xff" * geometry.BLOCK,
        TearMode.GARBAGE: secrets.token_bytes(geometry.BLOCK),
    }[mode]
