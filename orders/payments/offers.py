"""Which ways to pay there are on a day: data, edited in the admin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orders.payments.methods import Method
from orders.payments.models import PaymentMethod

# What the portal begins with.
FIRST_METHODS = (
    (Method.NEXI, date(2008, 1, 1), "Utsteders vilkår"),
    (Method.VIPPS, date(2008, 1, 1), "Utsteders vilkår"),
    (Method.INVOICE, date(2008, 1, 1), "Utsteders vilkår"),
)
TOLD_BEFORE = timedelta(days=60)  # a change is announced for that long


@dataclass(frozen=True)
class Change:
    """From that day on these are the ways to pay."""

    on: date
    methods: list[Method]


def methods_on(day: date) -> list[Method]:
    """The ways to pay on that day, in the order in which they are offered."""
    return _of(PaymentMethod.objects.all(), day)


def change_after(day: date) -> Change | None:
    """The next change of the ways to pay, where one is so near that it is announced."""
    rows = list(PaymentMethod.objects.all())
    today = _of(rows, day)
    days = {row.since for row in rows} | {
        row.until + timedelta(days=1) for row in rows if row.until
    }
    for on in sorted(on for on in days if day < on <= day + TOLD_BEFORE):
        if (then := _of(rows, on)) != today:
            return Change(on, then)
    return None


def make_methods(payment_method: Any) -> None:
    """The first ways to pay are there; what is there is left as it is."""
    for method, since, source in FIRST_METHODS:
        payment_method.objects.get_or_create(
            method=method, since=since, defaults={"source": source}
        )


def _of(rows: Iterable[PaymentMethod], day: date) -> list[Method]:
    offered = {
        row.method for row in rows if row.since <= day and (row.until is None or day <= row.until)
    }
    return [method for method in Method if method in offered]
