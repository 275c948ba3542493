"""How long what was uploaded is kept and may be used again. No clock, no database."""

from datetime import date

from cards.rules import months_from
from hmskort.common.dated import Dated, in_force

KEPT_MONTHS = (Dated(date(2008, 1, 1), 26, "byggekort.no, Veiledning, § 5.5"),)
"""So that whoever renews after two years need not upload anew."""


def kept_until(uploaded_on: date) -> date:
    """The last day on which a file that was uploaded then may be used."""
    return months_from(uploaded_on, in_force(KEPT_MONTHS, uploaded_on).value)
