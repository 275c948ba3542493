"""The virtual environment in `.venv`, made from the hashed lock.

A stamp inside it says which lock it was made from; no stamp means that someone was interrupted, so
it is made again. uv does the work when it is there, pip otherwise.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hmskort.local.places import PYTHON, ROOT, VAR, VENV, locked
from hmskort.local.process_tree import start
from hmskort.local.terminal import Trouble, step

RUN = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"  # holds all of RUN too
STAMP = VENV / "hmskort-stamp"
LOG = VAR / "log" / "environment.log"
CAUSES = {
    "No space left on device": "The disk is full.",
    "Temporary failure in name resolution": "There is no network, and the packages are not here.",
    "Network is unreachable": "There is no network, and the packages are not here.",
    "Failed to establish a new connection": "The package index does not answer.",
    "dns error": "There is no network, and the packages are not here.",
    "error sending request": "The package index does not answer.",
    "No matching distribution": "The package index does not have a package of the lock.",
    "DO NOT MATCH THE HASHES": "A package does not match the hash in the lock.",
    "Permission denied": "This user may not write here.",
}


def ensure(lock: Path) -> None:
    """`.venv` holds what the lock says."""
    with locked(VAR / "environment.lock"):
        if _digest(lock) in _stamped():
            return
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with step("Python packages into .venv (the first time this takes a minute or two)"):
            _make(lock)


def _make(lock: Path) -> None:
    if not _stamped() and VENV.exists():
        shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not (uv and _made_by_uv(uv, lock)):
        _make_by_pip(lock)
    included = {_digest(lock), _digest(RUN)} if lock == DEVELOPMENT else {_digest(lock)}
    STAMP.write_text("\n".join([_interpreter(), *sorted(included)]) + "\n")


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _interpreter() -> str:
    """The program behind `.venv`; another one means that its packages are for another Python."""
    return os.path.realpath(PYTHON)


def _stamped() -> set[str]:
    """The locks that `.venv` holds, none when it is missing, half made or for another Python."""
    try:
        interpreter, *digests = STAMP.read_text().split("\n")
    except OSError:
        return set()
    works = PYTHON.exists() and interpreter == _interpreter()
    return {digest for digest in digests if digest} if works else set()


def _made_by_uv(uv: str, lock: Path) -> bool:
    """True when uv could do it; it knows fewer package sources than pip does."""
    made = PYTHON.exists() or _succeeds([uv, "venv", "-q", "--python", sys.executable, str(VENV)])
    packages = ["--require-hashes", "--compile-bytecode", "-r", str(lock)]
    install = [uv, "pip", "install", "-q", "--python", str(PYTHON), *packages]
    return made and _succeeds(install)


def _make_by_pip(lock: Path) -> None:
    if importlib.util.find_spec("pip"):
        make, pip = (
            ["venv", "--without-pip"],
            [sys.executable, "-m", "pip", "--python", str(PYTHON)],
        )
    elif importlib.util.find_spec("ensurepip"):
        make, pip = ["venv"], [str(PYTHON), "-m", "pip"]
    else:
        raise Trouble("This Python has no pip; install it (Debian: apt install python3-pip).")
    options = ["-q", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    for argv in (
        [sys.executable, "-m", *make, str(VENV)],
        [*pip, "install", *options, "-r", str(lock)],
    ):
        if not _succeeds(argv):
            raise Trouble(_cause())


def _succeeds(argv: list[str]) -> bool:
    with LOG.open("wb") as output:
        return start(argv, env=os.environ, output=output, cwd=ROOT).wait() == 0


def _cause() -> str:
    text = LOG.read_text(errors="replace")
    known = next((line for sign, line in CAUSES.items() if sign in text), None)
    last = text.rstrip().rpartition("\n")[2] or "The environment could not be made."
    return (
        f"{known or last} (More in {LOG.relative_to(ROOT)}; what is missing is fetched next time.)"
    )


def version_of(program: str) -> str:
    """What a program says of its version, empty when it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
