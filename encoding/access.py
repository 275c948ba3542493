"""Access bits: who may read and write a sector, in three bytes of its trailer.

Source: NXP MF1S70yyX data sheet, access conditions. Each condition is three bits C1 C2 C3 for one
group of blocks; each bit is stored twice, once inverted. A card whose copies disagree locks the
sector for good, so both copies are built here from one value, and nowhere else.
"""

from collections.abc import Sequence

from encoding.errors import Unreadable

Condition = tuple[int, int, int]
"""C1, C2, C3, each 0 or 1."""

ISSUED = bytes.fromhex("787788")
"""Read with key A or B, write with B; keys and bits change only with B."""
TRANSPORT = bytes.fromhex("FF0780")
"""As the card leaves the factory: all with key A."""


def pack(conditions: Sequence[Condition]) -> bytes:
    """Trailer bytes 6-8 for the conditions of groups 0, 1, 2 and the trailer."""
    if len(conditions) != 4:
        raise ValueError("one condition for each of the 4 groups")
    c1, c2, c3 = (sum(group[bit] << n for n, group in enumerate(conditions)) for bit in range(3))
    return bytes([(~c2 & 0xF) << 4 | (~c1 & 0xF), c1 << 4 | (~c3 & 0xF), c3 << 4 | c2])


def unpack(raw: bytes) -> tuple[Condition, Condition, Condition, Condition]:
    """The four conditions in trailer bytes 6-8. Raises Unreadable when the copies disagree."""
    c1, c2, c3 = raw[1] >> 4, raw[2] & 0xF, raw[2] >> 4
    first, second, third, trailer = ((c1 >> n & 1, c2 >> n & 1, c3 >> n & 1) for n in range(4))
    conditions = (first, second, third, trailer)
    if pack(conditions) != raw:
        raise Unreadable(f"access bits {raw.hex()}: the inverted copy disagrees")
    return conditions


def trailer(key_a: bytes, bits: bytes, user_byte: int, key_b: bytes) -> bytes:
    """A whole trailer block. Raises Unreadable rather than build one that locks its sector."""
    unpack(bits)
    if len(key_a) != 6 or len(key_b) != 6:
        raise ValueError("a key has 6 bytes")
    return key_a + bits + bytes([user_byte]) + key_b
