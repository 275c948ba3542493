"""A reader through nfcpy, by way of the PN53x chip's own commands.

nfcpy's tag layer does not know MIFARE Classic (and takes it for an Ultralight); the chip does.
Only this module imports nfcpy. At debug levels nfcpy logs whole frames, keys among them, so its
loggers drop everything below INFO here, whatever level they are set to.
"""

import contextlib
import errno
import fcntl
import logging
import os
import termios
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import nfc
import nfc.clf
import serial  # type: ignore[import-untyped]  # pyserial comes with nfcpy and ships no types
from nfc.clf import pn53x, transport
from nfc.clf import pn532 as pn532_driver

from encoding.errors import CardGone, DeadSector, ReaderFailed, WrongKey
from encoding.keys import Key
from encoding.readers import hsu

PATIENCE_S = 1.0
"""How long the host waits for the chip, which gives up on a card after 51 ms.

nfcpy itself waits 0.1 s for an acknowledgement: too short on a machine with much else to do.
"""
_RESCUE_PATIENCE_S = 0.3
_WRONG_KEY, _REFUSED = 0x14, 0x13
_AUTHENTICATE = {"A": 0x60, "B": 0x61}
_READ, _WRITE = 0x30, 0xA0
_FAST_SPEEDS = (921600, 460800, 230400)
_BROKEN = (OSError, termios.error)


def _hide_frames() -> None:
    for name in ("nfc", *(n for n in logging.root.manager.loggerDict if n.startswith("nfc."))):
        logger = logging.getLogger(name)
        if _worth_telling not in logger.filters:
            logger.addFilter(_worth_telling)


def _worth_telling(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO


_hide_frames()


class HardwareReader:
    """A reader at a serial terminal ("/dev/ttyUSB0", "/dev/pts/3") or on USB ("usb:072f:2200").

    Raises ReaderFailed when it is not there, in use, or cannot speak to MIFARE Classic.
    """

    def __init__(self, path: str) -> None:
        _hide_frames()
        self._held = _lock(path) if path.startswith("/") else None
        try:
            self._device = _open(path)
        except BaseException:
            self._let_go()
            raise
        self._uid = b""
        if not hasattr(getattr(self._device, "chipset", None), "in_data_exchange"):
            self.close()
            raise ReaderFailed(f"{path}: this kind of reader cannot speak to MIFARE Classic")

    def select(self, uid: bytes | None = None) -> bytes:
        wanted = (b"\x88" if uid and len(uid) > 4 else b"") + (uid or b"")
        with _sorted_by_remedy():
            found = self._device.chipset.in_list_passive_target(1, 0, wanted)
        if not found:
            raise CardGone("no card on the reader")
        self._uid = bytes(found[4 : 4 + found[3]])
        if uid and uid != self._uid:
            raise CardGone(f"another card: {self._uid.hex()}")
        return self._uid

    def authenticate(self, block: int, letter: str, key: Key) -> None:
        uid = self._uid
        try:
            self._exchange(bytes([_AUTHENTICATE[letter], block]) + key.reveal() + uid[-4:])
        except CardGone:
            self.select(uid)
            raise DeadSector(f"block {block}: mute, though the card answers") from None

    def read(self, block: int) -> bytes:
        content = self._exchange(bytes([_READ, block]))
        if len(content) != 16:
            raise CardGone(f"block {block}: {len(content)} bytes came")
        return content

    def write(self, block: int, data: bytes) -> None:
        if len(data) != 16:
            raise ValueError("a block has 16 bytes")
        self._exchange(bytes([_WRITE, block]) + data)

    def close(self) -> None:
        try:
            with contextlib.suppress(*_BROKEN, pn53x.Chipset.Error):
                if getattr(self._device, "chipset", None) is not None:
                    self._device.close()
        finally:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _exchange(self, command: bytes) -> bytes:
        with _sorted_by_remedy():
            content, _ = self._device.chipset.in_data_exchange(command, PATIENCE_S)
        return bytes(content)

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


class _PatientTerminal(transport.TTY):  # type: ignore[misc]  # nfcpy ships no types
    """A terminal that nothing is read from in haste."""

    def read(self, timeout: int) -> Any:
        return super().read(max(timeout, int(1000 * PATIENCE_S)))


@contextlib.contextmanager
def _sorted_by_remedy() -> Iterator[None]:
    """The faults of nfcpy, by what the caller must do about them."""
    try:
        yield
    except pn53x.Chipset.Error as fault:
        if fault.errno in {_WRONG_KEY, _REFUSED}:
            raise WrongKey(f"refused ({fault.errno:02x})") from None
        raise CardGone(f"no answer from the card ({fault.errno:02x})") from None
    except _BROKEN as fault:
        raise ReaderFailed(f"the reader does not answer: {fault}") from None


def _lock(path: str) -> int:
    """Holds the terminal for this process; a second opening would reset its speed."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as fault:
        raise ReaderFailed(f"{path}: {fault.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise ReaderFailed(f"{path}: another program uses this reader") from None
    return descriptor


def _open(path: str) -> Any:
    """An open nfcpy device. A serial chip left at a higher speed is fetched back, once."""
    try:
        if not path.startswith("/"):
            return nfc.ContactlessFrontend(path).device
        try:
            return _open_terminal(path)
        except _BROKEN:
            _fetch_back(path)
            return _open_terminal(path)
    except _BROKEN as fault:
        raise ReaderFailed(f"{path}: no PN532 answers ({_reason(fault)})") from None


def _open_terminal(path: str) -> Any:
    line = _PatientTerminal(path)
    try:
        device = pn532_driver.init(line)
    except BaseException:
        with contextlib.suppress(*_BROKEN):
            line.close()
        raise
    device._path = path  # noqa: SLF001  # as nfcpy's own opening sets it
    return device


def _fetch_back(path: str) -> None:
    """Sends a chip whose host died at a higher speed back to its first one."""
    set_speed = hsu.frame(bytes.fromhex("D41004"))
    for speed in _FAST_SPEEDS:
        with (
            contextlib.suppress(*_BROKEN),
            serial.Serial(path, speed, timeout=_RESCUE_PATIENCE_S) as line,
        ):
            line.reset_input_buffer()
            line.write(bytes(10) + hsu.ACK + set_speed)
            if hsu.ACK in line.read(len(hsu.ACK) + 9):
                line.write(hsu.ACK)
                line.flush()
                time.sleep(0.002)
                return


def _reason(fault: BaseException) -> str:
    number = fault.args[0] if fault.args else None
    return errno.errorcode.get(number, str(fault)) if isinstance(number, int) else str(fault)
