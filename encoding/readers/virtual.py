"""A virtual reader: a pseudo-terminal behind which a PN532 with a card sits.

Any program that speaks PN532 over a serial line finds it: nfcpy, libnfc (`pn532_uart:<path>`).
"""

import os
import select
import termios
import threading
import tty
from types import TracebackType
from typing import Self

from encoding.readers import hsu
from encoding.readers.card import Card
from encoding.readers.pn532 import BadSyntax, Pn532

_WAKE_UP = 5
"""Bytes a sleeping chip loses while it wakes up; hosts send a preamble of ten and more."""
_SPEEDS = {
    getattr(termios, f"B{rate}"): rate
    for rate in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
}


class VirtualReader:
    """Open from the first moment; serves hosts while `serve` runs, or within `with`.

    path: the terminal to give to a host. The terminal's own end stays open here, so hosts may
    come and go. A host at another speed than the chip's is not heard.
    """

    def __init__(self, card: Card | None = None, *, strict_crc: bool = True) -> None:
        self.chip = Pn532(card, strict_crc=strict_crc)
        self._master, self._terminal = os.openpty()
        tty.setraw(self._terminal)
        self.path = os.ttyname(self._terminal)
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._framer = hsu.Framer()
        self._to_lose = 0
        self._pending: bytes | None = None
        self._hand = threading.Lock()

    def lay(self, card: Card | None) -> None:
        """This card (or none) is on the reader now; a host that waits for a card gets it."""
        with self._hand:
            if self.chip.card:
                self.chip.card.power_off()
            self.chip.card = card
            if card:
                card.in_field = True
                card.power_off()
            if self._pending:
                self._answer(self._pending)

    def serve(self) -> None:
        """Answers hosts until `stop`."""
        while True:
            ready, _, _ = select.select([self._master, self._stopped], [], [])
            if self._stopped in ready:
                return
            data = os.read(self._master, 4096)
            with self._hand:
                self._hear(data)

    def stop(self) -> None:
        """Ends `serve`; may be called from a signal handler or another thread."""
        os.write(self._stop, b"\0")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """The terminal is gone; hosts that still hold it get a hang-up."""
        for descriptor in (self._master, self._terminal, self._stopped, self._stop):
            os.close(descriptor)

    def _hear(self, data: bytes) -> None:
        if not self._same_speed():
            self._framer.clear()
            return
        if self.chip.asleep:
            self.chip.asleep = False
            self._to_lose = _WAKE_UP
        lost, data = data[: self._to_lose], data[self._to_lose :]
        self._to_lose -= len(lost)
        for body in self._framer.feed(data):
            self._take(body)
            if not self._same_speed():
                self._framer.clear()

    def _same_speed(self) -> bool:
        """Whether the host speaks at the chip's speed; a changed speed counts once it is used.

        The acknowledgement that should confirm a new speed may be lost when the host reopens the
        port at once (nfcpy flushes its output): being at the announced speed confirms it as well.
        """
        host = _SPEEDS.get(termios.tcgetattr(self._terminal)[5])
        if self.chip.next_baud is not None and host == self.chip.next_baud:
            self.chip.baud, self.chip.next_baud = self.chip.next_baud, None
        return host == self.chip.baud

    def _take(self, body: bytes) -> None:
        self._pending = None
        if not body:
            if self.chip.next_baud is not None:
                self.chip.baud, self.chip.next_baud = self.chip.next_baud, None
            return
        os.write(self._master, hsu.ACK)
        if body[0] != hsu.TO_CHIP or len(body) < 2:
            os.write(self._master, hsu.SYNTAX_ERROR)
            return
        self._answer(body[1:])

    def _answer(self, command: bytes) -> None:
        """Sends the answer; a command that waits for a card is kept for `lay`."""
        try:
            answer = self.chip.answer(command)
        except BadSyntax:
            os.write(self._master, hsu.SYNTAX_ERROR)
            return
        self._pending = command if answer is None else None
        if answer is not None:
            os.write(self._master, hsu.frame(bytes([hsu.TO_HOST]) + answer))
