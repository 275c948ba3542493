"""How one value becomes the bytes of one field, and back. Profiles name these codecs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from encoding.content import EARLIEST_BIRTH, Kind, Sex
from encoding.errors import Unfit, Unreadable
from encoding.text import fit

_KIND_NUMBERS = MappingProxyType({Kind.CONSTRUCTION: 1, Kind.CLEANING: 2})


@dataclass(frozen=True)
class Codec:
    """pack(value, size): at most `size` bytes (the caller pads with 00), Unfit if it cannot.

    unpack(raw): the value, Unreadable if the bytes are none.
    """

    pack: Callable[[Any, int], bytes]
    unpack: Callable[[bytes], Any]


def _pack_text(value: str, size: int) -> bytes:
    encoded, _ = fit(value, size - 1)
    return bytes([len(encoded)]) + encoded


def _unpack_text(raw: bytes) -> str:
    length, rest = raw[0], raw[1:]
    if length > len(rest) or any(rest[length:]):
        raise Unreadable("text: its length byte and its padding disagree")
    return _unpack_utf8(rest[:length])


def _pack_utf8(value: str, size: int) -> bytes:
    return fit(value, size)[0]


def _unpack_utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unreadable("text: not UTF-8") from None


def _pack_digits(value: str, size: int) -> bytes:
    if not re.fullmatch("[0-9]+", value) or len(value) != size:
        raise Unfit(f"digits: {size} wanted")
    return value.encode("ascii")


def _unpack_digits(raw: bytes) -> str:
    if not re.fullmatch(b"[0-9]+", raw):
        raise Unreadable("digits: other characters among them")
    return raw.decode("ascii")


def _pack_date(value: date, size: int) -> bytes:
    """Four bytes BCD, YYYYMMDD."""
    if value < EARLIEST_BIRTH:
        raise Unfit("date: before 1900")
    return bytes.fromhex(f"{value:%Y%m%d}")


def _unpack_date(raw: bytes) -> date:
    try:
        value = date.fromisoformat(raw.hex())
    except ValueError:
        raise Unreadable(f"date: {raw.hex()} is none") from None
    if value < EARLIEST_BIRTH:
        raise Unreadable("date: before 1900")
    return value


def _pack_number(value: int, size: int) -> bytes:
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise Unfit(f"number: {value} does not fit in {size} bytes") from None


def _unpack_kind(raw: bytes) -> Kind:
    for kind, number in _KIND_NUMBERS.items():
        if number == raw[0]:
            return kind
    raise Unreadable(f"kind: {raw[0]} is none")


def _unpack_sex(raw: bytes) -> Sex:
    try:
        return Sex(raw.decode("ascii", "replace"))
    except ValueError:
        raise Unreadable("sex: none of M, K, U") from None


def _pack_bytes(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise Unfit(f"bytes: {size} wanted")
    return value


_BYTES = Codec(_pack_bytes, bytes)

CODECS: Mapping[str, Codec] = MappingProxyType(
    {
        "text": Codec(_pack_text, _unpack_text),
        "utf8": Codec(_pack_utf8, _unpack_utf8),
        "digits": Codec(_pack_digits, _unpack_digits),
        "date": Codec(_pack_date, _unpack_date),
        "number": Codec(_pack_number, lambda raw: int.from_bytes(raw, "big")),
        "kind": Codec(lambda kind, _: bytes([_KIND_NUMBERS[kind]]), _unpack_kind),
        "sex": Codec(lambda sex, _: sex.encode("ascii"), _unpack_sex),
        "bytes": _BYTES,
        "constant": _BYTES,
        "crc32": _BYTES,
    }
)
"""By the name a profile uses. `constant` and `crc32` get their value from `encoding.records`."""

TEXT_ROOM: Mapping[str, Callable[[int], int]] = MappingProxyType(
    {
        "text": lambda size: size - 1,
        "utf8": lambda size: size,
    }
)
"""For the codecs that may shorten: bytes of text that a field of that size has room for."""
