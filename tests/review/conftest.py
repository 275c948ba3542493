"""Lines that wait for a reviewer, put there by the portal's own submit."""

import pytest

from hmskort.common import clock
from orders import actions, prices
from orders.models import Line, Order
from orders.payments.models import Payment
from orders.payments.states import PaymentState
from orders.states import OrderState
from tests.builders import ADDRESS, a_cart, actor_of, with_files


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def submitted(order: Order) -> list[Line]:
    """The order is paid for, as when the provider has said that the money is reserved."""
    postage = prices.postage(clock.today())
    payment = Payment.objects.create(
        reference=order.reference,
        state=PaymentState.RESERVED,
        amount_ore=sum(line.price.gross_ore for line in order.lines.all()) + postage.gross_ore,
        reserved_at=clock.now(),
        rows=[],
    )
    Order.objects.filter(pk=order.pk).update(state=OrderState.PAYING, payment=payment)
    actions.submit(payment=payment)
    return list(order.lines.select_related("order"))


@pytest.fixture
def waiting(kari):
    """`waiting("employed", "also employed")`: their lines, in review, oldest first."""

    def make(*cases: str) -> list[Line]:
        lines = []
        for case in cases:
            order = with_files(a_cart(kari, case), kari)
            actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
            lines += submitted(order)
        return lines

    return make
