from datetime import date

import pytest

from hmskort.common.money import Amount, with_vat
from orders.crediting.rules import for_being_late

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("net", "back"),
    [
        (10_400, Amount(5_200, 1_300)),  # from 2020
        (10_525, Amount(5_263, 1_316)),  # from 2017: half an øre is the company's
        (10_401, Amount(5_201, 1_300)),
        (1, Amount(1, 0)),
        (0, Amount(0, 0)),
    ],
)
def test_half_of_the_price_is_given_back_with_its_own_vat(net, back):
    assert for_being_late(with_vat(net), DAY) == back


def test_never_more_than_was_paid_is_given_back():
    for net in range(2_000):
        price, back = with_vat(net), for_being_late(with_vat(net), DAY)
        assert back.gross_ore <= price.gross_ore
        assert 2 * back.net_ore >= price.net_ore
