"""Half price for late cards: each credit once, with its refund, its history and its mail."""

from django.utils import translation
from django.utils.translation import gettext

from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.crediting import mails, queries, rules
from orders.crediting.models import Credit
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.actions import Item


@owns_transaction
def credit_late_cards(*, order: Order) -> None:
    """Half of the price is given back for each card of the order that is late by now, once.

    The order is locked: of two who look at the same time the second finds it done.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    made = [credit for line in queries.late_lines(order) if (credit := _for_late(line))]
    if made:
        mails.late(order, made)


@inside_transaction
def _for_late(line: Line) -> Credit | None:
    """Half of the price is on its way back; None for a card that was free of charge."""
    amount = rules.for_being_late(line.price, line.send_by or clock.today())
    if not amount.gross_ore or line.order.payment is None:
        return None
    key = f"late:{line.reference}"
    with translation.override(line.order.language):
        name = gettext("Prisavslag – kort sendt for sent")
    operation = payments.want_refund(
        payment=line.order.payment,
        key=key,
        items=[Item(reference=line.reference, name=name, amount=amount)],
        actor=SYSTEM,
    )
    record(
        "line:credited",
        actor=SYSTEM,
        subject=line,
        orgnr=line.orgnr,
        amount_ore=amount.gross_ore,
        send_by=str(line.send_by),
    )
    return Credit.objects.create(
        key=key,
        reason=Credit.Reason.LATE,
        order=line.order,
        line=line,
        net_ore=amount.net_ore,
        vat_ore=amount.vat_ore,
        operation=operation,
    )
