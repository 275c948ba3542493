"""Whom somebody has ticked in a list of many pages: kept in the session, for each company apart."""

from collections.abc import Collection, Iterable

from django.contrib.sessions.backends.base import SessionBase

MOST = 500  # in one order


def ticked(session: SessionBase, orgnr: str) -> set[str]:
    """The numbers of the cards that are ticked."""
    return set(session.get(_key(orgnr), []))


def tick(
    session: SessionBase, orgnr: str, *, shown: Collection[str], chosen: Collection[str]
) -> None:
    """Of those shown the chosen ones are ticked and no others; what is on other pages stays."""
    keep(session, orgnr, (ticked(session, orgnr) - set(shown)) | (set(chosen) & set(shown)))


def keep(session: SessionBase, orgnr: str, numbers: Iterable[str]) -> None:
    """Just these are ticked."""
    session[_key(orgnr)] = sorted(set(numbers))


def _key(orgnr: str) -> str:
    return f"ticked:{orgnr}"
