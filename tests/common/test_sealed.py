import base64

import pytest
from cryptography.exceptions import InvalidTag

from hmskort.common import sealed

NUMBER = "01819012345"


def key(letter):
    return base64.b64encode(letter * 32).decode()


def test_a_sealed_number_opens_again_and_is_never_sealed_alike_twice():
    assert sealed.unseal(sealed.seal(NUMBER)) == NUMBER
    assert sealed.seal(NUMBER) != sealed.seal(NUMBER)
    assert NUMBER not in sealed.seal(NUMBER)


def test_a_rotated_key_seals_and_the_old_one_still_opens(settings):
    settings.IDENTITY_KEYS = f"1:{key(b'a')}"
    old = sealed.seal(NUMBER)
    settings.IDENTITY_KEYS = f"1:{key(b'a')},2:{key(b'b')}"
    assert sealed.seal(NUMBER).startswith("2:")
    assert sealed.unseal(old) == NUMBER
    settings.IDENTITY_KEYS = f"2:{key(b'b')}"
    with pytest.raises(sealed.UnknownKey):
        sealed.unseal(old)


def test_a_changed_seal_does_not_open():
    text = sealed.seal(NUMBER)
    key_id, _, body = text.partition(":")
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    with pytest.raises(InvalidTag):
        sealed.unseal(f"{key_id}:{base64.b64encode(raw).decode()}")


def test_the_keyed_hash_finds_and_differs_with_the_key(settings):
    assert sealed.fingerprint(NUMBER) == sealed.fingerprint(NUMBER)
    before = sealed.fingerprint(NUMBER)
    settings.LOOKUP_KEY = key(b"z")
    assert sealed.fingerprint(NUMBER) != before
