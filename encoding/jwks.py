"""Public signing keys: a JSON Web Key Set of Ed25519 keys, found by key id.

A key's id is the first 8 bytes of SHA-256 of its 32 raw bytes; `kid` is that in hex.
Format: RFC 7517, RFC 8037 (OKP). Published at /.well-known/hms-kort-keys.json.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from encoding.errors import Unreadable

KEY_ID = 8
"""Bytes of a key id."""


def key_id(public: Ed25519PublicKey) -> bytes:
    """The id that stands on the card and, as hex, in the key set."""
    return hashlib.sha256(_raw(public)).digest()[:KEY_ID]


def build(keys: Iterable[Ed25519PublicKey]) -> dict[str, list[dict[str, str]]]:
    """The key set, ready for `json.dumps`."""
    return {"keys": [_entry(key) for key in keys]}


def parse(document: str | Mapping[str, Any]) -> dict[bytes, Ed25519PublicKey]:
    """Key id to key. Keys of other types are passed over; a wrong `kid` is Unreadable."""
    data = json.loads(document) if isinstance(document, str) else document
    keys: dict[bytes, Ed25519PublicKey] = {}
    for entry in data["keys"]:
        if (entry.get("kty"), entry.get("crv")) != ("OKP", "Ed25519"):
            continue
        public = Ed25519PublicKey.from_public_bytes(_unbase64url(entry["x"]))
        if key_id(public).hex() != entry.get("kid"):
            raise Unreadable(f"key set: kid {entry.get('kid')!r} does not belong to its key")
        keys[key_id(public)] = public
    return keys


def _entry(public: Ed25519PublicKey) -> dict[str, str]:
    x = base64.urlsafe_b64encode(_raw(public)).decode().rstrip("=")
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": key_id(public).hex(),
        "x": x,
    }


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
