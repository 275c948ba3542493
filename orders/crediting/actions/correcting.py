"""Postage that was too high is given back for many orders in one act.

What is given back is decided when it is begun, and then done order by order, each in a transaction
of its own: who is killed in between has done some, and whoever goes on does the others.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import outbox
from hmskort.common.money import with_vat
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.crediting import mails
from orders.crediting.models import CorrectedOrder, Correction, Credit
from orders.payments import actions as payments
from orders.payments.actions import Item, NotCovered
from orders.payments.models import Operation

AT_ONCE = 50  # orders between two looks at the outbox
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('postage corrections'))"


class NothingToCorrect(Exception):
    """No order is left to correct."""


@owns_transaction
def begin(*, orders: QuerySet[Any], right_net_ore: int, reason: str, actor: Actor) -> Correction:
    """What the postage of each of the orders costs beyond the right price will be given back.

    One is begun at a time: the second of two sends of the same form finds nothing left.

    orders: as `queries.correctable` finds them.

    Raises:
        NothingToCorrect: none of them paid more; nothing has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    correction = Correction.objects.create(
        reason=reason, right_net_ore=right_net_ore, begun_by=actor.id
    )
    rows = []
    for order, net_ore in orders.values_list("pk", "postage_now"):
        back = with_vat(max(0, net_ore - right_net_ore))
        if back.gross_ore:
            told = {"net_ore": back.net_ore, "vat_ore": back.vat_ore}
            rows.append(CorrectedOrder(correction=correction, order_id=order, **told))
    if not rows:
        raise NothingToCorrect
    CorrectedOrder.objects.bulk_create(rows, batch_size=1_000)
    record(
        "correction:begun",
        actor=actor,
        subject=correction,
        orders=len(rows),
        amount_ore=sum(row.amount.gross_ore for row in rows),
    )
    _go_on(correction, after=0)
    return correction


def correct_some(*, correction: Correction) -> None:
    """The next orders are corrected, and who comes after them will be. Safe to run twice."""
    left = CorrectedOrder.objects.filter(correction=correction, credit=None, left_out=False)
    keys = list(left.order_by("id").values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        _correct(key)
    if keys:
        _more(correction=correction, after=keys[-1])


@owns_transaction
def _more(*, correction: Correction, after: int) -> None:
    _go_on(correction, after=after)


@inside_transaction
def _go_on(correction: Correction, *, after: int) -> None:
    key = f"{correction.reference}:{after}"
    outbox.enqueue("correction:begun", key=key, correction=correction.pk)


@owns_transaction
def _correct(key: int) -> None:
    """The order's postage is on its way back, once; or not so much of it is left."""
    rows = CorrectedOrder.objects.select_for_update(of=("self",))
    row = rows.select_related("correction", "order__payment", "order__kind").get(pk=key)
    if row.credit_id or row.left_out:
        return
    order, correction = row.order, row.correction
    name = f"postage:{correction.reference}:{order.reference}"
    try:
        operation = _wanted(row, name)
    except NotCovered:  # it was given back in the meantime
        row.left_out = True
        row.save(update_fields=["left_out"])
        return
    row.credit = Credit.objects.create(
        key=name,
        reason=Credit.Reason.POSTAGE,
        order=order,
        net_ore=row.net_ore,
        vat_ore=row.vat_ore,
        operation=operation,
    )
    row.save(update_fields=["credit"])
    record(
        "order:credited",
        actor=SYSTEM,
        subject=order,
        orgnr=order.orgnr,
        amount_ore=row.amount.gross_ore,
        correction=correction.reference,
    )
    mails.postage(order, row.credit, correction)


@inside_transaction
def _wanted(row: CorrectedOrder, key: str) -> Operation:
    order = row.order
    if order.payment is None:
        raise NotCovered(f"nothing was paid for {order.reference}")
    with translation.override(order.language):
        name = gettext("Porto – rettet")
    item = Item(reference=f"{order.reference}-P", name=name, amount=row.amount)
    return payments.want_refund(payment=order.payment, key=key, items=[item], actor=SYSTEM)
