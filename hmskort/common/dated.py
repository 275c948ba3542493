"""Values that the law or a decision changes from a date, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Dated(Generic[Value]):
    """`value` holds from and with `since`; `source` says who decided."""

    since: date
    value: Value
    source: str


class NothingInForce(LookupError):
    """No value had come into force on that day."""


def in_force(values: Sequence[Dated[Value]], on: date) -> Dated[Value]:
    """The value in force on a day."""
    begun = [value for value in values if value.since <= on]
    if not begun:
        raise NothingInForce(f"nothing in force on {on}")
    return max(begun, key=lambda value: value.since)
