"""The lines of an invoice: what was captured less what was refunded, line by line.

A document states the VAT of everything under one rate together (EN 16931, BR-CO-17), while every
card is paid for by itself, with VAT rounded by itself. What the two differ by is the document's
rounding (BT-114): so what is to be paid is what was promised and what the ledger says, to the øre.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from hmskort.common.money import VAT_PER_CENT, ZERO, Amount, with_vat
from orders.payments.provider import Item, total


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
        """The price of one without VAT; what is given back has a quantity below zero."""
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
    """What is sold under one rate, and the VAT on all of it."""

    per_cent: int
    net_ore: int
    vat_ore: int


def net_of(captured: Iterable[Item], refunded: Iterable[Item]) -> list[Row]:
    """Every line that is to be paid for, with what was given back of it as a line beneath.

    A line that was given back whole is not there.
    """
    back: dict[str, list[Item]] = defaultdict(list)
    for item in refunded:
        back[item.reference].append(item)
    rows = []
    for item in captured:
        less = back.pop(item.reference, [])
        if not less or total(less) != item.total:
            rows += [_row(item), *(_row(each, sign=-1) for each in less)]
    return rows


def rows_of(items: Iterable[Item]) -> list[Row]:
    """The items as lines."""
    return [_row(item) for item in items]


def _row(item: Item, sign: int = 1) -> Row:
    whole = item.total
    return Row(
        item.reference, item.name, sign * item.quantity, sign * whole.net_ore, sign * whole.vat_ore
    )


def to_pay_for(rows: Iterable[Row]) -> int:
    """What the lines come to with VAT, in øre, each as it was paid for."""
    return sum(row.gross_ore for row in rows)


def total_of(rows: Iterable[Row]) -> Amount:
    """What a document states that the lines come to, and the VAT on it."""
    return sum((Amount(tax.net_ore, tax.vat_ore) for tax in vat_sums(rows)), ZERO)


def vat_sums(rows: Iterable[Row]) -> list[VatSum]:
    """The VAT by rate, the highest first."""
    ordered = sorted(rows, key=lambda row: -row.vat_per_cent)
    return [
        VatSum(rate, taxed.net_ore, taxed.vat_ore)
        for rate, same in groupby(ordered, key=lambda row: row.vat_per_cent)
        for taxed in [with_vat(sum(row.net_ore for row in same), rate)]
    ]


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The lines as they are stored."""
    return [asdict(row) for row in rows]


def rows_from(stored: Iterable[dict[str, Any]]) -> list[Row]:
    """The lines that were stored."""
    return [Row(**row) for row in stored]
