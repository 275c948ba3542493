"""Where pieces are kept: random names under the private media folder, readable by the portal only.

A file is written before the row that names it, so a row never names a file that is not there. A
file without a row may be left by a killed process; `actions.remove_orphans` finds it.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError

log = logging.getLogger(__name__)

FOLDER = "evidence"


class NoRoom(Exception):
    """The file could not be written whole; nothing of it is left."""


@contextmanager
def written(*contents: bytes, folder: str = FOLDER) -> Iterator[list[str]]:
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


def _write(name: str, content: bytes) -> None:
    try:
        default_storage.save(name, ContentFile(content))
    except OSError as error:
        log.error("a file could not be stored: %s", error.strerror)  # noqa: TRY400 - no traceback needed
        raise NoRoom from error
