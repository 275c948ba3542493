"""What is charged, and when a price takes over from another."""

from datetime import datetime, timedelta

import pytest

from hmskort.common import clock
from hmskort.common.templatetags.portal import dato, kr
from orders import actions
from orders.actions import sleeves
from orders.invoicing import ehf
from orders.invoicing.models import Document
from orders.models import Line, Order, Price
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.invoicing.test_ehf import said
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.reviewing import approve

pytestmark = pytest.mark.django_db
OLD, NEW, POSTAGE = 13_000, 15_000, 4_750  # øre with VAT
EVENING = datetime(2026, 12, 31, 23, 30, tzinfo=clock.OSLO)


@pytest.fixture(autouse=True)
def new_price(time_machine, db):
    """The evening before a new price."""
    time_machine.move_to(EVENING, tick=True)
    Price.objects.create(item="bygg", since="2027-01-01", net_ore=12_000, source="Indeks 2027")


def ready(user, *cases: str) -> Order:
    order = with_files(a_cart(user, *cases), user)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(user))
    return Order.objects.get(pk=order.pk)


@pytest.mark.feature("F106")
def test_an_order_costs_what_the_list_says_on_the_day_it_is_paid_for(kari, client_as, time_machine):
    before = ready(kari, "employed in another sub-unit")
    payment = at_the_payment_page(before, kari)
    assert payment.amount_ore == OLD + POSTAGE
    pay(payment)
    waiting = ready(kari, "D-number")  # was put in the cart at the old price
    time_machine.move_to(EVENING + timedelta(hours=1), tick=True)
    assert at_the_payment_page(waiting, kari).amount_ore == NEW + POSTAGE
    approve(before.lines.get())
    before.refresh_from_db()
    assert before.payment.ledger.get(kind="reserved").amount_ore == OLD + POSTAGE
    captured = before.payment.ledger.filter(kind="captured")
    assert sorted(entry.amount_ore for entry in captured) == [POSTAGE, OLD]
    line = Line.objects.get(order=before)
    assert line.price.gross_ore == OLD


@pytest.mark.feature("F106")
@pytest.mark.parametrize(("ahead", "told"), [(61, False), (60, True), (1, True), (0, False)])
def test_a_coming_price_is_announced_for_sixty_days_before_anybody_pays(
    kari, client_as, ahead, told
):
    order = ready(kari, "employed in another sub-unit")
    since = clock.today() + timedelta(days=ahead)
    Price.objects.filter(since__gt=clock.today()).delete()
    Price.objects.create(item="bygg", since=since, net_ore=13_000, source="Indeks")
    text = client_as(kari).get(f"/bestilling/{order.reference}/betal/").content.decode()
    assert (f"Fra {dato(since)} koster kortet {kr(13_000)} uten mva." in text) is told


@pytest.mark.feature("F114")
def test_cards_sleeves_and_postage_are_lines_of_their_own_each_with_its_vat(
    kari, client_as, caseworker
):
    order = ready(kari, "employed in another sub-unit", "D-number")
    sleeves.choose(order=order, quantity=3, actor=actor_of(kari))
    page = client_as(kari).get(f"/bestilling/{order.reference}/betal/").content.decode()
    for amount in ("208,00", "38,00", "60,00", "86,00", "430,00"):  # cards, postage twice, VAT, all
        assert f"{amount}\N{NO-BREAK SPACE}kr" in page
    payment = actions.begin_payment(order=order, actor=actor_of(kari), method="invoice")
    rest()
    rows = [(row["net_ore"], row["vat_ore"], row["quantity"]) for row in payment.rows]
    assert rows == [(10_400, 2_600, 1)] * 2 + [
        (3_800, 950, 1),
        (2_000, 500, 3),
        (3_800, 950, 1),
    ]
    assert payment.amount_ore == sum((net + vat) * many for net, vat, many in rows) == 43_000
    order = Order.objects.get(pk=order.pk)
    sleeves.send(sleeves=order.sleeves, actor=actor_of(caseworker))
    for line in order.lines.all():
        approve(line)
    document = Document.objects.get()
    assert document.to_pay_ore == 43_000
    assert said(document, "cac:InvoiceLine//cac:ClassifiedTaxCategory/cbc:ID") == ["S"] * 5
    assert said(document, "cac:InvoiceLine//cac:ClassifiedTaxCategory/cbc:Percent") == ["25"] * 5
    assert ehf.kroner(document.vat_ore) == "86.00"
