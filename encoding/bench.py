"""What stands on the table of an encoding station: a reader, and somebody who lays cards on it."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from encoding.errors import ReaderFailed
from encoding.readers.card import random_uid

_log = logging.getLogger("encoding.bench")


class Bench(Protocol):
    """A reader's path, and the moves of cards around it."""

    path: str

    def lay(self, uid: bytes | None) -> None:
        """The card with this UID, or a fresh one, is on the reader or about to be."""

    def finished(self, uid: bytes, card_number: str) -> None:
        """The finished card leaves the reader."""

    def wasted(self, uid: bytes) -> None:
        """The card is thrown away."""

    def close(self) -> None:
        """Nothing is left behind."""


class Table:
    """A hardware reader; a person moves the cards and reads what to do in the log."""

    def __init__(self, path: str) -> None:
        self.path = path

    def lay(self, uid: bytes | None) -> None:
        _log.info("lay %s on the reader", f"card {uid.hex()}" if uid else "a blank card")

    def finished(self, uid: bytes, card_number: str) -> None:
        _log.info("card %s is finished: lift it off", card_number)

    def wasted(self, uid: bytes) -> None:
        _log.warning("card %s is waste: throw it away", uid.hex())

    def close(self) -> None:
        pass


class VirtualTable:
    """A virtual reader in a child process with a stack of blank cards, each a file in `cards`.

    A card in work is `<uid>.mfd`, a finished one `<card number>.mfd`, waste `<uid>.waste`.
    The child ends when this process does, however it ends; the cards stay.
    """

    def __init__(self, cards: Path) -> None:
        cards.mkdir(parents=True, exist_ok=True)
        self._cards = cards.resolve()
        self._top_of_stack = random_uid()
        self._start()

    def _start(self) -> None:
        self._reader = subprocess.Popen(
            [sys.executable, "-m", "encoding", "virtual-reader", "--hand"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        )
        self.path = self._line()
        if not self.path:
            raise ReaderFailed("the virtual reader did not start")

    def lay(self, uid: bytes | None) -> None:
        if self._reader.poll() is not None:
            self._start()
        uid = uid or self._top_of_stack
        self._tell(f"lay {uid.hex()} {self._card(uid)}")

    def finished(self, uid: bytes, card_number: str) -> None:
        self._put_away(uid, f"{card_number}.mfd")

    def wasted(self, uid: bytes) -> None:
        self._put_away(uid, f"{uid.hex()}.waste")

    def close(self) -> None:
        if self._reader.stdin:
            self._reader.stdin.close()
        try:
            self._reader.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._reader.kill()
            self._reader.wait()
        if self._reader.stdout:
            self._reader.stdout.close()

    def _put_away(self, uid: bytes, name: str) -> None:
        self._tell("lift")
        if self._card(uid).exists():
            self._card(uid).replace(self._cards / name)
        if uid == self._top_of_stack:
            self._top_of_stack = random_uid()

    def _card(self, uid: bytes) -> Path:
        return self._cards / f"{uid.hex()}.mfd"

    def _tell(self, command: str) -> None:
        try:
            if self._reader.stdin:
                self._reader.stdin.write(command + "\n")
                self._reader.stdin.flush()
        except OSError:
            raise ReaderFailed("the virtual reader is gone") from None
        answer = self._line()
        if answer != "ok":
            raise ReaderFailed(f"the virtual reader: {answer or 'gone'}")

    def _line(self) -> str:
        return self._reader.stdout.readline().strip() if self._reader.stdout else ""
