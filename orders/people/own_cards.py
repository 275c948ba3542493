"""Who orders a card for themself: nobody checks their own ID."""

from hmskort.accounts.models import User
from hmskort.common import clock
from orders import rules
from orders.models import Line, Order
from orders.states import LineState


def orders_own_card(order: Order, user: User) -> bool:
    """Does the user order a card for themself here, and must another therefore have seen the ID?"""
    own = order.lines.filter(state=LineState.DRAFT, person=user.person_id)
    return rules.own_card_is_marked(clock.today()) and own.exists()


def is_own_card(line: Line) -> bool:
    """Did the holder put the line in the order, or pay for it, themself?"""
    payer = line.order.payment.started_by if line.order.payment else ""
    ordered = User.objects.filter(pk__in={str(line.order.orderer_id), payer} - {""})
    return (
        rules.own_card_is_marked(clock.today()) and ordered.filter(person=line.person_id).exists()
    )
