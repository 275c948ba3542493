"""Card sleeves (*kortholdere*): chosen in the cart, paid for, sent by themselves.

They are captured when they are sent, with the postage of their own shipment. Whoever locks both
locks the order first, then its sleeves.
"""

from django.utils import translation
from django.utils.translation import gettext

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders import mails, prices
from orders.actions.progress import TRIES, address_lines, company_cart, complete_if_ended
from orders.delivery.models import Sleeves
from orders.delivery.queries import sleeves_of
from orders.delivery.states import SLEEVE_MOVES, SleeveState
from orders.errors import CannotOrder
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.actions import Item
from orders.states import OrderState


@owns_transaction
def choose(*, order: Order, quantity: int, actor: Actor) -> None:
    """The cart holds so many sleeves; none is allowed.

    Raises:
        CannotOrder: the order is no longer a cart.
    """
    cart = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if cart.state != OrderState.CART:
        raise CannotOrder(gettext("Bestillingen er sendt og kan ikke endres her."))
    _put(cart, quantity)
    record("order:sleeves_chosen", actor=actor, subject=cart, orgnr=cart.orgnr, quantity=quantity)


@inside_transaction
def _put(cart: Order, quantity: int) -> None:
    if quantity:
        Sleeves.objects.update_or_create(order=cart, defaults={"quantity": quantity})
        price(order=cart)
    else:
        Sleeves.objects.filter(order=cart, state=SleeveState.DRAFT).delete()


@inside_transaction
def price(*, order: Order) -> None:
    """The sleeves, where there are any, have today's price."""
    one, postage = prices.of_sleeves(clock.today())
    Sleeves.objects.filter(order=order, state=SleeveState.DRAFT).update(
        price_net_ore=one.net_ore,
        price_vat_ore=one.vat_ore,
        postage_net_ore=postage.net_ore,
        postage_vat_ore=postage.vat_ore,
    )


@inside_transaction
def join(*, cart: Order, beside: Order) -> None:
    """What was put in the cart beside it while this one was being paid for is in this one."""
    extra = sleeves_of(beside)
    if extra:
        own = sleeves_of(cart)
        _put(cart, extra.quantity + (own.quantity if own else 0))
        extra.delete()


def items(order: Order) -> list[Item]:
    """What is paid for the order's sleeves: all of them, and the postage of their shipment."""
    found = sleeves_of(order)
    return _items(found, order.language) if found else []


def _items(sleeves: Sleeves, language: str) -> list[Item]:
    with translation.override(language):
        both = [
            Item(
                reference=f"{sleeves.reference}-K",
                name=gettext("Kortholder"),
                amount=sleeves.price,
                quantity=sleeves.quantity,
            ),
            Item(
                reference=f"{sleeves.reference}-P",
                name=gettext("Porto for kortholdere"),
                amount=sleeves.postage,
            ),
        ]
    return [item for item in both if item.total.gross_ore]


@inside_transaction
def wait_for_packing(*, order: Order) -> None:
    """The sleeves are paid for, and wait to be packed and sent to the order's address."""
    sleeves = sleeves_of(order)
    if sleeves:
        move(
            sleeves,
            SleeveState.WAITING,
            SLEEVE_MOVES,
            waiting_since=clock.now(),
            address=address_lines(order),
        )


@inside_transaction
def readdress(*, order: Order) -> int:
    """Sleeves that are to be packed go to the order's address; how many shipments that is."""
    waiting = Sleeves.objects.filter(order=order, state=SleeveState.WAITING)
    return waiting.update(address=address_lines(order))


@owns_transaction
def send(*, sleeves: Sleeves, actor: Actor) -> bool:
    """The sleeves are in the post and their money is captured; False when they had left before.

    Raises:
        MoveNotAllowed: they were withdrawn or released: nothing is to be sent.
    """
    order, sleeves = _locked(sleeves)
    if sleeves.state == SleeveState.SENT:
        return False
    move(sleeves, SleeveState.SENT, SLEEVE_MOVES, ended_at=clock.now())
    record("sleeves:sent", actor=actor, subject=order, orgnr=order.orgnr, quantity=sleeves.quantity)
    assert order.payment is not None  # they were paid for  # noqa: S101
    payments.want_capture(
        payment=order.payment,
        key=f"sleeves:{sleeves.reference}",
        items=_items(sleeves, order.language),
        actor=actor,
        tries=TRIES,
    )
    complete_if_ended(order)
    return True


@owns_transaction
def withdraw(*, sleeves: Sleeves, actor: Actor) -> None:
    """The orderer wants no sleeves after all; nothing is captured for them.

    Raises:
        CannotOrder: they have been sent.
    """
    order, sleeves = _locked(sleeves)
    if sleeves.state != SleeveState.WAITING:
        raise CannotOrder(gettext("Kortholderne er sendt, eller trukket tilbake alt."))
    move(sleeves, SleeveState.WITHDRAWN, SLEEVE_MOVES, ended_at=clock.now())
    record("sleeves:withdrawn", actor=actor, subject=order, orgnr=order.orgnr)
    complete_if_ended(order)


@owns_transaction
def release(*, sleeves: Sleeves) -> None:
    """The reservation is about to run out: the sleeves are back in the company's cart."""
    order, sleeves = _locked(sleeves)
    if sleeves.state != SleeveState.WAITING:
        return
    move(sleeves, SleeveState.RELEASED, SLEEVE_MOVES, ended_at=clock.now())
    record("sleeves:released", actor=SYSTEM, subject=order, orgnr=order.orgnr)
    cart = company_cart(order)
    own = sleeves_of(cart)
    _put(cart, sleeves.quantity + (own.quantity if own else 0))
    complete_if_ended(order)
    mails.sleeves_released(order, quantity=sleeves.quantity)


@inside_transaction
def _locked(sleeves: Sleeves) -> tuple[Order, Sleeves]:
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("payment", "kind")
        .get(pk=sleeves.order_id)
    )
    return order, Sleeves.objects.select_for_update(of=("self",)).get(pk=sleeves.pk)
