"""What the orderer is told when money is given back."""

from collections.abc import Sequence

from hmskort.common.money import ZERO
from orders.crediting.models import Correction, Credit
from orders.mails import tell_orderer
from orders.models import Order


def late(order: Order, made: Sequence[Credit]) -> None:
    """Cards were not sent in time, so half of their price is given back."""
    tell_orderer(
        order,
        key=f"late:{order.reference}:{made[0].key}",
        template="late_credit",
        context={
            "credits": [
                {"name": credit.line.person.name, "send_by": credit.line.send_by,
                 "amount": credit.amount}
                for credit in made if credit.line
            ],
            "total": sum((credit.amount for credit in made), ZERO),
        },
    )  # fmt: skip


def postage(order: Order, credit: Credit, correction: Correction) -> None:
    """Postage was too high, and the difference is given back."""
    tell_orderer(
        order,
        key=credit.key,
        template="postage_credit",
        context={"reason": correction.reason, "amount": credit.amount},
    )
