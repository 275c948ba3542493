"""What a card, a card sleeve and their postage cost on a day: the list, edited in the admin."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hmskort.common.dated import Dated, in_force
from hmskort.common.money import ZERO, Amount, with_vat
from orders.models import Line, Price

POSTAGE = "porto"
FREE = Line.Purpose.FAULTY  # the card and what it costs to send: the fault is ours
TOLD_BEFORE = timedelta(days=60)  # a coming price is announced for that long
SLEEVE, SLEEVE_POSTAGE = "kortholder", "porto-kortholder"
# What the price list holds from the start; seeds: the guide of 2017 and the front page of 2020.
FIRST_PRICES = (
    ("bygg", date(2017, 3, 1), 10_525, "Prisliste fra 1. mars 2017"),
    ("bygg", date(2020, 1, 1), 10_400, "Prisliste fra 1. januar 2020"),
    ("renhold", date(2020, 1, 1), 10_400, "Prisliste fra 1. januar 2020"),
    (POSTAGE, date(2017, 3, 1), 3_800, "Porto per forsendelse, satt av utsteder"),
    (SLEEVE, date(2017, 3, 1), 2_000, "Kortholder, satt av utsteder"),
    (SLEEVE_POSTAGE, date(2017, 3, 1), 3_800, "Egen forsendelse av kortholdere, satt av utsteder"),
)


def price_of(item: str, on: date) -> Amount:
    """The price of one card of a kind (its code) on a day, with VAT.

    Raises:
        NothingInForce: the list has no price for it yet on that day.
    """
    listed = [Dated(row.since, row.net_ore, row.source) for row in Price.objects.filter(item=item)]
    return with_vat(in_force(listed, on).value)


def price_for(item: str, purpose: str, on: date) -> Amount:
    """What the company pays for one card of a kind on a day: for a fault of ours nothing."""
    return ZERO if purpose == FREE else price_of(item, on)


def postage(on: date) -> Amount:
    """Postage for one shipment, with VAT."""
    return price_of(POSTAGE, on)


@dataclass(frozen=True)
class Coming:
    """A price that takes over on a day that is near."""

    since: date
    amount: Amount


def coming(item: str, on: date) -> Coming | None:
    """The next price of a card kind, where it begins within the days that it is announced."""
    ahead = Price.objects.filter(item=item, since__gt=on, since__lte=on + TOLD_BEFORE)
    row = ahead.order_by("since").first()
    return Coming(row.since, with_vat(row.net_ore)) if row else None


def of_sleeves(on: date) -> tuple[Amount, Amount]:
    """One card sleeve, and the postage of the sleeves' own shipment, with VAT."""
    return price_of(SLEEVE, on), price_of(SLEEVE_POSTAGE, on)


def make_prices(price: Any) -> None:
    """The first prices are in the list; what is there is left as it is."""
    for item, since, net_ore, source in FIRST_PRICES:
        price.objects.get_or_create(
            item=item, since=since, defaults={"net_ore": net_ore, "source": source}
        )
