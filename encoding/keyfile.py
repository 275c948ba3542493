"""A key dump: what `nfc-mfclassic` and other tools want to know before they read a whole card."""

from encoding import access, geometry, mad, plan
from encoding.content import Kind
from encoding.keys import FACTORY, ReadKeys, StationKeys
from encoding.profiles import Profile


def build(profile: Profile, kind: Kind, uid: bytes, keys: ReadKeys) -> bytes:
    """4096 bytes: the UID, and in every trailer the sector's keys, transport keys where not ours.

    Keys B are in it only if `keys` are a station's: such a file can write the card.
    """
    record_of = {
        sector: record
        for record in (profile.public, profile.personal[kind], profile.commit)
        for sector in record.sectors
    }
    blocks = {}
    for sector in range(geometry.SECTORS):
        key_a = key_b = FACTORY.reveal()
        if sector in record_of or sector in {mad.MAD1_SECTOR, mad.MAD2_SECTOR}:
            readable_by = record_of[sector].readable_by if sector in record_of else "anyone"
            key_a = keys.key_a(uid, sector, readable_by).reveal()
            key_b = keys.key_b(uid, sector).reveal() if isinstance(keys, StationKeys) else bytes(6)
        blocks[geometry.trailer_block(sector)] = access.trailer(
            key_a, access.TRANSPORT, mad.USER_BYTE, key_b
        )
    return plan.assemble(uid, blocks)
