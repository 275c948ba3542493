"""The card's directory (MAD): which sector belongs to which application.

Source: NXP AN10787 rev 7.5. MAD1 is sector 0 blocks 1-2 (sectors 1-15), MAD2 is sector 16 blocks
0-2 (sectors 17-39). Each begins with a CRC and an info byte that names the publisher's sector,
then one application id (AID) of two bytes a sector, low byte first.
"""

from collections.abc import Iterable, Mapping

from encoding.errors import Unreadable

PUBLIC_KEY = bytes.fromhex("A0A1A2A3A4A5")
"""The published key A with which anyone reads a directory."""
MAD1_SECTOR, MAD2_SECTOR = 0, 16
MAD1_BLOCKS, MAD2_BLOCKS = (1, 2), (64, 65, 66)
MAD1_SECTORS, MAD2_SECTORS = range(1, 16), range(17, 40)
USER_BYTE_MAD1 = 0xC2
"""Directory present, several applications, version 2."""
USER_BYTE_MAD2 = 0x00
USER_BYTE = 0x69
"""As the factory leaves it, for all other sectors."""


def crc8(data: bytes) -> int:
    """The directory's checksum: polynomial 1D, preset C7, not reflected, no final xor."""
    crc = 0xC7
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ (0x1D if crc & 0x80 else 0)) & 0xFF
    return crc


def build(aids: Mapping[int, int], sectors: Iterable[int], publisher_sector: int) -> bytes:
    """One directory's bytes for `sectors`; a sector without AID is free (0000)."""
    body = bytes([publisher_sector]) + b"".join(
        aids.get(sector, 0).to_bytes(2, "little") for sector in sectors
    )
    return bytes([crc8(body)]) + body


def parse(raw: bytes, sectors: range) -> dict[int, int]:
    """Sector to AID, for the sectors that are not free. Raises Unreadable on a wrong CRC."""
    if crc8(raw[1:]) != raw[0]:
        raise Unreadable(f"directory of sectors {sectors.start}-{sectors.stop - 1}: wrong CRC")
    pairs = (raw[2 + 2 * n : 4 + 2 * n] for n in range(len(sectors)))
    found = {s: int.from_bytes(aid, "little") for s, aid in zip(sectors, pairs, strict=True)}
    return {sector: aid for sector, aid in found.items() if aid}
