"""What a card says, from the 4096 bytes read off it; nothing half-written is believed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from encoding import access, geometry, mad, profiles, records
from encoding.attestation import Attestation
from encoding.content import CardContent
from encoding.errors import Unreadable
from encoding.plan import SHORTENED
from encoding.profiles import Profile, Record

_CONTENT = frozenset(CardContent.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True)
class DecodedCard:
    """A complete card. `verified`: its signature was checked, not only found."""

    content: CardContent
    profile: str
    key_version: int
    shortened: bool
    attestation: Attestation
    verified: bool


def decode(
    image: bytes,
    keys: Mapping[bytes, Ed25519PublicKey] | None = None,
    *,
    uid: bytes | None = None,
    known: tuple[Profile, ...] | None = None,
) -> DecodedCard:
    """The card in an image, complete and consistent, its signature checked if `keys` are given.

    image: 4096 bytes; the key fields of trailers may be zeros. uid: as the reader selected it;
    without it, read from block 0. known: profiles to consider, by default those shipped.
    Raises Unreadable, saying which part does not hold.
    """
    if len(image) != geometry.IMAGE:
        raise Unreadable(f"image: {len(image)} bytes, not {geometry.IMAGE}")
    profile = _profile(image, known or tuple(map(profiles.load, profiles.names())))
    public = records.unpack(profile.public, raw(image, profile.public))
    personal = profile.personal[public["kind"]]
    _check_directory(image, profile, profile.sectors_used(public["kind"]))
    commit = records.unpack(profile.commit, raw(image, profile.commit))
    whole = raw(image, personal)
    personal_record, rest = whole[: public["personal_length"]], whole[public["personal_length"] :]
    if any(rest):
        raise Unreadable("personal record: unused bytes are not all zero")
    if hashlib.sha256(personal_record).digest() != commit["personal_digest"]:
        raise Unreadable("personal record: not the one that was signed")
    values = records.unpack(personal, personal_record)
    _check_agreement(public, values, commit)
    attestation = Attestation(
        uid=uid or uid_of(image),
        public_record=raw(image, profile.public),
        **{name: commit[name] for name in ("personal_digest", "key_id", "signature")},
    )
    if keys is not None:
        attestation.verify(keys)
    merged = {**public, **values}
    return DecodedCard(
        content=CardContent(**{name: merged[name] for name in _CONTENT}),
        profile=profile.name,
        key_version=public["key_version"],
        shortened=bool(public["flags"] & SHORTENED),
        attestation=attestation,
        verified=keys is not None,
    )


def raw(image: bytes, record: Record) -> bytes:
    """The record's bytes in an image, all of its blocks."""
    return b"".join(
        geometry.block_of(image, number)
        for sector in record.sectors
        for number in record.block_numbers(sector)
    )


def uid_of(image: bytes) -> bytes:
    """The UID in block 0: 4 bytes where the fifth is their xor, else 7."""
    four, check = image[:4], image[4]
    return four if four[0] ^ four[1] ^ four[2] ^ four[3] == check else image[:7]


def _profile(image: bytes, known: tuple[Profile, ...]) -> Profile:
    """The first profile whose public record is here."""
    reasons = []
    for profile in known:
        try:
            values = records.unpack(profile.public, raw(image, profile.public))
        except Unreadable as wrong:
            reasons.append(f"{profile.name}: {wrong}")
            continue
        if values["profile_version"] == profile.version:
            return profile
        reasons.append(f"{profile.name}: version {values['profile_version']}")
    raise Unreadable("no public record here; " + "; ".join(reasons))


def _check_directory(image: bytes, profile: Profile, used: tuple[int, ...]) -> None:
    found = {
        **_aids(image, mad.MAD1_BLOCKS, mad.MAD1_SECTORS),
        **_aids(image, mad.MAD2_BLOCKS, mad.MAD2_SECTORS),
    }
    if any(found.get(sector) != profile.aid for sector in used):
        raise Unreadable("directory: does not name all sectors of the card")
    for sector in (mad.MAD1_SECTOR, mad.MAD2_SECTOR, *used):
        trailer = geometry.block_of(image, geometry.trailer_block(sector))
        if trailer[6:9] != access.ISSUED:
            raise Unreadable(f"sector {sector}: access bits {trailer[6:9].hex()}")


def _aids(image: bytes, blocks: tuple[int, ...], sectors: range) -> dict[int, int]:
    return mad.parse(b"".join(geometry.block_of(image, number) for number in blocks), sectors)


def _check_agreement(*records_read: dict[str, Any]) -> None:
    """What stands in several records must be the same in each."""
    seen: dict[str, Any] = {}
    for values in records_read:
        for name in values.keys() - {"magic", "flags"}:
            if seen.setdefault(name, values[name]) != values[name]:
                raise Unreadable(f"{name}: two records disagree")
