"""The orderer at the payment service's own page."""

import httpx

from hmskort.audit.actor import SYSTEM
from hmskort.simulators.site import transport
from orders import actions
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Payment
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files

GOOD_CARD = "4925000000000004"


def at_the_payment_page(order: Order, user) -> Payment:
    return actions.begin_payment(order=Order.objects.get(pk=order.pk), actor=actor_of(user))


def approve(payment: Payment) -> None:
    """The payer pays there; the portal has not heard of it yet."""
    with httpx.Client(transport=transport()) as browser:
        browser.post(payment.page_url, data={"card": GOOD_CARD, "do": "pay"})


def pay(payment: Payment) -> None:
    """The payer pays there, and the portal reads the provider's word."""
    approve(payment)
    payments.take_word(payment=payment, actor=SYSTEM)
    rest()


def paid_order(user, *cases: str, **where: str) -> Order:
    """A paid order with these people of the world, waiting for review."""
    order = with_files(a_cart(user, *cases, **where), user)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(user))
    pay(at_the_payment_page(order, user))
    return Order.objects.get(pk=order.pk)
