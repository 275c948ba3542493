"""Reads a card the way a terminal does: with the keys for reading, and no more."""

from encoding import decode, geometry, mad, plan, records
from encoding.keys import PUBLIC, ReadKeys
from encoding.profiles import Profile, Record
from encoding.readers import Reader


def read_card(reader: Reader, profile: Profile, keys: ReadKeys) -> bytes:
    """The card's image: 4096 bytes, zeros where nothing of ours stands and for the keys.

    Raises Unreadable when no public record of this profile is there, else as a Reader.
    """
    uid = reader.select()
    blocks: dict[int, bytes] = {}
    for sector in (mad.MAD1_SECTOR, mad.MAD2_SECTOR):
        reader.authenticate(geometry.trailer_block(sector), "A", PUBLIC)
        numbers = mad.MAD1_BLOCKS if sector == mad.MAD1_SECTOR else mad.MAD2_BLOCKS
        for number in (*numbers, geometry.trailer_block(sector)):
            blocks[number] = reader.read(number)
    _read(reader, profile.public, uid, keys, blocks)
    public_record = decode.raw(plan.assemble(uid, blocks), profile.public)
    public = records.unpack(profile.public, public_record)
    for record in (profile.personal[public["kind"]], profile.commit):
        _read(reader, record, uid, keys, blocks)
    return plan.assemble(uid, blocks)


def _read(
    reader: Reader, record: Record, uid: bytes, keys: ReadKeys, blocks: dict[int, bytes]
) -> None:
    for sector in record.sectors:
        trailer = geometry.trailer_block(sector)
        reader.authenticate(trailer, "A", keys.key_a(uid, sector, record.readable_by))
        for number in (*record.block_numbers(sector), trailer):
            blocks[number] = reader.read(number)
