"""What the front page asks of the other rooms."""

from datetime import date

from hmskort.common.money import Amount
from orders.prices import price_of

CARD_KINDS = ("bygg", "renhold")


def card_prices(on: date) -> dict[str, Amount]:
    """The price of one card of each kind, as in force on that day."""
    return {kind: price_of(kind, on) for kind in CARD_KINDS}
