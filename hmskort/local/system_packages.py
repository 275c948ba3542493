"""Libraries and programs that pip cannot bring.

As root on Debian they are installed; otherwise one line says what to install and what will not work
until then.
"""

import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hmskort.local.places import VAR
from hmskort.local.process_tree import start
from hmskort.local.terminal import step, warn

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True)
class Need:
    """Something of the system, how to see that it is there, and what fails without it."""

    packages: tuple[str, ...]
    is_there: Callable[[], bool]
    without: str


def _loads(*libraries: str) -> bool:
    try:
        for library in libraries:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_pango() -> bool:
    return _loads("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


def _has_fonts() -> bool:
    return any(next(folder.rglob("*.[to]tf"), None) for folder in FONT_FOLDERS)


def chromium() -> str | None:
    """The browser that the browser tests drive."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


DOCUMENTS = Need(
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"),
    lambda: _has_pango() and _has_fonts(),
    "card faces and letters cannot be made",
)
BROWSER = Need(("chromium",), lambda: chromium() is not None, "the browser tests will fail")


def ensure(*needs: Need) -> None:
    """Each need is met, or the person knows what to install."""
    missing = [need for need in needs if not need.is_there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        with step("System packages: " + " ".join(_packages(missing))):
            _install(_packages(missing))
    for need in missing:
        if not need.is_there():
            warn(f"  !! Until these are installed, {need.without}: {install_line(need)}")


def install_line(*needs: Need) -> str:
    return "apt install " + " ".join(_packages(list(needs)))


def _packages(needs: list[Need]) -> list[str]:
    return [package for need in needs for package in need.packages]


def _install(packages: list[str]) -> None:
    env = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin",
    }
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    log = VAR / "log" / "apt.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        for argv in ([*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]):
            start(argv, env=env, output=output).wait()
