"""Several workers at once, each with its own connection: the money still moves once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from hmskort.audit.actor import SYSTEM
from orders.payments import actions, listeners
from orders.payments.models import LedgerEntry, Payment
from tests.payments.shop import Nexi, card, cart, start, want

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nexi(transactional_db):
    return Nexi()


def at_once(work, times: int = 4) -> list:
    """The work, done by several threads at the same time; their answers."""

    def alone(number: int):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


def test_four_workers_capture_once(reserved, nexi):
    want("capture", reserved, "card:1", [card(1)])
    at_once(lambda _: listeners.capture(operation="card:1"))
    assert len(nexi.books(reserved)["charges"]) == 1
    assert LedgerEntry.objects.filter(kind="captured").count() == 1


def test_four_workers_release_once(reserved, nexi):
    want("release", reserved, "rest")
    at_once(lambda _: listeners.release(operation="rest"))
    assert nexi.sums(reserved)["cancelledAmount"] == reserved.amount_ore
    assert LedgerEntry.objects.filter(kind="released").count() == 1


def test_four_payers_who_press_at_once_get_one_page(nexi):
    payments = at_once(lambda _: start())
    assert len({payment.page_url for payment in payments}) == 1
    assert Payment.objects.count() == len(nexi.store.all("nexi.payments")) == 1


def test_four_readers_reserve_once(nexi, told):
    payment = start()
    nexi.pay(payment)
    at_once(lambda _: actions.take_word(payment=payment, actor=SYSTEM))
    assert LedgerEntry.objects.filter(kind="reserved").count() == 1


def test_of_two_who_want_everything_one_gets_it(reserved):
    def take(number: int) -> str:
        try:
            want("capture", reserved, f"all:{number}", cart())
        except actions.NotCovered:
            return "not covered"
        return "wanted"

    assert sorted(at_once(take)) == ["not covered"] * 3 + ["wanted"]


def test_capturing_while_releasing_never_moves_more_than_was_reserved(reserved, nexi):
    def race(number: int) -> None:
        try:
            if number:
                want("capture", reserved, f"card:{number}", [card(number)])
            else:
                want("release", reserved, "rest")
        except actions.NotCovered:
            pass

    at_once(race)
    wanted = sum(reserved.operations.values_list("amount_ore", flat=True))
    assert wanted <= reserved.amount_ore
