"""The lines of an invoice: what was captured less what was refunded, line by line."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from hmskort.common.money import VAT_PER_CENT, ZERO, Amount
from orders.payments.provider import Item


@dataclass(frozen=True)
class Row:
    """One line. Amounts are øre; `net_ore` and `vat_ore` are of the whole line."""

    reference: str
    name: str
    quantity: int
    net_ore: int
    vat_ore: int

    @property
    def unit_ore(self) -> int:
        """The price of one without VAT: a line whose sum does not divide is one of its kind."""
        return self.net_ore // self.quantity

    @property
    def vat_per_cent(self) -> int:
        """What is free is sold under the same VAT as what is not."""
        return VAT_PER_CENT if self.vat_ore or not self.net_ore else 0

    @property
    def gross_ore(self) -> int:
        return self.net_ore + self.vat_ore


@dataclass(frozen=True)
class VatSum:
    """What is sold under one rate, and the VAT on it."""

    per_cent: int
    net_ore: int
    vat_ore: int


def net_of(captured: Iterable[Item], refunded: Iterable[Item]) -> list[Row]:
    """What is left of each line to be paid; a line that was refunded whole is not there."""
    back: dict[str, Amount] = {}
    for item in refunded:
        back[item.reference] = back.get(item.reference, ZERO) + item.total
    return [row for item in captured if (row := _left(item, back.pop(item.reference, ZERO)))]


def rows_of(items: Iterable[Item]) -> list[Row]:
    """The items as lines."""
    return net_of(items, [])


def _left(item: Item, back: Amount) -> Row | None:
    left = Amount(item.total.net_ore - back.net_ore, item.total.vat_ore - back.vat_ore)
    if left.gross_ore <= 0 < item.total.gross_ore:
        return None
    one = item.amount.net_ore
    whole = one and left.net_ore % one == 0 and left.net_ore // one
    quantity = (whole or 1) if back != ZERO else item.quantity
    return Row(item.reference, item.name, quantity, left.net_ore, left.vat_ore)


def total_of(rows: Iterable[Row]) -> Amount:
    """What the lines come to."""
    return sum((Amount(row.net_ore, row.vat_ore) for row in rows), ZERO)


def vat_sums(rows: Iterable[Row]) -> list[VatSum]:
    """The VAT by rate, the highest first."""
    ordered = sorted(rows, key=lambda row: -row.vat_per_cent)
    return [
        VatSum(rate, *(_sums(list(same))))
        for rate, same in groupby(ordered, key=lambda row: row.vat_per_cent)
    ]


def _sums(rows: list[Row]) -> tuple[int, int]:
    return sum(row.net_ore for row in rows), sum(row.vat_ore for row in rows)


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The lines as they are stored."""
    return [asdict(row) for row in rows]


def rows_from(stored: Iterable[dict[str, Any]]) -> list[Row]:
    """The lines that were stored."""
    return [Row(**row) for row in stored]
