"""Where blocks lie on a MIFARE Classic 4K (NXP MF1S70yyX data sheet, memory organisation).

4096 bytes: sectors 0-31 have 4 blocks of 16 bytes, sectors 32-39 have 16. The last block of a
sector is its trailer; block 0 belongs to the manufacturer.
"""

BLOCK = 16
"""Bytes in a block."""
SECTORS = 40
BLOCKS = 256
IMAGE = BLOCKS * BLOCK
"""Bytes on the card: 4096."""
_FIRST_LARGE = 32


def blocks_in(sector: int) -> int:
    """How many blocks the sector has, its trailer included."""
    if not 0 <= sector < SECTORS:
        raise ValueError(f"no sector {sector} on a 4K card")
    return 4 if sector < _FIRST_LARGE else 16


def first_block(sector: int) -> int:
    """The absolute number of the sector's block 0."""
    return 4 * sector if blocks_in(sector) == 4 else 128 + 16 * (sector - _FIRST_LARGE)


def trailer_block(sector: int) -> int:
    """The absolute number of the block that holds the sector's keys and access bits."""
    return first_block(sector) + blocks_in(sector) - 1


def data_blocks(sector: int) -> range:
    """The absolute numbers of the sector's data blocks, block 0 of the card included."""
    return range(first_block(sector), trailer_block(sector))


def sector_of(block: int) -> int:
    """The sector that an absolute block number lies in."""
    if not 0 <= block < BLOCKS:
        raise ValueError(f"no block {block} on a 4K card")
    return block // 4 if block < 128 else _FIRST_LARGE + (block - 128) // 16


def access_group(block: int) -> int:
    """Which of the sector's four access conditions (0-3) governs the block; 3 is the trailer's.

    In the large sectors one condition covers five data blocks.
    """
    place = block - first_block(sector_of(block))
    return place if blocks_in(sector_of(block)) == 4 else place // 5


def block_of(image: bytes | bytearray, block: int) -> bytes:
    """The 16 bytes of one block of an image."""
    return bytes(image[block * BLOCK : (block + 1) * BLOCK])
