from itertools import product

import pytest

from encoding import access, geometry
from encoding.errors import Unreadable


def test_every_block_lies_in_exactly_one_sector():
    places = [
        block for s in range(40) for block in (*geometry.data_blocks(s), geometry.trailer_block(s))
    ]
    assert places == list(range(256))
    assert all(geometry.sector_of(b) == s for s in range(40) for b in geometry.data_blocks(s))


def test_small_sectors_have_4_blocks_and_large_ones_16():
    assert [geometry.blocks_in(sector) for sector in (0, 31, 32, 39)] == [4, 4, 16, 16]
    assert (geometry.first_block(32), geometry.trailer_block(39)) == (128, 255)


def test_in_a_large_sector_one_condition_covers_five_blocks():
    assert [geometry.access_group(128 + n) for n in (0, 4, 5, 9, 10, 14, 15)] == [
        0, 0, 1, 1, 2, 2, 3,
    ]  # fmt: skip


def test_a_4k_card_has_no_sector_40_and_no_block_256():
    with pytest.raises(ValueError, match="sector 40"):
        geometry.blocks_in(40)
    with pytest.raises(ValueError, match="block 256"):
        geometry.sector_of(256)


@pytest.mark.parametrize(
    ("data", "trailer", "expected"),
    [
        ((0, 0, 0), (0, 0, 1), "FF0780"),
        ((1, 0, 0), (0, 1, 1), "787788"),
        ((0, 1, 0), (0, 1, 1), "0F078F"),
        ((0, 1, 1), (0, 1, 1), "0F00FF"),
    ],
)
def test_access_bits_match_the_known_ones(data, trailer, expected):
    assert access.pack([data, data, data, trailer]) == bytes.fromhex(expected)


def test_all_4096_combinations_come_back():
    for bits in product((0, 1), repeat=12):
        conditions = tuple(bits[n : n + 3] for n in (0, 3, 6, 9))
        assert access.unpack(access.pack(conditions)) == conditions


def test_only_bits_whose_inverse_agrees_are_accepted():
    accepted = 0
    for n in range(0, 1 << 24, 257):
        try:
            access.unpack(n.to_bytes(3, "big"))
        except Unreadable:
            continue
        accepted += 1
    assert accepted <= (1 << 24) / 257 / 4096 * 4


@pytest.mark.parametrize("bit", range(24))
def test_one_wrong_bit_makes_a_trailer_that_is_refused_before_it_locks_a_sector(bit):
    wrong = (int.from_bytes(access.ISSUED, "big") ^ 1 << bit).to_bytes(3, "big")
    with pytest.raises(Unreadable):
        access.trailer(bytes(6), wrong, 0x69, bytes(6))
