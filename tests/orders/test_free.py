"""A card that replaces one with a fault of ours is free in any cart, and so is its postage."""

import io

import pytest
from django.core.management import call_command

from cards.models import Card
from hmskort.notifications.models import Message
from hmskort.simulators.store import Store
from orders import actions, show
from orders.balance import balances
from orders.invoicing.models import Document
from orders.models import Line, Order
from orders.payments.models import Payment, PaymentMethod
from registers.models import CardKind
from tests.builders import ADDRESS, a_cart, actor_of, an_orderer, rest, with_files
from tests.cards.builders import produced
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.reviewing import approve, moved

pytestmark = pytest.mark.django_db
CARD, POSTAGE = 13_000, 4_750  # øre with VAT


def ready(order: Order, user) -> Order:
    actions.set_delivery(order=with_files(order, user), address=ADDRESS, actor=actor_of(user))
    return Order.objects.get(pk=order.pk)


def with_a_faulty(order: Order, user) -> Card:
    card = produced("also employed")
    actions.replace_faulty(order=order, card=card, actor=actor_of(user))
    rest()
    return card


@pytest.fixture
def free(byggmester, kari):
    """A cart in which there is nothing but the replacement of a faulty card."""
    an_orderer(kari)
    order = actions.open_cart(
        orgnr=byggmester.orgnr,
        company_name=byggmester.name,
        kind=CardKind.objects.get(code="bygg"),
        user=kari,
        actor=actor_of(kari),
    )
    with_a_faulty(order, kari)
    return ready(order, kari)


def adds_up() -> bool:
    try:
        call_command("money", stdout=io.StringIO())
    except SystemExit as ended:
        return not ended.code
    return True


@pytest.mark.feature("F113")
def test_an_order_of_free_cards_alone_is_ordered_once_without_a_provider(free, kari, client_as):
    page = f"/bestilling/{free.reference}/betal/"
    text = client_as(kari).get(page).content.decode()
    assert "Bestill uten kostnad" in text
    assert 'name="method"' not in text
    for _ in range(2):
        answer = client_as(kari).post(page, {"declared": "on"})
        assert answer.url == f"/bestillinger/{free.reference}/"
        client_as(kari).get(answer.url)
    rest()
    order = Order.objects.get(pk=free.pk)
    assert order.state == "submitted"
    approve(order.lines.get())
    line = order.lines.get()
    order.refresh_from_db()
    assert (line.state, order.state) == ("issued", "completed")
    assert (line.price.gross_ore, order.postage.gross_ore, order.total_ore) == (0, 0, 0)
    assert Payment.objects.count() == 1
    assert moved(order.payment) == {}
    assert not Store().all("nexi.payments") + Store().all("vipps.payments")
    assert not Document.objects.exists()
    assert adds_up()
    (receipt,) = Message.objects.filter(key__startswith="receipt:")
    assert "Reservert" not in receipt.text


def test_what_is_free_can_be_ordered_when_no_way_to_pay_is_open(free, kari):
    PaymentMethod.objects.all().delete()
    payment = actions.begin_payment(order=free, actor=actor_of(kari), method="")
    rest()
    assert payment.page_url == ""
    assert Order.objects.get(pk=free.pk).state == "submitted"


def test_nothing_is_ordered_before_the_declaration_is_ticked(free, kari, client_as):
    page = client_as(kari).post(f"/bestilling/{free.reference}/betal/", {})
    assert page.status_code == 422
    assert "Bestill uten kostnad" in page.content.decode()
    assert Order.objects.get(pk=free.pk).state == "cart"


@pytest.fixture
def mixed(kari):
    """A cart with one new card and the replacement of a faulty one."""
    order = a_cart(kari, "employed in another sub-unit")
    with_a_faulty(order, kari)
    return ready(order, kari)


def paid(order: Order, user) -> tuple[Order, Line, Line]:
    pay(at_the_payment_page(order, user))
    order = Order.objects.get(pk=order.pk)
    return order, order.lines.get(purpose="new"), order.lines.get(purpose="faulty")


def test_a_replacement_beside_other_cards_is_free_and_postage_is_paid_once(mixed, kari):
    shown = show.sums(mixed, list(mixed.lines.all()))
    assert (shown.cards, shown.total_ore) == (2, CARD + POSTAGE)
    order, new, faulty = paid(mixed, kari)
    assert order.payment.amount_ore == CARD + POSTAGE
    approve(new)
    approve(faulty)
    assert moved(order.payment) == {"reserved": CARD + POSTAGE, "captured": CARD + POSTAGE}
    assert adds_up()


@pytest.mark.parametrize("first", ["approved", "withdrawn"])
def test_the_replacement_is_sent_at_our_cost_where_nothing_else_is_sent(mixed, kari, first):
    order, new, faulty = paid(mixed, kari)
    if first == "approved":
        approve(faulty)
    actions.withdraw_line(line=new, actor=actor_of(kari))
    rest()
    if first == "withdrawn":
        approve(faulty)
    assert moved(order.payment) == {"reserved": CARD + POSTAGE, "released": CARD + POSTAGE}
    (one,) = balances()
    assert (one.settled, one.owed_ore, one.wrong) == (True, 0, [])
    result = Message.objects.filter(key__startswith=f"result:{order.reference}").last()
    assert "47,50" not in result.text
