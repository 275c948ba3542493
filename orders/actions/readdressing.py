"""A paid order is sent elsewhere: what has not gone in the post yet."""

from django.utils.translation import gettext as _

from cards.production import actions as production
from cards.states import CardState
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common.transactions import owns_transaction
from orders.actions import sleeves
from orders.actions.progress import address_lines
from orders.delivery.places import Place
from orders.errors import CannotOrder
from orders.models import Order
from orders.states import LINE_OPEN, OrderState

SENT = frozenset({OrderState.SUBMITTED, OrderState.COMPLETED})
TO_BE_SENT = frozenset({CardState.ISSUED, CardState.PRODUCED})


@owns_transaction
def change_address(*, order: Order, place: Place, actor: Actor) -> None:
    """The order's cards and sleeves that have not gone in the post go there.

    So do cards yet to be made. Production hears of it in the same transaction: a letter that was
    printed is made anew, and is not sent before.

    Raises:
        CannotOrder: everything has gone in the post.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    lines = list(order.lines.select_related("card"))
    for name, value in place.as_fields().items():
        setattr(order, name, value)
    cards = [line.card for line in lines if line.card and line.card.state in TO_BE_SENT]
    moved = production.readdress(cards=cards, address=address_lines(order))
    moved += sleeves.readdress(order=order)
    if order.state not in SENT or not (moved or any(line.state in LINE_OPEN for line in lines)):
        raise CannotOrder(_("Alt i bestillingen er sendt, så adressen kan ikke endres."))
    order.address_choice = Order.Address.OWN
    order.save(update_fields=["address_choice", *place.as_fields()])
    record("order:address_changed", actor=actor, subject=order, orgnr=order.orgnr)
