"""Whatever is wanted, in any order, whatever fails: our ledger and Nexi's books are equal."""

import contextlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmskort.audit.actor import SYSTEM
from orders.payments import actions, queries
from orders.payments.nexi.simulator import books
from tests.payments.shop import Nexi, card, deliver, start, want

pytestmark = pytest.mark.django_db

numbers = itertools.count(1)
FAULTS = ["off", "off", "lost", "silent", "500", "garbage", "wall"]
steps = st.lists(
    st.tuples(
        st.sampled_from(["capture", "refund", "release", "deliver", "deliver"]),
        st.integers(1, 4),
        st.sampled_from(FAULTS),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps, paid_with=st.sampled_from([books.APPROVED, books.NO_CHARGE, books.NO_REFUND]))
def test_the_money_equation_holds(db, steps, paid_with):
    nexi = Nexi()
    payment = start(f"M{next(numbers)}")
    nexi.pay(payment, paid_with)
    payment = actions.take_word(payment=payment, actor=SYSTEM)
    for step, number, fault in steps:
        nexi.fails(fault)
        if step == "deliver":
            deliver()
        else:
            _try_to_want(step, payment, number)
        _assert_never_too_much(payment, nexi)
    nexi.heals()
    for _ in range(3):
        deliver()
    actions.take_word(payment=payment, actor=SYSTEM)
    sums = nexi.sums(payment)
    assert queries.booked(payment).items() >= {
        ("reserved", sums["reservedAmount"]),
        ("captured", sums["chargedAmount"]),
        ("released", sums["cancelledAmount"]),
        ("refunded", sums["refundedAmount"]),
    }
    assert not payment.operations.filter(state="wanted").exists()


def _try_to_want(kind, payment, number):
    prefix = f"{payment.reference}:{kind}:{number}"
    with contextlib.suppress(actions.NotCovered):
        want(kind, payment, prefix, [card(number)])


def _assert_never_too_much(payment, nexi):
    sums = nexi.sums(payment)
    assert sums["chargedAmount"] + sums["cancelledAmount"] <= sums["reservedAmount"]
    assert sums["refundedAmount"] <= sums["chargedAmount"]
    charged = [
        item["reference"]
        for charge in nexi.books(payment)["charges"]
        for item in charge["orderItems"]
    ]
    assert len(charged) == len(set(charged))
