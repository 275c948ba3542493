"""Somebody changes the company's cart in the moment when somebody else begins to pay for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from orders import actions
from orders.actions.progress import company_cart
from orders.errors import CannotOrder
from orders.models import Line, Order
from orders.states import OrderState
from tests.builders import a_cart, actor_of

pytestmark = pytest.mark.django_db(transaction=True)


def impatient_cart_beside(order: Order) -> Order:
    """On a connection of its own that waits a moment at most."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            return company_cart(order)
    finally:
        connection.close()


def test_who_comes_back_to_a_cart_that_is_being_paid_for_waits_and_gets_another(kari):
    sent = a_cart(kari)
    Order.objects.filter(pk=sent.pk).update(state=OrderState.SUBMITTED)
    cart = a_cart(kari)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # as `begin_payment` does
            Order.objects.select_for_update().get(pk=cart.pk)
            with pytest.raises(OperationalError, match="lock timeout"):
                pool.submit(impatient_cart_beside, sent).result()
            Order.objects.filter(pk=cart.pk).update(state=OrderState.PAYING)
        found = pool.submit(impatient_cart_beside, sent).result()
    assert found.state == OrderState.CART
    assert found.pk not in {sent.pk, cart.pk}


def impatiently(choose, line: Line, user) -> None:
    """On a connection of its own that waits a moment at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        choose(line=line, actor=actor_of(user))
    finally:
        connection.close()


def test_a_tick_is_not_taken_away_from_a_cart_that_is_being_paid_for(kari):
    cart = a_cart(kari, "not employed")
    line = cart.lines.get()
    actions.order_when_met(line=line, actor=actor_of(kari))
    undo = actions.do_not_order_when_met
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # as `begin_payment` does
            Order.objects.select_for_update().get(pk=cart.pk)
            with pytest.raises(OperationalError, match="lock timeout"):
                pool.submit(impatiently, undo, line, kari).result()
            Order.objects.filter(pk=cart.pk).update(state=OrderState.PAYING)
        with pytest.raises(CannotOrder):
            pool.submit(impatiently, undo, line, kari).result()
    line.refresh_from_db()
    assert line.order_when_met_at
