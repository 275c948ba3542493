"""What crediting hears from the outbox. Each looks at the state first and may run twice."""

from orders.crediting import actions
from orders.crediting.models import Correction
from orders.models import Order


def credit_late_cards(*, order: str) -> None:
    """The last day on which cards of the order were to be sent is over."""
    actions.credit_late_cards(order=Order.objects.get(reference=order))


def correct_some(*, correction: int) -> None:
    """The next orders of a correction have their postage back."""
    actions.correct_some(correction=Correction.objects.get(pk=correction))
