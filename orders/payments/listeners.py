"""What the money room hears from the outbox. Each looks at the state first and may run twice."""

from hmskort.audit.actor import SYSTEM
from orders.payments import actions
from orders.payments.models import Operation, Payment


def carry_out(*, operation: str) -> None:
    """A capture, release or refund is carried out; `operation` is its key."""
    row = Operation.objects.select_related("payment", "capture").get(key=operation)
    actions.carry_out(operation=row, actor=SYSTEM)


capture = release = refund = carry_out


def heard(*, payment: str) -> None:
    """The provider sent word of the payment: what it says now is read."""
    actions.take_word(payment=Payment.objects.get(pk=payment), actor=SYSTEM)
