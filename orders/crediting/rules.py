"""How much is given back of what was paid, dated and sourced."""

from datetime import date

from hmskort.common.dated import Dated, in_force
from hmskort.common.money import Amount, with_vat

LATE_PER_CENT = (Dated(date(2017, 3, 1), 50, "byggekort.no, Veiledning, § 4.2, punkt 7"),)


def for_being_late(price: Amount, on: date) -> Amount:
    """What is given back of the price of a card that was not sent in time.

    Half an øre is rounded up, to the company's good, and VAT is that of what is given back: a
    credit note stands alone.
    """
    per_cent = in_force(LATE_PER_CENT, on).value
    return with_vat((price.net_ore * per_cent + 99) // 100)
