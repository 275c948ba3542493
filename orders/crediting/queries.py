"""Questions about cards that are late, and about what was given back."""

from django.db.models import F, Q, QuerySet

from cards.states import CardState
from hmskort.common import clock
from orders.crediting.models import Credit
from orders.models import Line, Order
from orders.states import LineState

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
