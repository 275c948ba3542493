"""What recalls hear from the outbox. Each looks at the state first and may run twice."""

import uuid

from orders.models import Order
from orders.recalls import actions
from orders.recalls.models import Recall


def replace(*, recall: int, former: str) -> None:
    """The faulty cards of one order are replaced."""
    actions.replace(
        recall=Recall.objects.get(pk=recall), former=Order.objects.get(pk=uuid.UUID(former))
    )
