"""Identity numbers at rest: sealed with AES-GCM, found by a keyed hash.

Keys come from the environment. Several sealing keys may be given; the newest seals, all open, so
keys can be rotated row by row. The hash has a key of its own: who can find cannot open.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class UnknownKey(Exception):
    """The text was sealed with a key that is no longer given."""


@cache
def _keys(configured: str) -> dict[str, AESGCM]:
    pairs = (part.split(":", 1) for part in configured.split(",") if part)
    return {key_id: AESGCM(base64.b64decode(key)) for key_id, key in pairs}


def seal(text: str) -> str:
    """The text sealed with the newest key, as `key id:base64`."""
    key_id, key = list(_keys(settings.IDENTITY_KEYS).items())[-1]
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + key.encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str) -> str:
    """The text that was sealed.

    Raises:
        UnknownKey: its key is not among those given.
    """
    key_id, _, body = sealed.partition(":")
    key = _keys(settings.IDENTITY_KEYS).get(key_id)
    if key is None:
        raise UnknownKey(key_id)
    raw = base64.b64decode(body)
    return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()


def fingerprint(text: str) -> str:
    """A keyed hash of the text (64 hex digits), equal for equal texts."""
    key = base64.b64decode(settings.LOOKUP_KEY)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
