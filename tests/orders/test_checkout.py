from datetime import date

import pytest

from hmskort.common.services import ServiceError
from hmskort.common.transitions import Superseded
from hmskort.notifications.models import Message
from hmskort.simulators import world
from orders import actions, queries
from orders.errors import CannotOrder, Incomplete
from orders.models import Line, Order, Price
from orders.payments import actions as payments
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.states import LineState, OrderState
from tests.builders import a_cart, actor_of, give_file, rest, with_files
from tests.orders.paying import approve, at_the_payment_page, pay
from tests.orders.reviewing import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(kari):
    """One person who is ready."""
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    return Order.objects.get(pk=order.pk)


ADDRESS = {
    "deliver_to": "Byggmester AS", "street": "Hammersborggata 12", "postal_code": "0181",
    "city": "Oslo", "contact_email": "kari@byggmester.example",
}  # fmt: skip


@pytest.mark.feature("F104")
def test_the_declaration_must_be_ticked_and_its_version_and_time_are_kept(cart, kari, client_as):
    page = f"/bestilling/{cart.reference}/betal/"
    response = client_as(kari).post(page, {})
    assert response.status_code == 422
    cart.refresh_from_db()
    assert (cart.state, cart.declared_at) == (OrderState.CART, None)
    assert client_as(kari).post(page, {"method": "nexi", "declared": "on"}).status_code == 302
    cart.refresh_from_db()
    assert cart.declaration_version == "2026-1"
    assert cart.declared_at is not None


@pytest.mark.feature("F107")
def test_the_whole_amount_is_reserved_and_nothing_is_captured_yet(cart, kari):
    payment = at_the_payment_page(cart, kari)
    pay(payment)
    rest()
    payment.refresh_from_db()
    assert payment.amount_ore == 17_750  # 104,00 + 38,00, and a quarter in VAT
    assert [entry.kind for entry in payment.ledger.all()] == ["reserved"]
    assert Order.objects.get(pk=cart.pk).state == OrderState.SUBMITTED


def test_who_has_paid_comes_to_the_receipt_even_before_the_worker_has_heard(cart, kari, client_as):
    payment = at_the_payment_page(cart, kari)
    approve(payment)
    response = client_as(kari).get(f"/betaling/tilbake/{payment.pk}/", follow=True)
    assert response.redirect_chain[-1][0] == f"/bestillinger/{cart.reference}/"
    rest()
    assert Message.objects.filter(to=cart.contact_email).count() == 1


@pytest.mark.feature("F084")
def test_the_receipt_names_the_order_and_goes_out_with_it(cart, kari):
    pay(at_the_payment_page(cart, kari))
    rest()
    receipt = Message.objects.get(key=f"receipt:{cart.reference}")
    assert receipt.state == Message.State.SENT
    assert receipt.to == "kari@byggmester.example"
    assert cart.reference in receipt.subject
    assert "177,50" in receipt.text
    assert "Torill Bryggen" in receipt.html
    assert (receipt.sent_at - receipt.created_at).total_seconds() < 60


def test_those_who_are_not_ready_stay_behind_in_the_cart(cart, kari):
    people = [world.person("not employed"), world.person("D-number")]
    for person in people:
        a_cart(kari, person.case)
    payment = at_the_payment_page(cart, kari)
    assert payment.amount_ore == 17_750
    pay(payment)
    rest()
    assert cart.lines.get().state == LineState.IN_REVIEW
    behind = Order.objects.get(state=OrderState.CART)
    assert {line.person.surname for line in behind.lines.all()} == {"Ledig", "Nowak"}


def test_a_payment_that_is_given_up_brings_everyone_together_again(cart, kari):
    a_cart(kari, "not employed")
    at_the_payment_page(cart, kari)
    cart.refresh_from_db()
    assert cart.state == OrderState.PAYING
    actions.stop_paying(order=cart, actor=actor_of(kari))
    cart.refresh_from_db()
    assert cart.state == OrderState.CART
    assert cart.lines.filter(state=LineState.DRAFT).count() == 2
    assert not Order.objects.filter(state=OrderState.CART).exclude(pk=cart.pk).exists()


def test_an_order_that_is_being_paid_for_cannot_be_changed(cart, kari):
    at_the_payment_page(cart, kari)
    with pytest.raises(CannotOrder):
        actions.remove_line(line=cart.lines.get(), actor=actor_of(kari))


def test_a_silent_payment_service_leaves_the_cart_as_it_was(cart, kari, fault, client_as):
    fault("payments", "500")
    with pytest.raises(ServiceError):
        actions.begin_payment(order=cart, actor=actor_of(kari))
    cart.refresh_from_db()
    assert cart.state == OrderState.CART
    page = client_as(kari).post(
        f"/bestilling/{cart.reference}/betal/", {"method": "nexi", "declared": "on"}
    )
    assert page.status_code == 422
    assert "Ingenting er trukket" in page.content.decode()
    fault("payments", "off")
    pay(at_the_payment_page(cart, kari))
    rest()
    assert Order.objects.get(pk=cart.pk).state == OrderState.SUBMITTED


def test_a_second_click_leads_to_the_same_payment(cart, kari):
    first = at_the_payment_page(cart, kari)
    second = at_the_payment_page(cart, kari)
    assert first.pk == second.pk
    assert Payment.objects.count() == 1


def test_who_pays_on_a_page_that_was_left_for_another_way_has_it_back_and_can_order(
    cart, kari, fault, client_as
):
    left = at_the_payment_page(cart, kari)
    fault("payments", "silent")
    with pytest.raises(ServiceError):
        actions.begin_payment(order=cart, actor=actor_of(kari), method=Method.INVOICE)
    fault("payments", "off")
    pay(left)
    cart.refresh_from_db()
    assert (cart.state, queries.is_reserved(cart)) == (OrderState.PAYING, False)
    assert moved(left) == {"reserved": 17_750, "released": 17_750}
    page = client_as(kari).get(f"/bestilling/{cart.reference}/betal/")
    assert 'name="declared"' in page.content.decode()
    actions.stop_paying(order=cart, actor=actor_of(kari))
    assert Order.objects.get(pk=cart.pk).state == OrderState.CART
    pay(at_the_payment_page(cart, kari))
    assert Order.objects.get(pk=cart.pk).state == OrderState.SUBMITTED


def test_an_order_that_is_paid_for_is_not_paid_for_again(cart, kari):
    payment = at_the_payment_page(cart, kari)
    approve(payment)
    payments.take_word(payment=payment, actor=actor_of(kari))
    for _ in range(2):  # before the worker has heard, and after
        with pytest.raises(Superseded):
            actions.begin_payment(order=cart, actor=actor_of(kari), method=Method.INVOICE)
        rest()
    cart.refresh_from_db()
    assert (cart.state, cart.payment) == (OrderState.SUBMITTED, payment)
    assert cart.postage.gross_ore == 4_750
    assert moved(payment) == {"reserved": 17_750}


def test_the_page_of_a_payment_that_is_under_way_says_so(cart, kari, per, client_as):
    page = f"/bestilling/{cart.reference}/betal/"
    assert "En betaling er i gang" not in client_as(kari).get(page).content.decode()
    payment = at_the_payment_page(cart, kari)
    for user in (kari, per):
        for address in (page, f"/bestilling/{cart.reference}/"):
            shown = client_as(user).get(address).content.decode()
            assert "En betaling er i gang" in shown
            assert payment.page_url.replace("&", "&amp;") in shown
            assert f"/bestilling/{cart.reference}/avbryt-betaling/" in shown
    assert 'name="declared"' not in client_as(kari).get(page).content.decode()
    client_as(kari).post(f"/bestilling/{cart.reference}/avbryt-betaling/")
    assert 'name="declared"' in client_as(kari).get(page).content.decode()


def test_who_has_paid_is_led_from_the_payment_step_to_the_receipt(cart, kari, client_as):
    payment = at_the_payment_page(cart, kari)
    approve(payment)
    payments.take_word(payment=payment, actor=actor_of(kari))
    answer = client_as(kari).get(f"/bestilling/{cart.reference}/betal/")
    assert answer.url == f"/bestillinger/{cart.reference}/"


def test_a_reservation_told_of_twice_submits_the_order_once(cart, kari):
    payment = at_the_payment_page(cart, kari)
    pay(payment)
    rest()
    payment.refresh_from_db()
    actions.submit(payment=payment)
    assert Message.objects.filter(key__startswith="receipt:").count() == 1
    assert Line.objects.filter(state=LineState.IN_REVIEW).count() == 1


def test_an_order_without_an_address_says_so(kari):
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    Order.objects.filter(pk=order.pk).update(street="", contact_email="")
    with pytest.raises(Incomplete) as incomplete:
        actions.begin_payment(order=order, actor=actor_of(kari))
    assert len(incomplete.value.missing) == 2


def test_the_price_is_that_of_the_day_it_is_paid_for(cart, kari):
    Price.objects.create(item="bygg", since=date(2026, 1, 1), net_ore=12_000, source="test")
    assert at_the_payment_page(cart, kari).amount_ore == 15_000 + 4_750


def test_a_file_can_be_changed_until_the_order_is_sent(cart, kari):
    line = cart.lines.get()
    before = line.portrait_id
    give_file(line, "portrait", kari)
    line.refresh_from_db()
    assert line.portrait_id != before
    pay(at_the_payment_page(cart, kari))
    rest()
    line.refresh_from_db()
    with pytest.raises(CannotOrder):
        give_file(line, "portrait", kari)
