"""Secrets of the chip: two masters and a signing key, and the card keys derived from them.

No secret shows in `repr`, `str` or a traceback's values; `reveal()` is the only way to its bytes.
The write master (key B) never leaves the station; the read master (key A) may be handed to those
who read cards (BNIDReadkey).
"""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from encoding import jwks, mad

SYSTEM = b"HMS-KORT-SYS"
TRANSPORT = bytes.fromhex("FFFFFFFFFFFF")


class Secret:
    """Bytes that do not print."""

    __slots__ = ("_value",)
    size: int

    def __init__(self, value: bytes) -> None:
        if len(value) != self.size:
            raise ValueError(f"{type(self).__name__}: {self.size} bytes wanted")
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """The bytes themselves; keep them no longer than the call that needs them."""
        return self._value

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and secrets.compare_digest(self._value, other.reveal())

    __hash__ = None  # type: ignore[assignment]  # a secret is no dictionary key

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} is not pickled")


class Key(Secret):
    """A sector's key A or B."""

    __slots__ = ()
    size = 6


class Master(Secret):
    """An AES-128 key from which each card's keys are derived."""

    __slots__ = ()
    size = 16

    def card_key(self, uid: bytes, sector: int, letter: str) -> Key:
        """The first 6 bytes of the CMAC over `01 | UID | sector | letter | system id`.

        Our own rule for MIFARE Classic, in the manner of NXP AN10922 (which is for AES keys).
        """
        return Key(diversify(self, uid + bytes([sector]) + letter.encode("ascii") + SYSTEM)[:6])


def diversify(master: Master, message: bytes) -> bytes:
    """AES-128 key diversification of NXP AN10922: 16 bytes.

    message: 16-31 bytes. AN10922 always pads to 32 bytes; for shorter messages that is no longer
    what a plain CMAC does, so they are refused.
    """
    if not 16 <= len(message) <= 31:
        raise ValueError("message: 16 to 31 bytes")
    cmac = CMAC(AES(master.reveal()))
    cmac.update(b"\x01" + message)
    return cmac.finalize()


PUBLIC = Key(mad.PUBLIC_KEY)
FACTORY = Key(TRANSPORT)


@dataclass(frozen=True)
class ReadKeys:
    """What a terminal holds: enough to read cards, not to write them."""

    version: int
    read: Master

    def key_a(self, uid: bytes, sector: int, readable_by: str) -> Key:
        """The key that reads a sector."""
        if readable_by == "anyone":
            return PUBLIC
        return self.read.card_key(uid, sector, "A")


@dataclass(frozen=True)
class StationKeys(ReadKeys):
    """What an encoding station holds."""

    write: Master
    signing: Ed25519PrivateKey

    def key_b(self, uid: bytes, sector: int) -> Key:
        """The key that writes a sector."""
        return self.write.card_key(uid, sector, "B")

    @property
    def signing_key_id(self) -> bytes:
        """The id of the public half of the signing key."""
        return jwks.key_id(self.signing.public_key())
