"""The chip's keys of a development portal: masters and signing key, made once by `encoding`."""

import os
from pathlib import Path

from hmskort.local.places import PYTHON, ROOT
from hmskort.local.process_tree import start
from hmskort.local.terminal import Trouble, ending


def ensure(secrets: Path) -> dict[str, str]:
    """The key folder exists; the variables that point to it and to the public keys."""
    folder, public = secrets / "chip", secrets / "chip-public.json"
    if not folder.exists():
        _encoding(secrets / "chip-keys.log", "new", str(folder))
    if not public.exists():
        new = public.with_suffix(".new")
        _encoding(new, "jwks", str(folder))
        new.rename(public)
    return {"HMSKORT_CHIP_KEYS": str(folder), "HMSKORT_CHIP_PUBLIC_KEYS": str(public)}


def _encoding(output: Path, *arguments: str) -> None:
    argv = [str(PYTHON), "-m", "encoding", "keys", *arguments]
    with output.open("wb") as handle:
        if start(argv, env=os.environ, output=handle, cwd=ROOT).wait() != 0:
            raise Trouble(f"The chip keys could not be made: {ending(output)}")
