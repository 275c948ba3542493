"""A PN532: its commands, its registers as far as hosts look at them, and the card on its antenna.

Source: NXP PN532 user manual UM0701-02. Commands that only make sense towards other cards than
type A (or as a card) answer as a chip does that finds none.
"""

from collections import Counter, deque
from collections.abc import Callable

from encoding.readers.card import Card, Mute, Refused, State

TIMEOUT, REFUSED_FORMAT, WRONG_KEY, WRONG_CONTEXT = 0x01, 0x13, 0x14, 0x27
FIRMWARE = bytes.fromhex("32010607")
BAUD_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)
FIRST_BAUD = 115200
_TX_MODE, _RX_MODE, _BIT_FRAMING = 0x6302, 0x6303, 0x633D
_CRC_ENABLED = 0x80
_ENDLESS = 0xFF
_TYPE_A = 0x00
_REMEMBERED = 1000


class BadSyntax(Exception):  # what the chip finds
    """A command the chip does not know, or of a wrong length."""


class Pn532:
    """The chip. `answer(command)` is what it sends back; None while it still waits for a card.

    strict_crc: reads fail when the host left RxCRCEn off (real silicon is undocumented there).
    exchanges: how often each command came, by code; log: the last ones. Both are for tests.
    """

    def __init__(self, card: Card | None = None, *, strict_crc: bool = True) -> None:
        self.card = card
        self.strict_crc = strict_crc
        self.exchanges: Counter[int] = Counter()
        self.log: deque[bytes] = deque(maxlen=_REMEMBERED)
        self.asleep = False
        self.baud = FIRST_BAUD
        self.next_baud: int | None = None
        self._listed = False
        self._retries = _ENDLESS
        self._registers = {_TX_MODE: _CRC_ENABLED, _RX_MODE: _CRC_ENABLED}
        self._commands: dict[int, Callable[[bytes], bytes | None]] = {
            0x00: self._diagnose,
            0x02: lambda _: FIRMWARE,
            0x04: self._general_status,
            0x06: self._read_register,
            0x08: self._write_register,
            0x0C: lambda _: bytes(3),
            0x0E: lambda _: b"",
            0x10: self._set_baud,
            0x12: lambda _: b"",
            0x14: lambda _: b"",
            0x16: self._power_down,
            0x32: self._configure_radio,
            0x40: self._exchange,
            0x42: self._raw,
            0x44: self._release,
            0x46: lambda _: bytes([TIMEOUT]),
            0x4A: self._list,
            0x4E: lambda _: bytes([0 if self._listed else WRONG_CONTEXT]),
            0x50: lambda _: bytes([TIMEOUT]),
            0x52: self._release,
            0x54: lambda _: bytes([0 if self._listed else WRONG_CONTEXT]),
            0x56: lambda _: bytes([TIMEOUT]),
            0x58: lambda _: None,
            0x60: self._poll,
            0x8C: lambda _: None,
        }

    def answer(self, command: bytes) -> bytes | None:
        """The answer's body without its direction byte. Raises BadSyntax."""
        code, data = command[0], command[1:]
        if code not in self._commands:
            raise BadSyntax
        self.exchanges[code] += 1
        self.log.append(command)
        try:
            answered = self._commands[code](data)
        except (IndexError, ValueError):
            raise BadSyntax from None
        return None if answered is None else bytes([code + 1]) + answered

    # The chip itself

    def _diagnose(self, data: bytes) -> bytes:
        match data[0]:
            case 0x00:
                return data
            case 0x06:
                return bytes([TIMEOUT])
            case _:
                return b"\x00"

    def _general_status(self, _: bytes) -> bytes:
        card = bytes([1, 0, 0, 0x10]) if self._listed else b""
        return bytes([0, 1, int(self._listed)]) + card + b"\x80"

    def _read_register(self, data: bytes) -> bytes:
        return bytes(self._registers.get(address, 0) for address in _words(data, 2))

    def _write_register(self, data: bytes) -> bytes:
        for place, address in zip(range(2, len(data), 3), _words(data, 3), strict=True):
            self._registers[address] = data[place]
        return b""

    def _set_baud(self, data: bytes) -> bytes:
        self.next_baud = BAUD_RATES[data[0]]
        return b""

    def _power_down(self, _: bytes) -> bytes:
        self._field_off()
        self.asleep = True
        return b"\x00"

    def _configure_radio(self, data: bytes) -> bytes:
        if data[0] == 0x01 and not data[1] & 1:
            self._field_off()
        if data[0] == 0x05:
            self._retries = data[3]
        return b""

    def _field_off(self) -> None:
        self._listed = False
        if self.card:
            self.card.power_off()

    # Cards

    def _present(self) -> Card | None:
        return self.card if self.card and self.card.in_field else None

    def _list(self, data: bytes) -> bytes | None:
        """InListPassiveTarget: the card's ATQA, SAK and UID; or none found."""
        found = self._find(data[1], data[2:])
        if found is None:
            return None if self._retries == _ENDLESS and data[1] == _TYPE_A else b"\x00"
        return b"\x01\x01" + found

    def _poll(self, data: bytes) -> bytes:
        """InAutoPoll, one round: type A cards only (generic 106 kbit/s, or MIFARE)."""
        found = self._find(_TYPE_A, b"") if {0x00, 0x10} & set(data[2:]) else None
        if found is None:
            return b"\x00"
        return bytes([1, 0x10, len(found) + 1, 1]) + found

    def _find(self, modulation: int, wanted: bytes) -> bytes | None:
        """The card, halted or not: the chip wakes up, libfreefare counts on it."""
        card = self._present()
        self._listed = False
        if not card or modulation != _TYPE_A or not _names(wanted, card.uid):
            return None
        self._registers.update({_TX_MODE: _CRC_ENABLED, _RX_MODE: _CRC_ENABLED})
        card.select()
        self._listed = True
        return card.atqa + bytes([0x18, len(card.uid)]) + card.uid

    def _release(self, _: bytes) -> bytes:
        if self._listed and self.card:
            self.card.halt()
        self._listed = False
        return b"\x00"

    def _exchange(self, data: bytes) -> bytes:
        """InDataExchange with target 1: the MIFARE commands."""
        if data[0] & 0x3F != 1 or not self._listed or self.card is None:
            return bytes([WRONG_CONTEXT])
        return self._answered(lambda card: self._mifare(card, data[1:]))

    def _mifare(self, card: Card, data: bytes) -> bytes:
        match data[0]:
            case 0x60 | 0x61:
                return _authenticate(card, data)
            case 0x30:
                _require(len(data) == 2)
                return b"\x00" + self._read(card, data[1])
            case 0xA0:
                _require(len(data) == 18)
                card.write(data[1], data[2:])
                return b"\x00"
            case 0x50:
                card.halt()
            case _:
                card.power_off()
        raise Mute

    def _read(self, card: Card, block: int) -> bytes:
        if self.strict_crc and not self._registers[_RX_MODE] & _CRC_ENABLED:
            card.power_off()
            raise Refused
        return card.read(block)

    def _raw(self, data: bytes) -> bytes:
        """InCommunicateThru: enough to wake a card up and halt it; others it does not answer."""
        return self._answered(lambda card: _raw_answer(card, data))

    def _answered(self, ask: Callable[[Card], bytes]) -> bytes:
        card = self._present()
        if card is None:
            return bytes([TIMEOUT])
        try:
            return ask(card)
        except Mute:
            return bytes([TIMEOUT])
        except Refused:
            return bytes([REFUSED_FORMAT])


def _authenticate(card: Card, data: bytes) -> bytes:
    _require(len(data) == 12)
    letter = "A" if data[0] == 0x60 else "B"
    try:
        card.authenticate(data[1], letter, key=data[2:8], uid=data[8:])
    except Refused:
        return bytes([WRONG_KEY])
    return b"\x00"


def _raw_answer(card: Card, data: bytes) -> bytes:
    """What a Classic card says to bytes sent as they are; nothing but REQA and WUPA is known."""
    if data in {b"\x26", b"\x52"} and (data == b"\x52" or card.state is State.IDLE):
        return b"\x00" + card.atqa[::-1]
    if data[:2] == b"\x50\x00":
        card.halt()
    else:
        card.power_off()
    raise Mute


def _names(wanted: bytes, uid: bytes) -> bool:
    """Whether a host that asks for `wanted` means this card; a cascade tag 88 may lead."""
    return not wanted or wanted.removeprefix(b"\x88") == uid or wanted == uid


def _words(data: bytes, step: int) -> list[int]:
    _require(len(data) % step == 0)
    return [int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), step)]


def _require(holds: bool) -> None:  # noqa: FBT001  # an assertion that survives -O
    if not holds:
        raise BadSyntax
