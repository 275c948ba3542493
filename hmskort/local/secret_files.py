"""The keys of a development portal: made once, kept in files that only their owner may read.

They are given to the programs as `HMSKORT_..._FILE`, as a production would give them.
"""

import base64
import os
import secrets
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from hmskort.local.places import PYTHON

STATION = "station-1"


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


RSA_KEY = """
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
print(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode())
"""


def _rsa_key() -> str:
    """A private key in PEM, made in the environment: the standard library has no RSA."""
    made = subprocess.run([PYTHON, "-c", RSA_KEY], check=True, capture_output=True, text=True)
    return made.stdout.strip()


MAKERS: Mapping[str, Callable[[], str]] = {
    "HMSKORT_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "HMSKORT_IDENTITY_KEYS": lambda: f"1:{_key()}",
    "HMSKORT_LOOKUP_KEY": _key,
    "HMSKORT_STATION_TOKENS": lambda: f"{STATION}:{secrets.token_urlsafe(32)}",
    "HMSKORT_MASKINPORTEN_KEY": _rsa_key,
}


def ensure(folder: Path) -> dict[str, str]:
    """Every key has its file in the folder; the variables that point to them."""
    for name, make in MAKERS.items():
        _write_once(_file(folder, name), make)
    return {f"{name}_FILE": str(_file(folder, name)) for name in MAKERS}


def station_token(folder: Path) -> Path:
    """The file of what the encoding station shows the portal."""
    file = folder / f"{STATION}.token"
    tokens = _file(folder, "HMSKORT_STATION_TOKENS")
    _write_once(file, lambda: tokens.read_text().partition(":")[2])
    return file


def _file(folder: Path, name: str) -> Path:
    return folder / name.removeprefix("HMSKORT_").lower()


def _write_once(file: Path, make: Callable[[], str]) -> None:
    """A file that exists is never written over, and none is ever half written."""
    if file.exists():
        return
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(make())
    new.rename(file)
