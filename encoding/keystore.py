"""The keys directory: `read-master`, `write-master` (hex), `signing.pem`, `version`; all 0600.

A rotated-out signing key's public half stays in `retired-jwks.json`, so that its cards verify.
"""

import json
import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from encoding import jwks
from encoding.errors import Unfit
from encoding.keys import Master, ReadKeys, StationKeys


def create(directory: Path) -> None:
    """Makes the directory with new random keys, whole or not at all.

    Raises Unfit if it already holds keys: a lost master makes every issued card unwritable.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Unfit(f"{directory} is not empty; keys are never overwritten")
    directory.parent.mkdir(parents=True, exist_ok=True)
    half_made = directory.parent / f".{directory.name}.{secrets.token_hex(4)}"
    half_made.mkdir(mode=0o700)
    signing = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    _write(half_made / "read-master", secrets.token_hex(16).encode() + b"\n")
    _write(half_made / "write-master", secrets.token_hex(16).encode() + b"\n")
    _write(half_made / "signing.pem", signing)
    _write(half_made / "version", b"1\n")
    half_made.replace(directory)


def reading_keys(directory: Path) -> ReadKeys:
    """What a terminal needs: only `version` and `read-master` have to be there."""
    return ReadKeys(int(_read(directory / "version")), _master(directory / "read-master"))


def station_keys(directory: Path) -> StationKeys:
    """All keys. Raises Unfit, naming the file that is missing or open to others."""
    signing = load_pem_private_key(_read(directory / "signing.pem").encode(), None)
    if not isinstance(signing, Ed25519PrivateKey):
        raise Unfit(f"{directory / 'signing.pem'}: not an Ed25519 key")
    reading = reading_keys(directory)
    write = _master(directory / "write-master")
    return StationKeys(reading.version, reading.read, write, signing)


def public_keys(directory: Path) -> dict[str, list[dict[str, str]]]:
    """The key set to publish: the signing key's public half and those retired."""
    published = jwks.build([station_keys(directory).signing.public_key()])
    retired = directory / "retired-jwks.json"
    if retired.exists():
        published["keys"] += json.loads(retired.read_text())["keys"]
    return published


def _master(path: Path) -> Master:
    try:
        return Master(bytes.fromhex(_read(path)))
    except ValueError:
        raise Unfit(f"{path}: not 32 hex digits") from None


def _read(path: Path) -> str:
    try:
        with path.open() as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Unfit(f"{path}: open to others; chmod 600")
            return file.read()
    except OSError as error:
        raise Unfit(f"{path}: {error.strerror}") from None


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
