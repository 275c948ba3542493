"""Pages of a list by key: a page costs the same wherever in the list it is.

A sort is names of fields that together are unique and have an index in that order. With a minus
before them they run downwards, all of them or none: then the rows after a place are one comparison
of rows, which the index answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

PER_PAGE = 25
Row = TypeVar("Row", bound=Model)
Place = tuple[str, ...]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page. after, before: cursors of the neighbours, empty where there is none."""

    rows: list[Row]
    after: str
    before: str


def page(rows: QuerySet[Row], sort: Sequence[str], wanted: Mapping[str, str]) -> Page[Row]:
    """The page that `etter` or `for` in the address asks for; a broken cursor is the beginning.

    Rows of a large table are best without joins: the database then takes the index of the sort,
    and looks for nothing better. What stands beside them can be prefetched.
    """
    back = bool(wanted.get("for"))
    place = _place(wanted.get("for") or wanted.get("etter") or "", sort)
    order = [_turned(name) if back else name for name in sort]
    found = list(_beyond(rows, order, place).order_by(*order)[: PER_PAGE + 1])
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if back:
        found.reverse()
    return Page(
        rows=found,
        after=cursor_of(found[-1], sort) if found and (more or back) else "",
        before=cursor_of(found[0], sort) if found and (more if back else bool(place)) else "",
    )


def downwards(sort: Sequence[str]) -> tuple[str, ...]:
    """The same sort from its other end."""
    return tuple(_turned(name) for name in sort)


def _beyond(rows: QuerySet[Row], order: Sequence[str], place: Place | None) -> QuerySet[Row]:
    """The rows after a place."""
    if place is None:
        return rows
    beyond = TupleLessThan if order[0].startswith("-") else TupleGreaterThan
    return rows.filter(beyond(tuple(name.lstrip("-") for name in order), place))


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def cursor_of(row: Model, sort: Sequence[str]) -> str:
    """The row's place, signed: nobody can ask for a place by values of their own."""
    values = [_text(getattr(row, name.lstrip("-"))) for name in sort]
    return signing.dumps([",".join(sort), *values], compress=True)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _place(cursor: str, sort: Sequence[str]) -> Place | None:
    """The place that a cursor says; a broken one, or one of another sort, is the beginning."""
    try:
        of, *place = signing.loads(cursor)
    except (signing.BadSignature, ValueError):
        return None
    return tuple(place) if of == ",".join(sort) else None
