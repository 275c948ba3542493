"""The signed statement on a card, and what a portal checks before it believes a station's report.

The signature covers `hmskort-chip-1`, the UID, the public record and SHA-256 of the personal
record: a copy on another card, or with another person's record, does not verify.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from encoding import jwks, profiles, records
from encoding.content import CardContent
from encoding.errors import EncodingFault, Unreadable

DOMAIN = b"hmskort-chip-1"
"""Keeps a signature made for a chip from meaning anything elsewhere."""


class ReportRefused(EncodingFault):
    """A report that must not be believed; `code` says why in one word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """What is signed, with its signature."""

    uid: bytes
    public_record: bytes
    personal_digest: bytes
    key_id: bytes
    signature: bytes

    def verify(self, keys: Mapping[bytes, Ed25519PublicKey]) -> None:
        """Nothing, if one of the keys signed this. Raises Unreadable otherwise."""
        signer = keys.get(self.key_id)
        if signer is None:
            raise Unreadable(f"signature: no key {self.key_id.hex()}")
        try:
            signer.verify(self.signature, _signed(self))
        except InvalidSignature:
            raise Unreadable("signature: does not hold for this card") from None


def sign(
    signing: Ed25519PrivateKey, *, uid: bytes, public_record: bytes, personal_record: bytes
) -> Attestation:
    """The attestation of a card that is about to be written."""
    unsigned = Attestation(
        uid=uid,
        public_record=public_record,
        personal_digest=hashlib.sha256(personal_record).digest(),
        key_id=jwks.key_id(signing.public_key()),
        signature=b"",
    )
    return Attestation(**{**vars(unsigned), "signature": signing.sign(_signed(unsigned))})


def verify_report(
    report: Mapping[str, Any],
    content: CardContent,
    key_set: Mapping[str, Any],
    *,
    profile: str = "reference-1",
) -> None:
    """Nothing, if the report speaks of a card with this content, signed by one of the keys.

    report: the JSON of `done`: uid, personal_digest, key_id and image_digest in hex, public_record
    (48 bytes) and signature in base64. key_set: the JWKS document, as `json.loads` gives it.
    Raises ReportRefused with code `malformed`, `signature` or `content`.
    """
    attestation = _read(report)
    try:
        attestation.verify(jwks.parse(key_set))
    except Unreadable as wrong:
        raise ReportRefused("signature", str(wrong)) from None
    layout = profiles.load(profile)
    try:
        values = records.unpack(layout.public, attestation.public_record)
    except Unreadable as wrong:
        raise ReportRefused("malformed", str(wrong)) from None
    expected = {**vars(content), "profile_version": layout.version}
    for name, value in values.items():
        if name in expected and value != expected[name]:
            raise ReportRefused("content", f"{name}: the card says {value}")


def _read(report: Mapping[str, Any]) -> Attestation:
    try:
        attestation = Attestation(
            uid=bytes.fromhex(report["uid"]),
            public_record=base64.b64decode(report["public_record"], validate=True),
            personal_digest=bytes.fromhex(report["personal_digest"]),
            key_id=bytes.fromhex(report["key_id"]),
            signature=base64.b64decode(report["signature"], validate=True),
        )
        image_digest = bytes.fromhex(report["image_digest"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise ReportRefused("malformed", f"report: {wrong}") from None
    if len(attestation.uid) not in {4, 7} or len(image_digest) != hashlib.sha256().digest_size:
        raise ReportRefused("malformed", "report: uid or image_digest of a wrong length")
    return attestation


def _signed(attestation: Attestation) -> bytes:
    return DOMAIN + attestation.uid + attestation.public_record + attestation.personal_digest
