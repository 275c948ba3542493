"""Sets of dates: when something holds, and how two such sets combine.

A set is a sorted tuple of half-open ranges; `None` is without end in that direction. The same set
is a `datemultirange` in PostgreSQL, so *holds today* is one indexed question.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from psycopg.types.multirange import DateMultirange, Multirange
from psycopg.types.range import Range

FIRST = date.min
LAST = date.max
Span = tuple[date, date]  # [from, to), with FIRST and LAST for the open ends


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


@dataclass(frozen=True)
class DateRanges:
    """A set of dates as sorted, disjoint, half-open ranges."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def always(cls) -> "DateRanges":
        return cls(((FIRST, LAST),))

    @classmethod
    def never(cls) -> "DateRanges":
        return cls(())

    @classmethod
    def between(cls, first: date | None, last: date | None) -> "DateRanges":
        """From and with `first` to and with `last`; None is without end."""
        end = LAST if last is None or last == date.max else last + timedelta(days=1)
        return cls(_merged([(first or FIRST, end)]))

    def __or__(self, other: "DateRanges") -> "DateRanges":
        return DateRanges(_merged([*self.spans, *other.spans]))

    def __and__(self, other: "DateRanges") -> "DateRanges":
        return DateRanges(
            _merged((max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans)
        )

    def __contains__(self, day: date) -> bool:
        return any(start <= day < end for start, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[tuple[date | None, date | None]]:
        """Each range as (first day, last day), both inclusive; None is without end."""
        for start, end in self.spans:
            yield (
                None if start == FIRST else start,
                None if end == LAST else end - timedelta(days=1),
            )


class DateRangesField(models.Field):  # type: ignore[type-arg]
    """Stores `DateRanges` as a PostgreSQL `datemultirange`."""

    description = "A set of dates"

    def db_type(self, connection: object) -> str:
        return "datemultirange"

    def from_db_value(
        self, value: "Multirange[date] | None", expression: object, connection: object
    ) -> DateRanges | None:
        if value is None:
            return None
        return DateRanges(tuple((part.lower or FIRST, part.upper or LAST) for part in value))

    def get_prep_value(self, value: DateRanges | None) -> DateMultirange | None:
        if value is None:
            return None
        return DateMultirange(
            Range(None if start == FIRST else start, None if end == LAST else end, "[)")
            for start, end in value.spans
        )


@DateRangesField.register_lookup
class HoldsOn(models.Lookup):
    """`valid_on__holds_on=day`: rows whose set has the day."""

    lookup_name = "holds_on"
    prepare_rhs = False  # a day, not a set

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @> %s::date", (*left_params, self.rhs)
