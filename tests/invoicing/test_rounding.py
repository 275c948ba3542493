"""Whatever was bought, a document adds up by EN 16931, and asks for what the ledger says."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hmskort.common.money import with_vat
from orders.invoicing import actions
from orders.invoicing.rows import Row, rows_of, to_pay_for, total_of, vat_sums
from orders.payments import queries
from orders.payments.provider import Item, total
from tests.invoicing import making
from tests.invoicing.making import BUYER, POSTAGE
from tests.invoicing.test_ehf import complaints, said

CARD_OF_2017 = with_vat(10_525)  # a quarter of it is 26.3125 kr
items = some.builds(
    Item,
    reference=some.uuids().map(str),
    name=some.just("HMS-kort"),
    amount=some.integers(min_value=2, max_value=200_000).map(with_vat),
    quantity=some.integers(min_value=1, max_value=2_000),
)


def quarter(net_ore: int) -> int:
    return int((Decimal(net_ore) / 4).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.feature("F109")
@given(bought=some.lists(items, min_size=1, max_size=12))
def test_lines_vat_and_totals_add_up_by_the_rules_and_ask_for_what_was_promised(bought):
    rows: list[Row] = rows_of(bought)
    assert all(row.unit_ore * row.quantity == row.net_ore for row in rows)  # PEPPOL-EN16931-R120
    (tax,) = vat_sums(rows)
    assert tax.net_ore == sum(row.net_ore for row in rows)  # BR-S-08
    assert tax.vat_ore == quarter(tax.net_ore)  # BR-CO-17
    stated = total_of(rows)
    assert (stated.net_ore, stated.vat_ore) == (tax.net_ore, tax.vat_ore)  # BR-CO-10, BR-CO-14
    assert to_pay_for(rows) == total(bought).gross_ore


@pytest.mark.django_db
@pytest.mark.feature("F109")
@pytest.mark.parametrize("many", ["lines", "pieces"])
def test_an_invoice_of_more_than_400_cards_passes_the_rules_and_is_what_was_promised(many):
    card = Item("LINE", "HMS-kort", CARD_OF_2017)
    if many == "lines":
        cards = [replace(card, reference=f"LINE{number}") for number in range(403)]
    else:
        cards = [replace(card, quantity=403)]
    payment = making.promised(*cards, POSTAGE)
    making.carried_out("capture", payment, "all", *cards, POSTAGE)
    document = actions.issue(payment=payment, buyer=BUYER)
    assert complaints(document) == []
    net_ore = 403 * 10_525 + 3_800
    assert said(document, "cbc:TaxExclusiveAmount") == [f"{net_ore / 100:.2f}"]
    assert document.vat_ore == quarter(net_ore)
    assert said(document, "cbc:PayableRoundingAmount") == ["-1.01"]
    booked = queries.booked(payment)
    assert document.to_pay_ore == booked["promised"] == booked["invoiced"] == payment.amount_ore
    assert said(document, "cbc:PayableAmount") == [f"{payment.amount_ore / 100:.2f}"]


@pytest.mark.django_db
@pytest.mark.feature("F109")
def test_what_is_credited_of_it_is_rounded_by_itself_and_passes_the_rules():
    cards = [Item(f"LINE{number}", "HMS-kort", CARD_OF_2017) for number in range(3)]
    invoice = making.invoiced(*cards, POSTAGE)
    for number in range(3):
        back = replace(cards[number], amount=with_vat(5_263), name="Prisavslag")
        note = making.credited(invoice, back, key=f"late{number}")
        assert complaints(note) == []
        assert note.to_pay_ore == back.total.gross_ore
    booked = queries.booked(invoice.payment)
    assert booked["credited"] == 3 * with_vat(5_263).gross_ore
