"""Questions about cards that are late, and about what was given back."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from cards.states import CardState
from hmskort.common import clock
from orders import prices
from orders.crediting.models import CorrectedOrder, Correction, Credit
from orders.models import Line, Order
from orders.payments.models import Operation
from orders.payments.states import OperationState
from orders.states import LINE_OPEN, LineState

SHOWN = 100
NOT_ASKED: tuple[object, ...] = (None, "", [])
PROGRESS = {
    "many": Count("orders"),
    "done": Count("orders", filter=Q(orders__credit__isnull=False) | Q(orders__left_out=True)),
    "gross_ore": Sum(F("orders__net_ore") + F("orders__vat_ore")),
}
ON_ITS_WAY = (CardState.ISSUED, CardState.PRODUCED)  # neither blocked nor anything else since


def late_lines(order: Order) -> QuerySet[Line]:
    """Issued lines of the order that nothing was given back for and whose card is late by now.

    It went after its last day, or that day is over and it has not gone. A card that was blocked
    before it went is not waited for any more.
    """
    went_late = Q(card__dispatched_on__gt=F("send_by"))
    waits = Q(card__dispatched_on=None, card__state__in=ON_ITS_WAY)
    credited = Credit.objects.filter(order=order, reason=Credit.Reason.LATE)
    return (
        order.lines.filter(went_late | waits, state=LineState.ISSUED, send_by__lt=clock.today())
        .exclude(pk__in=credited.values("line"))
        .select_related("person", "card", "order__payment", "order__kind")
        .order_by("position")
    )


def late_in_review(limit: int = SHOWN) -> QuerySet[Line]:
    """Lines whose card is late before it is issued, the oldest first."""
    late = Line.objects.filter(state__in=sorted(LINE_OPEN), send_by__lt=clock.today())
    return late.select_related("order", "person").order_by("send_by", "id")[:limit]


def late_credits(limit: int = SHOWN) -> QuerySet[Credit]:
    """What was given back for late cards, the newest first, with where each card is."""
    made = Credit.objects.filter(reason=Credit.Reason.LATE)
    return made.select_related(
        "line__person", "line__card__chip_job__batch", "order", "operation"
    ).order_by("-created_at", "id")[:limit]


def correctable(wanted: Mapping[str, Any]) -> QuerySet[Any]:
    """Orders with a card whose postage was paid and not given back, as the form's filters say.

    Each with `postage_now`: what its postage costs without VAT, corrections so far taken off.

    wanted: first and last (dates on which it was ordered), postage_ore (without VAT), orgnr,
    method, only and without (references); what is empty is not asked.
    """
    of_order = Operation.objects.filter(payment=OuterRef("payment"))
    paid = of_order.filter(
        key=Concat(Value("postage:"), OuterRef("reference")), state=OperationState.DONE
    )
    back = of_order.filter(key=Concat(Value("refund:"), OuterRef("reference"), Value("-P")))
    cards = Line.objects.filter(order=OuterRef("pk"), state=LineState.ISSUED).exclude(
        purpose=prices.FREE
    )
    given = (
        CorrectedOrder.objects.filter(order=OuterRef("pk"), left_out=False)
        .filter(Q(credit=None) | ~Q(credit__operation__state=OperationState.REFUSED))
        .order_by()
        .values("order")
        .annotate(net_ore_given=Sum("net_ore"))
    )
    orders = Order.objects.annotate(
        postage_now=F("postage_net_ore") - Coalesce(Subquery(given.values("net_ore_given")), 0)
    ).filter(Exists(paid), Exists(cards), ~Exists(back), postage_now__gt=0)
    filters: dict[str, Callable[[Any], Q]] = {
        "first": lambda day: Q(submitted_at__gte=datetime.combine(day, time(), clock.OSLO)),
        "last": lambda day: Q(
            submitted_at__lt=datetime.combine(day + timedelta(days=1), time(), clock.OSLO)
        ),
        "postage_ore": lambda ore: Q(postage_net_ore=ore),
        "orgnr": lambda orgnr: Q(orgnr=orgnr),
        "method": lambda method: Q(payment__method=method),
        "only": lambda references: Q(reference__in=references),
        "without": lambda references: ~Q(reference__in=references),
    }
    for name, condition in filters.items():
        if wanted.get(name) not in NOT_ASKED:
            orders = orders.filter(condition(wanted[name]))
    return orders.select_related("payment").order_by("submitted_at", "id")


def corrections() -> QuerySet[Correction]:
    """The newest corrections, with how many orders each has and how many are done."""
    return Correction.objects.annotate(**PROGRESS).order_by("-id")[:50]


def corrections_named(reference: str) -> QuerySet[Correction]:
    """The correction of that reference, with the same numbers."""
    return Correction.objects.filter(reference=reference).annotate(**PROGRESS)


def is_under_way(correction: Correction) -> bool:
    """Does an order of it still wait?"""
    return correction.orders.filter(credit=None, left_out=False).exists()


def corrected_orders(correction: Correction, after: int) -> QuerySet[CorrectedOrder]:
    """The orders of a correction, and how far each has come, from one row on."""
    rows = correction.orders.filter(pk__gt=after)
    return rows.select_related("order__payment", "credit__operation").order_by("id")[:SHOWN]
