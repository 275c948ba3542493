"""What crediting hears from the outbox. Each looks at the state first and may run twice."""

from orders.crediting import actions
from orders.models import Order


def credit_late_cards(*, order: str) -> None:
    """The last day on which cards of the order were to be sent is over."""
    actions.credit_late_cards(order=Order.objects.get(reference=order))
