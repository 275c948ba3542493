"""Whom somebody has ticked in the list of employees, kept while they leaf through its pages.

In the session: it is that person's own, for one company and kind, and goes when they log out.
"""

from typing import Any

from registers.models import CardKind


def picked(request: Any, kind: CardKind) -> set[str]:
    """The ids of people who are ticked, on whatever page."""
    return set(request.session.get(_key(request, kind), []))


def keep(request: Any, kind: CardKind) -> set[str]:
    """A page was sent: who is ticked there is so from now on, and who was shown unticked is not."""
    ticked, shown = (set(request.POST.getlist(name)) for name in ("person", "vist"))
    now = (picked(request, kind) - shown) | ticked
    request.session[_key(request, kind)] = sorted(now)
    return now


def forget(request: Any, kind: CardKind) -> None:
    """Nobody is ticked."""
    request.session.pop(_key(request, kind), None)


def _key(request: Any, kind: CardKind) -> str:
    return f"staff:{request.company.orgnr}:{kind.code}"
