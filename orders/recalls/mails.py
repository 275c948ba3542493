"""What an employer is told when cards have a fault."""

from collections.abc import Sequence

from orders.mails import tell_orderer
from orders.models import Line, Order
from orders.recalls.models import Recall


def recalled(order: Order, recall: Recall, lines: Sequence[Line]) -> None:
    """New cards are made free of charge, and the old ones are blocked when they are."""
    tell_orderer(
        order,
        key=f"recalled:{order.reference}",
        template="cards_recalled",
        context={
            "fault": recall.fault,
            "cards": [
                {"name": line.replaces.holder_name, "number": line.replaces.number}
                for line in lines
                if line.replaces
            ],
        },
    )
