"""The cards' own pictures, in a folder for each card: `cards/<id>/`.

They are written while the card is issued. Where that came to nothing after all, or a process died
meanwhile, the folder stands alone; `remove_orphans` finds it.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from cards.models import Card
from hmskort.common import clock

FOLDER = "cards"
ORPHAN_AGE = timedelta(hours=1)  # far above the time from a file to the commit of its card
AT_ONCE = 1000


def remove_orphans() -> int:
    """Folders that no card points to are gone; how many there were."""
    orphans = [folder for folder in _without_card(_folders()) if _is_old(folder)]
    for folder in orphans:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        with suppress(OSError):  # a store without folders has none to remove
            default_storage.delete(folder)
    return len(orphans)


def _folders() -> list[str]:
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # no card was ever issued; an object store knows no folders
        return []
    return sorted(folders)


def _without_card(folders: list[str]) -> Iterator[str]:
    """Those named by an id that no card has. What is named otherwise is not ours to judge."""
    ids = [folder for folder in folders if _is_id(folder)]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        known = {str(pk) for pk in Card.objects.filter(pk__in=some).values_list("pk", flat=True)}
        yield from (f"{FOLDER}/{folder}" for folder in some if folder not in known)


def _is_id(folder: str) -> bool:
    try:
        return str(UUID(folder)) == folder
    except ValueError:
        return False


def _is_old(folder: str) -> bool:
    """Nothing in it is so young that its card may not be there yet; an empty one may be that."""
    names = default_storage.listdir(folder)[1]
    before = clock.now() - ORPHAN_AGE
    times = [default_storage.get_modified_time(f"{folder}/{name}") for name in names]
    return bool(times) and max(times) < before
