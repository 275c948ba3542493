from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmskort.common.dated import Dated, NothingInForce, in_force
from hmskort.common.money import Amount, with_vat


@pytest.mark.parametrize(
    ("net", "vat"), [(10_400, 2_600), (10_525, 2_631), (3_800, 950), (0, 0), (1, 0), (2, 1)]
)
def test_vat_is_a_quarter_with_half_an_ore_rounded_up(net, vat):
    assert with_vat(net) == Amount(net, vat)


@given(st.integers(0, 10**6), st.integers(1, 200))
def test_the_price_of_many_is_the_sum_of_the_prices_of_each(net, quantity):
    assert sum([with_vat(net)] * quantity, start=Amount(0, 0)) == with_vat(net).times(quantity)


def test_a_value_is_in_force_from_its_date_until_the_next():
    fees = (Dated(date(2020, 1, 1), 1, "a"), Dated(date(2026, 7, 1), 2, "b"))
    assert in_force(fees, date(2026, 6, 30)).value == 1
    assert in_force(fees, date(2026, 7, 1)).source == "b"
    with pytest.raises(NothingInForce):
        in_force(fees, date(2019, 12, 31))
