"""A record's values to its bytes and back, walking the profile's table in both directions."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from encoding.codecs import CODECS, TEXT_ROOM
from encoding.errors import EncodingFault, Unreadable
from encoding.profiles import Field, Record, Tag
from encoding.text import fit


def pack(record: Record, values: Mapping[str, Any]) -> bytes:
    """The record's bytes: the whole capacity for fields, just the entries for tags."""
    if record.tags:
        return b"".join(_pack_tag(tag, values[tag.name]) for tag in record.tags)
    raw = bytearray(record.capacity)
    for field, start in _placed(record):
        with _named(field.name):
            packed = CODECS[field.codec].pack(_value(field, values, bytes(raw[:start])), field.size)
        raw[start : start + len(packed)] = packed
    return bytes(raw)


def unpack(record: Record, raw: bytes) -> dict[str, Any]:
    """The values in the record's bytes. Raises Unreadable, naming the field."""
    if record.tags:
        return _unpack_tags(record, raw)
    values: dict[str, Any] = {}
    for field, start in _placed(record):
        with _named(field.name):
            values[field.name] = CODECS[field.codec].unpack(raw[start : start + field.size])
            _check(field, values[field.name], raw[:start])
    if any(raw[place] for place in _unused(record)):
        raise Unreadable("unused bytes: not all zero")
    return values


def shortened(record: Record, values: Mapping[str, Any]) -> bool:
    """Whether any text of the record has to be cut."""
    texts = (part for part in record.parts if part.codec in TEXT_ROOM)
    return any(fit(values[part.name], TEXT_ROOM[part.codec](part.size))[1] for part in texts)


def _value(field: Field, values: Mapping[str, Any], before: bytes) -> Any:
    match field.codec:
        case "constant":
            return field.value.encode("ascii")
        case "crc32":
            return zlib.crc32(before).to_bytes(4, "big")
        case _:
            return values[field.name]


def _check(field: Field, value: Any, before: bytes) -> None:
    if field.codec in {"constant", "crc32"} and value != _value(field, {}, before):
        raise Unreadable("not what it must be")


def _unused(record: Record) -> set[int]:
    """Places in the record's bytes that belong to no field."""
    used = (range(start, start + field.size) for field, start in _placed(record))
    return set(range(record.capacity)).difference(*used)


def _placed(record: Record) -> Iterator[tuple[Field, int]]:
    return ((field, record.position(field)) for field in record.fields)


def _pack_tag(tag: Tag, value: Any) -> bytes:
    with _named(tag.name):
        packed = CODECS[tag.codec].pack(value, tag.size)
    return bytes([tag.tag, len(packed)]) + packed


def _unpack_tags(record: Record, raw: bytes) -> dict[str, Any]:
    """The known tags' values; a tag twice, missing or cut off is Unreadable."""
    entries = list(_entries(raw))
    found = dict(entries)
    known = {tag.tag: tag for tag in record.tags}
    if len(found) != len(entries) or set(found) != set(known):
        raise Unreadable("tags: one is missing, unknown or there twice")
    values = {}
    for number, tag in known.items():
        with _named(tag.name):
            values[tag.name] = CODECS[tag.codec].unpack(found[number])
    return values


def _entries(raw: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(raw):
        value = raw[place + 2 : place + 2 + raw[place + 1]] if place + 1 < len(raw) else b""
        if place + 1 >= len(raw) or len(value) != raw[place + 1]:
            raise Unreadable("tags: the last one is cut off")
        yield raw[place], value
        place += 2 + len(value)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Puts the field's name before the complaint of its codec."""
    try:
        yield
    except EncodingFault as fault:
        raise type(fault)(f"{name}: {fault}") from None
