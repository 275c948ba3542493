"""States move by a table, and the database settles who was first."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.db import models

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[State, frozenset[State]]


class MoveNotAllowed(Exception):
    """The table has no such move."""


class Superseded(Exception):
    """Somebody else changed the row first."""


def move(row: models.Model, to: State, moves: Moves[State], **changes: object) -> None:
    """Put `row` in state `to`, together with `changes`.

    The row changes only if the database still holds the state that this process read, so of two
    reviewers who press at once one succeeds and the other is told.

    Raises:
        MoveNotAllowed: the table has no such move.
        Superseded: somebody else moved the row first.
    """
    before = row.state  # type: ignore[attr-defined]
    if to not in moves[type(to)(before)]:
        raise MoveNotAllowed(f"{type(row).__name__} {before} -> {to}")
    changed = (
        models.QuerySet(model=type(row)).filter(pk=row.pk, state=before).update(state=to, **changes)
    )
    if changed != 1:
        raise Superseded(f"{type(row).__name__} {row.pk} left {before} meanwhile")
    for name, value in {"state": str(to), **changes}.items():
        setattr(row, name, value)
