import json
import pickle
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from encoding import jwks, keystore
from encoding.errors import Unfit, Unreadable
from encoding.keys import Key, Master, diversify

AN10922 = Master(bytes.fromhex("00112233445566778899AABBCCDDEEFF"))
UID = bytes.fromhex("04782E21801D80")


def test_diversification_gives_the_key_of_the_example_in_an10922():
    derived = diversify(AN10922, UID + bytes.fromhex("3042F5 4E585020416275"))
    assert derived.hex() == "a8dd63a3b89d54b37ca802473fda9175"


def test_messages_that_plain_cmac_would_pad_otherwise_are_refused():
    with pytest.raises(ValueError, match="16 to 31"):
        diversify(AN10922, bytes(15))


def test_a_card_key_is_six_bytes_of_our_own_rule():
    message = UID + bytes([5]) + b"A" + b"HMS-KORT-SYS"
    assert AN10922.card_key(UID, 5, "A") == Key(diversify(AN10922, message)[:6])


def test_each_card_sector_and_letter_has_its_own_key():
    made = {
        AN10922.card_key(uid, sector, letter).reveal()
        for uid in (UID, bytes.fromhex("01020304"))
        for sector in range(40)
        for letter in "AB"
    }
    assert len(made) == 2 * 40 * 2


def test_secrets_do_not_print_pickle_or_hash(keys):
    secret = Master(bytes(range(16)))
    for shown in (repr(secret), str(secret), f"{secret}", repr(keys)):
        assert "0f" not in shown.lower()[1:9]
        assert secret.reveal().hex() not in shown
    assert repr(secret) == "<Master>"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)


def test_new_keys_are_for_their_owner_alone(keys_directory):
    for file in keys_directory.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keystore.station_keys(keys_directory).version == 1


def test_keys_are_never_overwritten(keys_directory):
    before = keystore.station_keys(keys_directory)
    with pytest.raises(Unfit, match="not empty"):
        keystore.create(keys_directory)
    assert keystore.station_keys(keys_directory).read == before.read


def test_keys_that_others_can_read_are_refused(keys_directory):
    (keys_directory / "write-master").chmod(0o640)
    with pytest.raises(Unfit, match="open to others"):
        keystore.station_keys(keys_directory)


def test_a_terminal_needs_no_write_master_and_no_signing_key(keys_directory):
    (keys_directory / "write-master").unlink()
    (keys_directory / "signing.pem").unlink()
    assert keystore.reading_keys(keys_directory).version == 1


def test_the_published_key_set_holds_the_signing_key_by_its_id(keys_directory):
    published = json.dumps(keystore.public_keys(keys_directory))
    station = keystore.station_keys(keys_directory)
    assert list(jwks.parse(published)) == [station.signing_key_id]


def test_a_retired_signing_key_stays_published(keys_directory):
    old = Ed25519PrivateKey.generate().public_key()
    (keys_directory / "retired-jwks.json").write_text(json.dumps(jwks.build([old])))
    assert jwks.key_id(old) in jwks.parse(keystore.public_keys(keys_directory))


def test_the_example_key_of_rfc_8037_is_understood_and_a_false_kid_is_not():
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    entry = {"kty": "OKP", "crv": "Ed25519", "kid": "21fe31dfa154a261", "x": x}
    assert [key.hex() for key in jwks.parse({"keys": [entry]})] == ["21fe31dfa154a261"]
    with pytest.raises(Unreadable):
        jwks.parse({"keys": [{**entry, "kid": "00"}]})
