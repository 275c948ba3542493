"""The virtual reader as other programs see it: bytes on a terminal, and a command to start it."""

import os
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from encoding.errors import ReaderFailed, WrongKey
from encoding.keys import FACTORY
from encoding.readers import hsu
from encoding.readers.card import Card, blank
from encoding.readers.hardware import HardwareReader
from encoding.readers.virtual import VirtualReader
from tests.encoding.builders import UID, a_card

ROOT = Path(__file__).parents[2]
WAKE_UP = bytes.fromhex("5555") + bytes(14)


class Host:
    """A program that speaks to the terminal without nfcpy."""

    def __init__(self, path, speed=termios.B115200):
        self.line = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.set_speed(speed)

    def set_speed(self, speed):
        settings = termios.tcgetattr(self.line)
        settings[4] = settings[5] = speed
        termios.tcsetattr(self.line, termios.TCSANOW, settings)

    def say(self, raw):
        os.write(self.line, raw)

    def hear(self, size, timeout=10.0):
        heard = b""
        while len(heard) < size and select.select([self.line], [], [], timeout)[0]:
            heard += os.read(self.line, size - len(heard))
        return heard

    def ask(self, command):
        """The answer's bytes after its direction byte and code, or None for a syntax error."""
        self.say(hsu.frame(b"\xd4" + bytes.fromhex(command)))
        assert self.hear(6) == hsu.ACK
        head = self.hear(5)
        if head[3:] == b"\x01\xff":
            self.hear(3)
            return None
        rest = self.hear(head[3] + 2)
        assert rest[0] == 0xD5
        assert sum(rest[:-1]) & 0xFF == 0
        return rest[2:-2].hex()


@pytest.fixture
def virtual():
    with VirtualReader(a_card()) as reader:
        yield reader


@pytest.fixture
def host(virtual):
    host = Host(virtual.path)
    yield host
    os.close(host.line)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("02", "32010607"),
        ("00 00 6c69626e6663", "006c69626e6663"),
        ("00 01", "00"),
        ("00 02", "00"),
        ("04", "00010080"),
        ("14 01", ""),
        ("12 14", ""),
        ("08 633D 00", ""),
        ("06 6302 6303", "8080"),
        ("32 01 01", ""),
        ("32 05 FF0102", ""),
        ("4A 01 00", "0101 0002 18 04 1F02A3B4".replace(" ", "").lower()),
        ("4A 01 00 1F02A3B4", "0101000218041f02a3b4"),
        ("4A 01 00 1F000000", "00"),
        ("4A 01 01 00FFFF0000", "00"),
        ("4A 01 03 00", "00"),
        ("4A 01 04", "00"),
        ("42 E050", "01"),
        ("42 0600", "01"),
        ("44 00", "00"),
        ("52 00", "00"),
        ("60 01 01 00 10", "0110090100021804 1f02a3b4".replace(" ", "")),
        ("40 01 30 00", "27"),
        ("16 B0", "00"),
    ],
)
def test_the_chip_answers_as_libnfc_and_nfcpy_expect(host, command, answer):
    host.ask("32 05 FF0102")
    assert host.ask(command) == answer


@pytest.mark.parametrize("command", ["FF", "4A", "40 01 60 04", "10 0C", "08 63"])
def test_a_malformed_command_is_a_syntax_error_frame(host, command):
    host.ask("4A 01 00")
    assert host.ask(command) is None


def test_a_long_command_comes_back_in_an_extended_frame(host):
    body = bytes([0xD4, 0x00, 0x00]) + bytes(n & 0xFF for n in range(260))
    host.say(hsu.frame(body))
    assert host.hear(6) == hsu.ACK
    assert host.hear(8) == bytes.fromhex("0000FFFFFF") + bytes.fromhex("0107F8")
    assert host.hear(263 + 2)[2:-2] == body[2:]


def test_leading_zeros_and_noise_are_passed_over(host):
    host.say(WAKE_UP + bytes.fromhex("AB00CD") + hsu.frame(bytes.fromhex("D402")))
    assert host.hear(6) == hsu.ACK
    assert host.hear(13) == hsu.frame(bytes.fromhex("D50332010607"))


@pytest.mark.parametrize(
    "damaged", ["0000FF 02 FD D402 2A 00", "0000FF 02 FE D402 2B 00", "0000FFFFFF 0002 FD D402 2A"]
)
def test_a_damaged_frame_gets_no_answer_and_the_next_one_does(host, damaged):
    host.say(bytes.fromhex(damaged))
    assert host.hear(1, timeout=0.05) == b""
    assert host.ask("02") == "32010607"


def test_a_sleeping_chip_loses_the_first_bytes_it_is_told(host):
    host.ask("16 B0")
    host.say(hsu.frame(bytes.fromhex("D402")))
    assert host.hear(1, timeout=0.05) == b""
    host.ask("16 B0")
    host.say(WAKE_UP + hsu.frame(bytes.fromhex("D402")))
    assert host.hear(6) == hsu.ACK


def test_at_another_speed_the_chip_is_deaf_and_a_new_speed_counts_once_acknowledged(host, virtual):
    assert host.ask("10 07") == ""
    host.say(hsu.ACK)
    host.say(hsu.frame(bytes.fromhex("D402")))
    assert host.hear(1, timeout=0.05) == b""
    assert virtual.chip.baud == 921600
    host.set_speed(termios.B921600)
    assert host.ask("02") == "32010607"


def test_a_host_that_asks_for_ever_gets_the_card_once_it_is_laid(host, virtual):
    virtual.lay(None)
    host.ask("32 05 FFFFFF")
    host.say(hsu.frame(bytes.fromhex("D44A0100")))
    assert host.hear(6) == hsu.ACK
    assert host.hear(1, timeout=0.05) == b""
    virtual.lay(a_card())
    assert host.hear(19)[7:].hex().startswith("0101000218041f02a3b4")


def test_an_acknowledgement_ends_the_waiting(host, virtual):
    virtual.lay(None)
    host.ask("32 05 FFFFFF")
    host.say(hsu.frame(bytes.fromhex("D44A0100")) + hsu.ACK)
    assert host.hear(6) == hsu.ACK
    assert host.ask("02") == "32010607"


def test_reads_fail_while_the_host_has_the_check_sum_switched_off(host):
    host.ask("4A 01 00")
    host.ask("40 01 60 04 FFFFFFFFFFFF 1F02A3B4")
    host.ask("08 6303 00")
    assert host.ask("40 01 30 04") == "13"


@pytest.mark.parametrize(
    ("bits", "letter", "can_read", "can_write"),
    [
        ("FF0780", "A", True, True),
        ("FF0780", "B", False, False),
        ("787788", "A", True, False),
        ("787788", "B", True, True),
        ("0F078F", "B", True, False),
        ("0F00FF", "A", False, False),
        ("0F00FF", "B", True, True),
    ],
)
def test_the_card_obeys_its_access_bits(bits, letter, can_read, can_write):
    image = bytearray(blank(UID))
    image[7 * 16 + 6 : 7 * 16 + 9] = bytes.fromhex(bits)
    card = Card(bytes(image), UID)
    with VirtualReader(card) as virtual, HardwareReader(virtual.path) as reader:
        for act, allowed in (
            (lambda: reader.read(4), can_read),
            (lambda: reader.write(4, b"x" * 16), can_write),
        ):
            reader.select()
            reader.authenticate(4, letter, FACTORY)
            if allowed:
                act()
            else:
                with pytest.raises(WrongKey):
                    act()


def test_a_trailer_shows_key_b_only_where_it_is_no_key(virtual):
    with HardwareReader(virtual.path) as reader:
        reader.select()
        reader.authenticate(4, "A", FACTORY)
        assert reader.read(7) == bytes(6) + bytes.fromhex("FF078069") + b"\xff" * 6


def test_the_manufacturers_block_cannot_be_written(virtual):
    with HardwareReader(virtual.path) as reader:
        reader.select()
        reader.authenticate(0, "A", FACTORY)
        with pytest.raises(WrongKey):
            reader.write(0, bytes(16))


def test_reading_another_sector_than_the_open_one_is_refused(virtual):
    with HardwareReader(virtual.path) as reader:
        reader.select()
        reader.authenticate(4, "A", FACTORY)
        with pytest.raises(WrongKey):
            reader.read(8)


def test_nfcpy_can_open_and_close_it_again_and_again(virtual):
    for _ in range(10):
        with HardwareReader(virtual.path) as reader:
            assert reader.select() == UID
            assert virtual.chip.baud == 921600
        assert (virtual.chip.baud, virtual.chip.asleep) == (115200, True)


@pytest.mark.parametrize("speed", [921600, 460800, 230400])
def test_a_chip_left_at_a_higher_speed_is_fetched_back(virtual, speed):
    virtual.chip.baud = speed
    with HardwareReader(virtual.path) as reader:
        assert reader.select() == UID


def test_a_chip_at_a_speed_nobody_uses_is_reader_failed(virtual):
    virtual.chip.baud = 9600
    with pytest.raises(ReaderFailed):
        HardwareReader(virtual.path)


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "encoding", "virtual-reader", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def end(process, how=signal.SIGTERM):
    process.send_signal(how)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_terminal_serves_and_keeps_the_card(tmp_path, how):
    file = tmp_path / "card.mfd"
    process = start("--card", str(file), "--uid", "1f02a3b4")
    path = process.stdout.readline().strip()
    with HardwareReader(path) as reader:
        assert reader.select() == UID
        reader.authenticate(4, "A", FACTORY)
        reader.write(4, b"kept on the card")
    assert end(process, how) == 0
    assert file.read_bytes()[64:80] == b"kept on the card"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_written_survives_a_kill_of_the_virtual_reader(tmp_path):
    file = tmp_path / "card.mfd"
    process = start("--card", str(file))
    with HardwareReader(process.stdout.readline().strip()) as reader:
        uid = reader.select()
        reader.authenticate(4, "A", FACTORY)
        reader.write(4, b"kept on the card")
    end(process, signal.SIGKILL)
    process = start("--card", str(file))
    with HardwareReader(process.stdout.readline().strip()) as reader:
        assert reader.select() == uid
        reader.authenticate(4, "A", FACTORY)
        assert reader.read(4) == b"kept on the card"
    assert end(process) == 0


def test_a_file_that_is_no_card_is_said_to_be_none(tmp_path):
    file = tmp_path / "card.mfd"
    file.write_bytes(b"short")
    process = subprocess.run(
        [sys.executable, "-m", "encoding", "virtual-reader", "--card", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert process.returncode == 1
    assert process.stderr.strip().endswith("5 bytes, a card has 4096")


def test_with_a_hand_cards_come_and_go_and_the_end_of_the_hand_ends_it(tmp_path):
    process = start("--hand")
    path = process.stdout.readline().strip()

    def tell(command):
        process.stdin.write(command + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    assert tell(f"lay 1f02a3b4 {tmp_path / 'a.mfd'}") == "ok"
    with HardwareReader(path) as reader:
        assert reader.select() == UID
        assert tell(f"lay 2f000001 {tmp_path / 'b.mfd'}") == "ok"
        assert reader.select() == bytes.fromhex("2f000001")
        assert tell("lift") == "ok"
        assert tell("jump").startswith("no ")
        assert tell(f"lay 3f000001 {tmp_path / 'b.mfd'}").startswith("no ")
    process.stdin.close()
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        select.select([], [], [], 0.02)
    process.stdout.close()
    assert process.returncode == 0
