"""An invoice is issued once for each payment, a credit note for whatever is refunded afterwards."""

from orders.invoicing.actions.issuing import Buyer, credit, issue
from orders.invoicing.actions.sending import mail, send

__all__ = ["Buyer", "credit", "issue", "mail", "send"]
