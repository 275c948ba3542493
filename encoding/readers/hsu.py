"""Frames on the PN532's serial line (HSU). Source: NXP PN532 user manual UM0701-02, 6.2.

`00 00 FF LEN LCS <body> DCS 00`; longer bodies `00 00 FF FF FF LENM LENL LCS <body> DCS 00`.
The sum of length and LCS, and of body and DCS, is 0 modulo 256.
"""

from collections.abc import Iterator

ACK = bytes.fromhex("0000FF00FF00")
SYNTAX_ERROR = bytes.fromhex("0000FF01FF7F8100")
TO_CHIP, TO_HOST = 0xD4, 0xD5
_START = b"\x00\xff"
_LONGEST_SHORT = 255
_DAMAGED = b"damaged"
"""Stands for a frame that was dropped; told apart by identity."""


def frame(body: bytes) -> bytes:
    """The body in a frame, extended where it has more than 255 bytes."""
    if len(body) <= _LONGEST_SHORT:
        head = bytes([len(body), -len(body) & 0xFF])
    else:
        length = len(body).to_bytes(2, "big")
        head = b"\xff\xff" + length + bytes([-sum(length) & 0xFF])
    return b"\x00" + _START + head + body + bytes([-sum(body) & 0xFF, 0])


class Framer:
    """Picks frames out of a stream of bytes; what lies between them is passed over."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies of the frames now whole; b"" for an ACK. Damaged frames are dropped."""
        self._waiting += data
        while (found := self._next()) is not None:
            if found is not _DAMAGED:
                yield found

    def clear(self) -> None:
        """Forgets a frame that has only half arrived."""
        self._waiting.clear()

    def _next(self) -> bytes | None:
        start = self._waiting.find(_START)
        if start < 0:
            del self._waiting[:-1]
            return None
        del self._waiting[:start]
        head = bytes(self._waiting[2:7])
        if len(head) < 2 or (head[:2] == b"\xff\xff" and len(head) < 5):
            return None
        return self._body(head)

    def _body(self, head: bytes) -> bytes | None:
        if head[:2] in {b"\x00\xff", b"\xff\x00"}:
            del self._waiting[:4]
            return b"" if head[0] == 0 else _DAMAGED
        size, begin = (
            (int.from_bytes(head[2:4], "big"), 7) if head[:2] == b"\xff\xff" else (head[0], 4)
        )
        if sum(head[2:5] if begin == 7 else head[:2]) & 0xFF:
            del self._waiting[:2]
            return _DAMAGED
        if len(self._waiting) < begin + size + 1:
            return None
        body = bytes(self._waiting[begin : begin + size])
        checksum = self._waiting[begin + size]
        del self._waiting[: begin + size + 1]
        return body if (sum(body) + checksum) & 0xFF == 0 else _DAMAGED
