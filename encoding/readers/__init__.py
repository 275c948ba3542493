"""Readers: one Protocol; hardware through nfcpy, and a virtual PN532 that nfcpy cannot tell apart.

| module | knows |
|---|---|
| `hardware` | nfcpy: the only reader there is, also for the virtual one |
| `virtual` | a pseudo-terminal with a PN532 behind it |
| `hsu`, `pn532`, `card` | what that PN532 is made of: serial frames, commands, a 4K card |
"""

from types import TracebackType
from typing import Protocol, Self

from encoding.keys import Key


class Reader(Protocol):
    """A reader with at most one card on it. Each call is one exchange with the reader.

    After any fault the card has forgotten its authentication: select again first.
    """

    def select(self, uid: bytes | None = None) -> bytes:
        """The UID (4 or 7 bytes) of the card now selected; only `uid` if given.

        Raises CardGone, ReaderFailed.
        """

    def authenticate(self, block: int, letter: str, key: Key) -> None:
        """The block's sector is open under key `letter` ("A" or "B").

        Raises WrongKey, DeadSector (the card answers a new select), CardGone, ReaderFailed.
        """

    def read(self, block: int) -> bytes:
        """The block's 16 bytes. Raises WrongKey (access bits), CardGone, ReaderFailed."""

    def write(self, block: int, data: bytes) -> None:
        """The block holds these 16 bytes. Raises as `read`."""

    def close(self) -> None:
        """The reader is asleep at its first speed, free for the next program."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
