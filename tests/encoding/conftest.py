import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from encoding import jwks, keystore, profiles
from encoding.keys import Master, StationKeys
from encoding.plan import encode
from encoding.readers.hardware import HardwareReader
from encoding.readers.virtual import VirtualReader
from tests.encoding.builders import RANDOM, UID, Bench, a_card, build_content


@pytest.fixture(scope="session")
def keys():
    return StationKeys(
        1,
        Master(secrets.token_bytes(16)),
        Master(secrets.token_bytes(16)),
        Ed25519PrivateKey.generate(),
    )


@pytest.fixture(scope="session")
def key_set(keys):
    return jwks.build([keys.signing.public_key()])


@pytest.fixture(scope="session")
def public_keys(key_set):
    return jwks.parse(key_set)


@pytest.fixture(scope="session")
def reference():
    return profiles.load("reference-1")


@pytest.fixture
def a_plan(keys, reference):
    def build(content=None, uid=UID, profile=None, random=RANDOM):
        return encode(
            content or build_content(),
            uid=uid,
            profile=profile or reference,
            keys=keys,
            random=random,
        )

    return build


@pytest.fixture(scope="module")
def open_bench():
    with VirtualReader() as virtual, HardwareReader(virtual.path) as reader:
        yield Bench(virtual, reader)


@pytest.fixture
def bench(open_bench):
    open_bench.lay(a_card())
    return open_bench


@pytest.fixture
def keys_directory(tmp_path):
    keystore.create(tmp_path / "keys")
    return tmp_path / "keys"
