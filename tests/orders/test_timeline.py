"""The page of an order tells everything that happened with it, in words and with names."""

import pytest
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from orders import actions
from orders.evidence.models import Piece
from orders.models import Line, Order
from orders.order_page import timeline
from orders.states import OrderState
from tests.builders import ADDRESS, a_cart, actor_of, give_file, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve, refuse, say_that_employment_ended

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(kari):
    def order_for(*cases: str) -> Order:
        order = with_files(a_cart(kari, *cases), kari)
        actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
        pay(at_the_payment_page(order, kari))
        return Order.objects.get(pk=order.pk)

    return order_for


def told(order: Order) -> list[tuple[str, str]]:
    """Titles and texts, oldest first."""
    return [(one.title, one.text) for one in timeline.happened(order)][::-1]


def test_the_way_from_cart_to_card_is_told_with_the_money(paid, kari):
    order = paid("employed in another sub-unit")
    approve(order.lines.get())
    order.refresh_from_db()
    name = order.lines.get().person.name
    assert told(order) == [
        ("Bestilling startet", ""),
        ("Person lagt til", name),
        ("Leveringsadresse endret", ""),
        ("Erklæring godtatt", ""),
        ("Betaling startet", ""),
        ("Beløp reservert", "177,50\N{NO-BREAK SPACE}kr"),
        ("Bestilling sendt", ""),
        ("Godkjent i kontroll", name),
        ("Beløp trukket", f"130,00\N{NO-BREAK SPACE}kr – {name}"),
        ("Beløp trukket", "47,50\N{NO-BREAK SPACE}kr – porto"),
        ("Kort utstedt", name),
        ("Bestilling fullført", ""),
    ]
    assert timeline.happened(order)[-1].who == kari.name


def test_refusal_mending_and_withdrawal_are_told(paid, kari):
    order = paid("employed in another sub-unit", "D-number")
    first, second = order.lines.all()
    refuse(first, "portrait", "blurred")
    give_file(Line.objects.get(pk=first.pk), "portrait", kari)
    actions.withdraw_line(line=second, actor=actor_of(kari))
    rest()
    lines = [entry for entry in told(order) if entry[1] in {first.person.name, second.person.name}]
    assert lines == [
        ("Avvist i kontroll", first.person.name),
        ("Rettet og sendt på nytt", first.person.name),
        ("Trukket tilbake", second.person.name),
    ]


def test_a_card_held_back_by_a_register_is_told(paid):
    order = paid("employed in another sub-unit")
    say_that_employment_ended("employed in another sub-unit")
    approve(order.lines.get())
    assert ("Venter på registrene", order.lines.get().person.name) in told(order)


def test_what_happens_to_many_at_once_is_told_once(paid):
    order = paid("employed in another sub-unit", "D-number")
    with transaction.atomic():
        Piece.objects.update(state=Piece.State.APPROVED)
        for line in order.lines.all():
            actions.approve_line(line=line, actor=SYSTEM)
    [approved] = [text for title, text in told(order) if title == "Godkjent i kontroll"]
    assert approved == ", ".join(line.person.name for line in order.lines.all())


def test_a_payment_that_was_given_up_is_told(paid, kari):
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    at_the_payment_page(order, kari)
    order.refresh_from_db()
    actions.stop_paying(order=order, actor=actor_of(kari))
    assert ("Betaling mislyktes", "") in told(order)


def test_the_receipt_says_who_stayed_behind_and_leads_to_them(kari, client_as):
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    a_cart(kari, "not employed")
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    pay(at_the_payment_page(order, kari))
    cart = Order.objects.get(state=OrderState.CART)
    shown = client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert "1 person ligger fortsatt i handlekurven" in shown
    assert f"/bestilling/{cart.reference}/" in shown
    a_cart(kari, "two sub-units")  # who is added afterwards did not stay behind
    shown = client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert "1 person ligger fortsatt i handlekurven" in shown


def test_the_page_asks_the_same_number_of_questions_for_many(
    paid, kari, client_as, django_assert_max_num_queries
):
    order = paid("employed in another sub-unit", "D-number", "two sub-units")
    client = client_as(kari)
    with django_assert_max_num_queries(19):  # session, user and company among them
        client.get(f"/bestillinger/{order.reference}/")
