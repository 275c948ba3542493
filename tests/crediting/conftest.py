"""Orders whose cards are issued, and days that pass."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from cards import actions as cards
from cards.models import Card
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.simulators.store import Store
from tests.builders import rest
from tests.orders.paying import paid_order
from tests.orders.reviewing import approve

MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=clock.OSLO)
PEOPLE = ("employed in another sub-unit", "D-number", "two sub-units")


@pytest.fixture(autouse=True)
def a_monday(time_machine, db):
    time_machine.move_to(MONDAY, tick=True)


@pytest.fixture
def paid(kari):
    """`paid(2)`: a paid order of two people, waiting for review."""
    return lambda people=1: paid_order(kari, *PEOPLE[:people])


@pytest.fixture
def issued(paid):
    """`issued(2)`: an order of two people whose cards are issued."""

    def order_for(people=1):
        order = paid(people)
        for line in order.lines.all():
            approve(line)
        order.refresh_from_db()
        return order

    return order_for


@pytest.fixture
def days_pass(time_machine):
    """`days_pass(5, hour=0)`: it is that day after the Monday, and what was due has been done."""

    def move(days: int, hour: int = 9, minute: int = 0, second: int = 0):
        at = MONDAY.replace(hour=hour, minute=minute, second=second) + timedelta(days=days)
        time_machine.move_to(at, tick=True)
        rest()

    return move


@pytest.fixture
def dispatched():
    """`dispatched(card)`: the card is made and in the post."""

    def send(card: Card) -> None:
        with transaction.atomic():
            card = Card.objects.select_for_update().get(pk=card.pk)
            cards.produced(card=card, actor=SYSTEM)
            cards.dispatched(card=card, actor=SYSTEM)
        rest()

    return send


@pytest.fixture
def book(db):
    """`book(order)`: all that the payment service's own books hold of the order's payment."""
    return lambda order: Store().get("nexi.payments", order.payment.provider_id)
