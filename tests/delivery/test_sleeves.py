"""Card sleeves: bought in the cart, sent by themselves, paid for when they are sent."""

import pytest
from pypdfium2 import PdfDocument

from cards.production import actions as production
from hmskort.notifications.models import Message
from orders import actions
from orders.actions import sleeves as sleeve_actions
from orders.balance import balances
from orders.delivery.models import Sleeves
from orders.delivery.packing import slips
from orders.delivery.states import SleeveState
from orders.models import Line, Order
from orders.payments.models import Operation
from orders.states import OrderStanding, OrderState
from orders.tasks import sweep
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.reviewing import approve, moved
from tests.production.conftest import batched, north, settings_of_production

__all__ = ["batched", "north", "settings_of_production"]  # fixtures of the production floor
pytestmark = pytest.mark.django_db

CARD, POSTAGE, SLEEVE, SLEEVE_POSTAGE = 13_000, 4_750, 2_500, 4_750  # øre with VAT


@pytest.fixture
def cart(kari):
    """One person who is ready."""
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    return order


@pytest.fixture
def paid(cart, kari, client_as):
    """A paid order for one card and five sleeves."""
    choose(client_as(kari), cart, 5)
    pay(at_the_payment_page(cart, kari))
    return fresh(cart)


def choose(client, order, quantity):
    return client.post(f"/bestilling/{order.reference}/kortholdere/", {"quantity": quantity})


def fresh(order):
    return Order.objects.select_related("payment").get(pk=order.pk)


def send(sleeves, producer, session_for):
    response = session_for(producer).post(f"/produksjon/kortholdere/{sleeves.reference}/sendt/")
    rest()
    return response


@pytest.mark.feature("F082")
def test_sleeves_in_the_cart_add_to_the_total(cart, kari, client_as):
    client = client_as(kari)
    assert choose(client, cart, 5).status_code == 302
    sums = client.get(f"/bestilling/{cart.reference}/").context["sums"]
    assert sums.total_ore == CARD + POSTAGE + 5 * SLEEVE + SLEEVE_POSTAGE
    payment = at_the_payment_page(cart, kari)
    assert payment.amount_ore == sums.total_ore
    choose(client, cart, 0)
    assert Sleeves.objects.get().quantity == 5, "what is being paid for is not changed"


@pytest.mark.parametrize(
    ("typed", "why"),
    [("-1", "ikke være under 0"), ("501", "inntil 500"), ("mange", "med tall"), ("", "må fylles")],
)
def test_a_quantity_that_cannot_be_is_told_beside_the_field(cart, kari, client_as, typed, why):
    response = choose(client_as(kari), cart, typed)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Sleeves.objects.exists()


@pytest.mark.feature("F117")
@pytest.mark.feature("F082")
def test_cards_and_sleeves_are_two_shipments_each_with_its_own_status(  # noqa: PLR0917 - the whole road
    paid, kari, producer, client_as, session_for, batched, north
):
    def shown():
        page = client_as(kari).get(f"/bestillinger/{paid.reference}/")
        return [(each.name, each.status.label) for each in page.context["shipments"]]

    assert shown() == [("Brev med kort", "Venter på kortene"), ("5 kortholdere", "Skal pakkes")]
    send(Sleeves.objects.get(), producer, session_for)
    assert shown() == [("Brev med kort", "Venter på kortene"), ("5 kortholdere", "Sendt")]
    approve(paid.lines.get())
    card = Line.objects.get().card
    batched(card)
    assert shown() == [("Brev med 1 kort", "Kortene lages"), ("5 kortholdere", "Sendt")]
    north.make(north.job(), bytes([4, 1, 2, 3]))
    rest()
    shipment = card.chip_job.batch.shipments.get()
    production.dispatch(shipments=[shipment], actor=actor_of(producer))
    assert shown() == [("Brev med 1 kort", "Sendt"), ("5 kortholdere", "Sendt")]


def test_sleeves_are_captured_once_when_they_are_sent_and_the_order_waits_for_them(
    paid, producer, session_for
):
    approve(paid.lines.get())
    assert fresh(paid).state == OrderState.SUBMITTED
    assert moved(paid.payment)["captured"] == CARD + POSTAGE
    sleeves = Sleeves.objects.get()
    for _ in range(2):
        assert send(sleeves, producer, session_for).status_code == 302
    assert fresh(paid).state == OrderState.COMPLETED
    total = CARD + POSTAGE + 5 * SLEEVE + SLEEVE_POSTAGE
    assert moved(paid.payment) == {"reserved": total, "captured": total}
    assert Operation.objects.filter(key__startswith="sleeves:").count() == 1


def test_sleeves_that_are_withdrawn_are_not_captured_nor_sent(
    paid, kari, producer, client_as, session_for
):
    approve(paid.lines.get())
    page = f"/bestillinger/{paid.reference}/kortholdere/trekk/"
    assert "5 kortholdere" in client_as(kari).get(page).content.decode()
    client_as(kari).post(page)
    rest()
    assert fresh(paid).state == OrderState.COMPLETED
    assert moved(paid.payment)["captured"] == CARD + POSTAGE
    assert moved(paid.payment)["released"] == 5 * SLEEVE + SLEEVE_POSTAGE
    send(Sleeves.objects.get(), producer, session_for)
    assert Sleeves.objects.get().state == SleeveState.WITHDRAWN
    assert moved(paid.payment)["captured"] == CARD + POSTAGE


def test_sleeves_of_people_who_are_withdrawn_are_sent_all_the_same(
    paid, kari, producer, session_for
):
    actions.withdraw_line(line=paid.lines.get(), actor=actor_of(kari))
    rest()
    send(Sleeves.objects.get(), producer, session_for)
    assert fresh(paid).state == OrderState.COMPLETED
    assert moved(paid.payment)["captured"] == 5 * SLEEVE + SLEEVE_POSTAGE


def test_sleeves_not_sent_before_the_reservation_ends_are_back_in_the_cart(paid, wind_forward):
    approve(paid.lines.get())
    wind_forward(days=6, minutes=1)
    sweep()
    rest()
    assert Sleeves.objects.get(order=paid).state == SleeveState.RELEASED
    cart = Order.objects.get(state=OrderState.CART)
    assert (cart.sleeves.quantity, cart.sleeves.state) == (5, SleeveState.DRAFT)
    assert fresh(paid).state == OrderState.COMPLETED
    assert moved(paid.payment)["captured"] == CARD + POSTAGE
    assert "5 kortholdere" in Message.objects.get(key__startswith="sleeves_released").text


def test_sleeves_alone_can_be_ordered(kari, producer, client_as, session_for):
    client = client_as(kari)
    started = client.post("/bestill/kortholdere/", {"quantity": 3})
    order = Order.objects.get()
    assert started["Location"] == f"/bestilling/{order.reference}/"
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    assert client.get(f"/bestilling/{order.reference}/betal/").context["missing"] == []
    pay(at_the_payment_page(order, kari))
    send(Sleeves.objects.get(), producer, session_for)
    order = fresh(order)
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment)["captured"] == 3 * SLEEVE + SLEEVE_POSTAGE
    receipt = Message.objects.get(key=f"receipt:{order.reference}")
    assert "3 kortholdere" in receipt.text
    assert client.get(f"/bestillinger/{order.reference}/").status_code == 200


ELSEWHERE = {"deliver_to": "Brakke 4", "street": "Havnegata 9", "postal_code": "7010",
             "city": "TRONDHEIM", "country_code": "NO"}  # fmt: skip


@pytest.mark.feature("F117")
@pytest.mark.parametrize("with_card", [True, False], ids=["with a card", "alone"])
def test_sleeves_that_wait_are_sent_to_the_order_s_new_address(  # noqa: PLR0917 - the whole road
    cart, kari, client_as, producer, session_for, with_card
):
    client = client_as(kari)
    if not with_card:
        actions.remove_line(line=cart.lines.get(), actor=actor_of(kari))
    choose(client, cart, 5)
    pay(at_the_payment_page(cart, kari))
    assert "Endre" in client.get(f"/bestillinger/{cart.reference}/").content.decode()
    page = f"/bestillinger/{cart.reference}/adresse/"
    assert client.get(page).context["open"]
    assert client.post(page, ELSEWHERE, follow=True).status_code == 200
    sleeves = Sleeves.objects.get()
    assert {"Brakke 4", "Havnegata 9", "7010 TRONDHEIM"} <= set(sleeves.address)
    send(sleeves, producer, session_for)
    if not with_card:
        assert not client.get(page).context["open"], "what is in the post goes nowhere else"
        client.post(page, {**ELSEWHERE, "street": "Bryggegata 1"})
        sleeves.refresh_from_db()
        assert "Havnegata 9" in sleeves.address
        assert fresh(cart).street == "Havnegata 9"


@pytest.mark.feature("F082")
def test_the_list_of_orders_knows_of_sleeves_in_sum_and_standing(kari, client_as, paid):
    client = client_as(kari)

    def listed():
        rows = client.get("/bestillinger/").context["rows"]
        return {order.reference: (order.total_ore, order.standing) for order, _ in rows}

    extra = 5 * SLEEVE + SLEEVE_POSTAGE
    assert listed() == {paid.reference: (CARD + POSTAGE + extra, OrderStanding.UNDER_WAY)}
    client.post("/bestill/kortholdere/", {"quantity": 3})
    alone = Order.objects.get(state=OrderState.CART)
    assert listed()[alone.reference] == (3 * SLEEVE + SLEEVE_POSTAGE, OrderStanding.CART)
    assert "3 kortholdere" in client.get("/bestillinger/").content.decode()
    choose(client, alone, 0)
    assert alone.reference not in listed(), "an empty cart is nothing"
    sleeve_actions.withdraw(sleeves=Sleeves.objects.get(), actor=actor_of(kari))
    assert listed()[paid.reference][0] == CARD + POSTAGE


def test_sleeves_that_left_without_their_money_being_asked_for_are_found(
    paid, producer, session_for
):
    send(Sleeves.objects.get(), producer, session_for)
    (one,) = balances()
    extra = 5 * SLEEVE + SLEEVE_POSTAGE
    assert (one.wrong, one.owed_ore, one.taken_ore) == ([], extra, extra)
    Sleeves.objects.update(quantity=6)
    (one,) = balances()
    assert one.wrong == ["what was taken is not what was sold"]


def test_a_payment_that_is_given_up_leaves_all_sleeves_in_one_cart(cart, kari, client_as):
    client = client_as(kari)
    choose(client, cart, 5)
    a_cart(kari, "not employed")
    at_the_payment_page(cart, kari)
    beside = Order.objects.get(state=OrderState.CART)
    sleeve_actions.choose(order=beside, quantity=2, actor=actor_of(kari))
    actions.stop_paying(order=fresh(cart), actor=actor_of(kari))
    assert Sleeves.objects.get().quantity == 7
    assert Sleeves.objects.get().order == cart


@pytest.mark.feature("F117")
def test_production_staff_see_what_to_pack_with_a_slip_for_the_window(paid, producer, session_for):
    page = session_for(producer).get("/produksjon/kortholdere/").content.decode()
    sleeves = Sleeves.objects.get()
    assert sleeves.reference in page
    assert "Hammersborggata 12" in page
    slip = session_for(producer).get(f"/produksjon/kortholdere/{sleeves.reference}/pakkseddel.pdf")
    assert b"".join(slip.streaming_content).startswith(b"%PDF")
    assert text_of(slips([sleeves])).count("Hammersborggata 12") == 1


def text_of(pdf):
    return PdfDocument(pdf)[0].get_textpage().get_text_range()
