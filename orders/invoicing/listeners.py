"""What invoicing hears from the outbox. Each looks at the state first and may run twice."""

from orders.invoicing import actions
from orders.invoicing.models import Document
from orders.payments.models import Payment


def credit(*, payment: str, reference: str, operation: str) -> None:
    """What was credited of an invoice that is issued already has a credit note."""
    actions.credit(payment=Payment.objects.get(pk=payment))


def mail(*, document: int) -> None:
    """An issued document is mailed."""
    actions.mail(document=Document.objects.get(pk=document))


def send(*, document: int) -> None:
    """An issued document is handed to the access point."""
    actions.send(document=Document.objects.select_related("payment").get(pk=document))
