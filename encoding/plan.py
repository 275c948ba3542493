"""What is to be written on one card, block by block, before anything is written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from encoding import access, attestation, geometry, mad, records
from encoding.attestation import Attestation
from encoding.content import CardContent
from encoding.keys import Key, StationKeys
from encoding.profiles import Profile, Record

SHORTENED = 0x01
"""Flag in the public record: a text had to be cut."""
RANDOM = 8
"""Bytes of chance in a personal record, so that its digest confirms no guess at the person."""


@dataclass(frozen=True, kw_only=True)
class SectorPlan:
    """One sector: its keys, the trailer's fourth access byte, and the blocks in writing order."""

    number: int
    key_a: Key
    key_b: Key
    user_byte: int
    blocks: tuple[tuple[int, bytes], ...]

    def trailer(self) -> bytes:
        """The trailer to write, keys and all."""
        return access.trailer(
            self.key_a.reveal(), access.ISSUED, self.user_byte, self.key_b.reveal()
        )

    def trailer_as_read(self) -> bytes:
        """The trailer as the card answers it: keys read as zeros."""
        return access.trailer(bytes(6), access.ISSUED, self.user_byte, bytes(6))


@dataclass(frozen=True, kw_only=True)
class CardPlan:
    """All sectors in writing order; the last block of the last one makes the card valid."""

    profile: Profile
    uid: bytes
    generation: int
    key_version: int
    sectors: tuple[SectorPlan, ...]
    attestation: Attestation

    @property
    def commit_block(self) -> int:
        """The block that is written last of all."""
        return self.sectors[-1].blocks[-1][0]

    def image_as_read(self) -> bytes:
        """The 4096 bytes that a reader gets back; blocks that are not ours are zeros."""
        return assemble(
            self.uid,
            {
                number: block
                for sector in self.sectors
                for number, block in (
                    *sector.blocks,
                    (geometry.trailer_block(sector.number), sector.trailer_as_read()),
                )
            },
        )

    def digest(self) -> str:
        """SHA-256 of `image_as_read`, in hex; equal to the digest of a correct read-back."""
        return hashlib.sha256(self.image_as_read()).hexdigest()


def encode(
    content: CardContent, *, uid: bytes, profile: Profile, keys: StationKeys, random: bytes
) -> CardPlan:
    """The plan for this content on the card with this UID (4 or 7 bytes).

    random: RANDOM bytes from the system's generator; the same bytes give the same plan again,
    which is how a job goes on after a crash. Raises Unfit, naming the field.
    """
    if len(uid) not in {4, 7}:
        raise ValueError("uid: 4 or 7 bytes")
    personal = profile.personal[content.kind]
    values: dict[str, Any] = {
        **vars(content),
        "profile_version": profile.version,
        "key_version": keys.version,
        "flags": SHORTENED if records.shortened(personal, vars(content)) else 0,
        "random": random,
    }
    personal_record = records.pack(personal, values)
    public_record = records.pack(
        profile.public, {**values, "personal_length": len(personal_record)}
    )
    signed = attestation.sign(
        keys.signing, uid=uid, public_record=public_record, personal_record=personal_record
    )
    commit_record = records.pack(profile.commit, {**values, **vars(signed)})
    written = (
        (profile.public, public_record),
        (personal, personal_record),
        (profile.commit, commit_record),
    )
    return CardPlan(
        profile=profile,
        uid=uid,
        generation=content.generation,
        key_version=keys.version,
        sectors=(
            *_directories(profile, profile.sectors_used(content.kind), uid, keys),
            *(
                sector
                for record, raw in written
                for sector in _sectors(record, raw, uid, keys, commit=record is profile.commit)
            ),
        ),
        attestation=signed,
    )


def assemble(uid: bytes, blocks: dict[int, bytes]) -> bytes:
    """An image of the blocks that are known; block 0 holds the UID (and its check byte)."""
    image = bytearray(geometry.IMAGE)
    for number, block in {0: manufacturer_block(uid), **blocks}.items():
        image[number * geometry.BLOCK : (number + 1) * geometry.BLOCK] = block
    return bytes(image)


def manufacturer_block(uid: bytes) -> bytes:
    """As much of block 0 as the UID tells: a 4-byte UID is followed by the xor of its bytes."""
    check = bytes([uid[0] ^ uid[1] ^ uid[2] ^ uid[3]]) if len(uid) == 4 else b""
    return (uid + check).ljust(geometry.BLOCK, b"\0")


def _directories(
    profile: Profile, used: tuple[int, ...], uid: bytes, keys: StationKeys
) -> Iterator[SectorPlan]:
    aids = dict.fromkeys(used, profile.aid)
    publisher = profile.public.sectors[0]
    for sector, numbers, sectors, user_byte in (
        (mad.MAD2_SECTOR, mad.MAD2_BLOCKS, mad.MAD2_SECTORS, mad.USER_BYTE_MAD2),
        (mad.MAD1_SECTOR, mad.MAD1_BLOCKS, mad.MAD1_SECTORS, mad.USER_BYTE_MAD1),
    ):
        blocks = _blocks(mad.build(aids, sectors, publisher))
        yield SectorPlan(
            number=sector,
            key_a=keys.key_a(uid, sector, "anyone"),
            key_b=keys.key_b(uid, sector),
            user_byte=user_byte,
            blocks=tuple(zip(numbers, blocks, strict=True)),
        )


def _sectors(
    record: Record, raw: bytes, uid: bytes, keys: StationKeys, *, commit: bool
) -> Iterator[SectorPlan]:
    """A record's sectors; the commit's first block comes last."""
    blocks = iter(_blocks(raw.ljust(record.capacity, b"\0")))
    for sector in record.sectors:
        filled = [(number, next(blocks)) for number in record.block_numbers(sector)]
        if commit:
            filled = [*filled[1:], filled[0]]
        yield SectorPlan(
            number=sector,
            key_a=keys.key_a(uid, sector, record.readable_by),
            key_b=keys.key_b(uid, sector),
            user_byte=mad.USER_BYTE,
            blocks=tuple(filled),
        )


def _blocks(raw: bytes) -> list[bytes]:
    return [raw[place : place + geometry.BLOCK] for place in range(0, len(raw), geometry.BLOCK)]
