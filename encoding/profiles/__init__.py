"""Layouts as data: which field stands where. A new layout is a new JSON file, not new code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Self

from encoding import geometry, mad
from encoding.codecs import CODECS
from encoding.content import Kind
from encoding.errors import Unfit

_RESERVED = {mad.MAD1_SECTOR, mad.MAD2_SECTOR}


@dataclass(frozen=True, kw_only=True)
class Field:
    """`size` bytes from a place in a sector; longer fields run on into the next data blocks."""

    name: str
    sector: int
    block: int
    offset: int
    size: int
    codec: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Tag:
    """One tag-length-value entry; the value takes at most `size` bytes."""

    name: str
    tag: int
    size: int
    codec: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """Blocks that are written and read together: fixed fields, or tags one after another.

    blocks: how many data blocks of each sector are used; 0 for all.
    readable_by: "anyone" (the public directory key) or "reading key" (one of the card's own).
    """

    sectors: tuple[int, ...]
    readable_by: str
    blocks: int = 0
    fields: tuple[Field, ...] = ()
    tags: tuple[Tag, ...] = ()

    def block_numbers(self, sector: int) -> range:
        """The absolute numbers of the blocks this record uses in one of its sectors."""
        whole = geometry.data_blocks(sector)
        return whole[: self.blocks] if self.blocks else whole

    @property
    def parts(self) -> tuple[Field | Tag, ...]:
        """The fields, or the tags."""
        return (*self.fields, *self.tags)

    @property
    def capacity(self) -> int:
        """Bytes of the record."""
        return sum(len(self.block_numbers(sector)) for sector in self.sectors) * geometry.BLOCK

    def position(self, field: Field) -> int:
        """Where the field begins within the record's bytes."""
        before = self.sectors[: self.sectors.index(field.sector)]
        blocks = sum(len(self.block_numbers(sector)) for sector in before) + field.block
        return blocks * geometry.BLOCK + field.offset


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One layout: a public record, one personal record for each kind, and the commit."""

    name: str
    version: int
    aid: int
    public: Record
    personal: Mapping[Kind, Record]
    commit: Record

    def sectors_used(self, kind: Kind) -> tuple[int, ...]:
        """The sectors of all records of such a card, the directories not among them."""
        return (*self.public.sectors, *self.personal[kind].sectors, *self.commit.sectors)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The profile in a JSON text, checked. Raises Unfit, naming record and field."""
        data = json.loads(text)
        profile = cls(
            name=data["name"],
            version=data["version"],
            aid=int(data["aid"], 16),
            public=_record(data["public"]),
            personal={Kind(kind): _record(part) for kind, part in data["personal"].items()},
            commit=_record(data["commit"]),
        )
        for kind in profile.personal:
            _check_sectors(profile.sectors_used(kind))
        for record in (profile.public, profile.commit, *profile.personal.values()):
            _check_fields(record)
        return profile


@cache
def load(name: str) -> Profile:
    """The shipped profile of that name. Raises Unfit if there is none."""
    if name not in names():
        raise Unfit(f"no profile {name!r}; known: {', '.join(names())}")
    return Profile.from_json((resources.files(__name__) / f"{name}.json").read_text("utf-8"))


def names() -> tuple[str, ...]:
    """The profiles that are shipped."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files if name.endswith(".json")))


def _record(data: dict[str, Any]) -> Record:
    return Record(
        sectors=tuple(data["sectors"]),
        readable_by=data["readable_by"],
        blocks=data.get("blocks", 0),
        fields=tuple(Field(**field) for field in data.get("fields", ())),
        tags=tuple(Tag(**tag) for tag in data.get("tags", ())),
    )


def _check_sectors(sectors: tuple[int, ...]) -> None:
    if len(set(sectors)) != len(sectors) or _RESERVED & set(sectors):
        raise Unfit(f"sectors {sectors}: shared by two records, or the directory's own")
    if any(sector not in range(1, geometry.SECTORS) for sector in sectors):
        raise Unfit(f"sectors {sectors}: not all on a 4K card")


def _check_fields(record: Record) -> None:
    taken = bytearray(record.capacity)
    for field in record.fields:
        start = record.position(field)
        place = slice(start, start + field.size)
        if len(taken[place]) != field.size or any(taken[place]):
            raise Unfit(f"{field.name}: outside its record, or on top of another field")
        taken[place] = b"\1" * field.size
    for part in record.parts:
        if part.codec not in CODECS:
            raise Unfit(f"{part.name}: no codec {part.codec!r}")
    if sum(2 + tag.size for tag in record.tags) > record.capacity:
        raise Unfit(f"tags take more than {record.capacity} bytes")
