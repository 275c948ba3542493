"""The money room alone: orders are not here, and what it tells them is only noted."""

import pytest

from hmskort.audit.actor import SYSTEM
from orders.payments import actions
from tests.payments import listeners
from tests.payments.shop import Nexi, start


@pytest.fixture
def nexi(db):
    return Nexi()


@pytest.fixture(autouse=True)
def told(settings):
    """What the money room told others, as (event, payload)."""
    settings.EVENT_LISTENERS = "tests.payments.listeners.LISTENERS"
    listeners.told.clear()
    return listeners.told


@pytest.fixture
def started(nexi):
    return start()


@pytest.fixture
def reserved(nexi, started):
    nexi.pay(started)
    return actions.take_word(payment=started, actor=SYSTEM)
