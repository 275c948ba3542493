"""Faulty cards are replaced: free of charge, on the same road as any card, and once."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders.actions import promising
from orders.actions.awaiting import announce_order
from orders.actions.progress import ask_registers_once_more, complete_if_ended
from orders.models import Line, Order
from orders.recalls import mails, queries
from orders.recalls.models import Recall, RecalledCard
from orders.recalls.queries import Found
from orders.states import LINE_MOVES, LINE_OPEN, LineState, OrderState
from registers.requirements.judge import judge


class NothingToReplace(Exception):
    """None of the cards can be replaced."""


@owns_transaction
def begin(*, found: Sequence[Found], fault: str, actor: Actor) -> Recall:
    """The cards that can be replaced will be, order by order, and the employers told.

    Raises:
        NothingToReplace: no card is left to replace; nothing has changed.
    """
    recall = Recall.objects.create(fault=fault, begun_by=actor.id)
    rows = [
        RecalledCard(recall=recall, card=one.card, former=one.line.order)
        for one in found
        if one.line and not one.why_not
    ]
    RecalledCard.objects.bulk_create(rows, ignore_conflicts=True)  # of another recall's just now
    orders = set(recall.cards.values_list("former", flat=True))
    if not orders:
        raise NothingToReplace
    record("recall:begun", actor=actor, subject=recall, cards=recall.cards.count(), fault=fault)
    for order in orders:
        key = f"{recall.reference}:{order}"
        outbox.enqueue("recall:begun", key=key, recall=recall.pk, former=str(order))
    return recall


@owns_transaction
def replace(*, recall: Recall, former: Order) -> Order | None:
    """The faulty cards of an order are replaced by those of another that costs nothing, once.

    A holder who was ordered for meanwhile is left out: their new card is on its way already.
    """
    former = Order.objects.select_for_update(of=("self",)).get(pk=former.pk)
    faulty = list(queries.to_replace(recall, former.pk))
    if not faulty:
        return None
    order = _free_order(former, recall)
    lines = [line for row in faulty if (line := _replaced(row, order))]
    if lines:
        mails.recalled(order, recall, lines)
    complete_if_ended(order)  # without a line there is nothing to wait for
    return order


@inside_transaction
def _free_order(former: Order, recall: Recall) -> Order:
    """An order that nobody pays for, to the same place as the former one."""
    kept = (
        "orgnr", "company_name", "unit_orgnr", "unit_name", "buyer_reference", "kind", "orderer",
        "contact_email", "language", "deliver_to", "street", "postal_code", "city", "country_code",
        "address_choice",
    )  # fmt: skip
    order = Order.objects.create(
        state=OrderState.SUBMITTED,
        source=Order.Source.DESK,
        submitted_at=clock.now(),
        **{name: getattr(former, name) for name in kept},
    )
    record(
        "order:free",
        actor=SYSTEM,
        subject=order,
        orgnr=order.orgnr,
        recall=recall.reference,
        former=former.reference,
    )
    return order


@inside_transaction
def _replaced(row: RecalledCard, order: Order) -> Line | None:
    """The line that replaces the card; the registers are asked, and nobody reviews it again."""
    card = row.card
    if card.person.lines.filter(orgnr=card.orgnr, state__in=sorted(LINE_OPEN)).exists():
        _left_out(row, "ordered")
        return None
    try:
        with transaction.atomic():
            line = Line.objects.create(
                order=order,
                orgnr=card.orgnr,
                person=card.person,
                position=order.lines.count() + 1,
                purpose=Line.Purpose.FAULTY,
                replaces=card,
                verdict=judge(
                    person=card.person,
                    orgnr=card.orgnr,
                    kind=order.kind,
                    on=clock.today(),
                    unit=order.unit_orgnr,
                ),
            )
    except IntegrityError:  # somebody ordered for them in this moment
        _left_out(row, "ordered")
        return None
    row.line = line
    row.save(update_fields=["line"])
    now = clock.now()
    move(line, LineState.APPROVED, LINE_MOVES, approved_at=now, **promising.started(line))
    record("line:replaces", actor=SYSTEM, subject=line, orgnr=line.orgnr, card=card.number)
    record("card:recalled", actor=SYSTEM, subject=card, orgnr=card.orgnr, order=order.reference)
    announce_order(line=line, at=now)
    ask_registers_once_more(line)
    return line


def _left_out(row: RecalledCard, why: str) -> None:
    row.left_out = why
    row.save(update_fields=["left_out"])
