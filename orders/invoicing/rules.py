"""What is decided about invoices, dated and sourced."""

from datetime import date, timedelta

from hmskort.common.dated import Dated, in_force

# An invoice is due when the buyer has had time to pay it.
PAYMENT_TIME = (Dated(date(2008, 1, 1), timedelta(days=14), "Utsteders betalingsvilkår"),)


def due_on(issued_on: date) -> date:
    """The last day on which the invoice is paid in time."""
    return issued_on + in_force(PAYMENT_TIME, issued_on).value
