"""Where uploads are kept: random names in private folders, readable by the portal only.

A file is written before the row that names it, so a row never names a file that is not there. A
file without a row may be left by a killed process; `remove_orphans` finds it.
"""

import logging
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError

from hmskort.common import clock

log = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(hours=1)  # far above the time between a file and its row
Named = Callable[[Collection[str]], Iterable[str]]


class NoRoom(Exception):
    """The file could not be written whole; nothing of it is left."""


@contextmanager
def written(*contents: bytes, folder: str) -> Iterator[list[str]]:
    """The names of the new files; they are gone again when the block fails.

    Where the database was lost they stay: it may have died after it wrote the row that names them.
    A file without a row is found later.

    Raises:
        NoRoom: the disk is full, or may not be written to.
    """
    names = [f"{folder}/{secrets.token_hex(20)}.jpg" for _content in contents]
    try:
        for name, content in zip(names, contents, strict=True):
            _write(name, content)
        yield names
    except OperationalError:
        raise
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


def read(name: str) -> bytes:
    """The content of a stored file."""
    with default_storage.open(name, "rb") as stream:
        content: bytes = stream.read()
    return content


def delete(names: list[str]) -> None:
    """The files are gone; deleting twice does no harm."""
    for name in filter(None, names):
        default_storage.delete(name)


def remove_orphans(folder: str, named: Named) -> int:
    """Files that a killed process left without a row are gone; how many there were.

    named: of these files, those that a row names.
    """
    try:
        _folders, stored = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded; an object store knows no folders
        return 0
    names = {f"{folder}/{name}" for name in stored}
    before = clock.now() - ORPHAN_AGE
    orphans = [
        name
        for name in names - set(named(names))
        if default_storage.get_modified_time(name) < before
    ]
    delete(orphans)
    return len(orphans)


def _write(name: str, content: bytes) -> None:
    try:
        default_storage.save(name, ContentFile(content))
    except OSError as error:
        log.error("a file could not be stored: %s", error.strerror)  # noqa: TRY400 - no traceback needed
        raise NoRoom from error
