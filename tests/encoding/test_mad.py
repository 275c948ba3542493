import pytest

from encoding import mad
from encoding.errors import Unreadable

EXAMPLE = bytes.fromhex(
    "01 0108 0108 0108 0000 0000 0000 0400 0310 0310 0210 0210 0000 0000 0000 1130"
)


def test_the_crc_is_that_of_the_example_in_an10787():
    assert mad.crc8(EXAMPLE) == 0x89


def test_the_crc_of_empty_directories_is_known():
    assert (mad.crc8(bytes(31)), mad.crc8(bytes(47))) == (0xCE, 0x16)


def test_an_aid_stands_low_byte_first():
    raw = mad.build({1: 0x51F0}, mad.MAD1_SECTORS, 1)
    assert (len(raw), raw[1:6]) == (32, bytes.fromhex("01 F051 0000"))


def test_both_directories_come_back():
    aids = {1: 0x51F0, 5: 0x51F0, 32: 0x51F0}
    mad1 = mad.build(aids, mad.MAD1_SECTORS, 1)
    mad2 = mad.build(aids, mad.MAD2_SECTORS, 1)
    assert mad.parse(mad1, mad.MAD1_SECTORS) == {1: 0x51F0, 5: 0x51F0}
    assert mad.parse(mad2, mad.MAD2_SECTORS) == {32: 0x51F0}


def test_a_damaged_directory_is_not_believed():
    raw = bytearray(mad.build({}, mad.MAD2_SECTORS, 1))
    raw[7] ^= 1
    with pytest.raises(Unreadable, match="CRC"):
        mad.parse(bytes(raw), mad.MAD2_SECTORS)
