"""Items as they are stored: plain JSON that says what was asked for, to the øre."""

from collections.abc import Sequence
from typing import Any

from hmskort.common.money import Amount
from orders.payments.provider import Item

Rows = list[dict[str, Any]]


def rows_of(items: Sequence[Item]) -> Rows:
    """The items as JSON."""
    return [
        {
            "reference": item.reference,
            "name": item.name,
            "net_ore": item.amount.net_ore,
            "vat_ore": item.amount.vat_ore,
            "quantity": item.quantity,
        }
        for item in items
    ]


def items_of(rows: Rows) -> list[Item]:
    """The items that were stored."""
    return [
        Item(
            reference=row["reference"],
            name=row["name"],
            amount=Amount(row["net_ore"], row["vat_ore"]),
            quantity=row["quantity"],
        )
        for row in rows
    ]
