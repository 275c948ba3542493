"""Back from the payment page, the terms, and what Nexi shows people."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from hmskort.audit.actor import Actor, ActorKind
from hmskort.common.services import Unavailable
from orders.payments.models import Payment
from orders.payments.nexi.simulator import books
from tests.payments.shop import card, deliver, start, want

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def karis(nexi, kari) -> Payment:
    return start(actor=Actor(ActorKind.PERSON, id=str(kari.pk)))


@pytest.fixture
def browser(client_as, kari):
    return client_as(kari)


def back(payment: Payment) -> str:
    return reverse("payments:back", args=[payment.pk])


def cancelled(payment: Payment) -> str:
    return reverse("payments:cancelled", args=[payment.pk])


def test_who_has_paid_comes_to_the_order(browser, karis, nexi):
    address = nexi.pay(karis).headers["Location"]
    assert address.startswith(f"http://localhost:8000{back(karis)}?paymentid=")
    answer = browser.get(address)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("orders:order", args=["ORDER"]),
    )
    karis.refresh_from_db()
    assert karis.state == "reserved"


def test_who_paid_at_a_page_that_was_replaced_is_told_that_it_is_given_back(browser, karis, nexi):
    nexi.fails("silent")
    with pytest.raises(Unavailable):
        start(cards=2)  # a colleague turned to something else, and the page could not be closed
    nexi.heals()
    nexi.pay(karis)
    answer = browser.get(back(karis))
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == [
        "Bestillingen skal betales på en annen måte. Det du reserverte her, får du tilbake."
    ]
    deliver()
    assert nexi.sums(karis)["cancelledAmount"] == karis.amount_ore


def test_a_return_alone_proves_nothing(browser, karis):
    page = browser.get(back(karis))
    assert page.status_code == 200
    assert "Vi venter på betalingen" in page.text
    karis.refresh_from_db()
    assert karis.state == "started"


def test_the_waiting_page_has_a_link_and_asks_again_by_itself(browser, karis):
    page = browser.get(back(karis)).text
    assert f'href="{back(karis)}"' in page
    assert f'hx-get="{back(karis)}"' in page
    assert "479,68\N{NO-BREAK SPACE}kr" in page
    assert browser.get(back(karis), headers=HTMX).status_code == 204


def test_the_waiting_page_goes_on_when_the_provider_has_spoken(browser, karis, nexi):
    nexi.pay(karis)
    answer = browser.get(back(karis), headers=HTMX)
    assert answer["HX-Redirect"] == reverse("orders:order", args=["ORDER"])


@pytest.mark.parametrize("fault", ["silent", "500", "429", "garbage", "wrong_shape", "wall"])
def test_a_provider_without_an_answer_is_waited_for(browser, karis, nexi, fault):
    nexi.pay(karis)
    nexi.fails(fault)
    assert "Vi venter på betalingen" in browser.get(back(karis)).text
    nexi.heals()
    assert browser.get(back(karis)).status_code == 302


def test_who_turned_back_comes_to_the_cart(browser, karis, nexi, told):
    answer = nexi.visit("POST", f"hosted/{karis.provider_id}", do="cancel")
    assert answer.headers["Location"].startswith(f"http://localhost:8000{cancelled(karis)}?")
    answer = browser.get(cancelled(karis))
    assert answer["Location"] == reverse("orders:cart", args=["ORDER"])
    karis.refresh_from_db()
    assert karis.state == "failed"
    deliver()
    assert [event for event, _ in told] == ["payment:failed"]


def test_who_turned_back_after_paying_has_paid(browser, karis, nexi):
    nexi.pay(karis)
    assert browser.get(cancelled(karis))["Location"] == reverse("orders:order", args=["ORDER"])


def test_turning_back_waits_for_a_provider_without_an_answer(browser, karis, nexi):
    nexi.fails("silent")
    assert browser.get(cancelled(karis))["Location"] == back(karis)


def test_a_failed_payment_leads_to_the_cart(browser, karis):
    browser.get(cancelled(karis))
    assert browser.get(back(karis))["Location"] == reverse("orders:cart", args=["ORDER"])


@pytest.mark.parametrize("address", [back, cancelled])
def test_for_others_the_payment_does_not_exist(client_as, ola, per, karis, address):
    assert client_as(per).get(address(karis)).status_code == 404
    assert client_as(ola).get(address(karis)).status_code == 404
    karis.refresh_from_db()
    assert karis.state == "started"


@pytest.mark.parametrize("address", [back, cancelled])
def test_who_is_not_logged_in_logs_in_and_comes_back(client, karis, address):
    answer = client.get(address(karis))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:login"))


def test_a_payment_that_is_not_there(browser):
    assert browser.get(reverse("payments:back", args=[uuid.uuid4()])).status_code == 404


def test_the_terms_are_open(client):
    page = client.get(reverse("payments:terms")).text
    assert "reservert på kortet" in page


def test_the_payment_page_shows_every_line_and_the_test_cards(karis, nexi):
    page = nexi.visit("GET", f"hosted/{karis.provider_id}").text
    for text in ("Betal 479,68", "LINE1", "Porto", "4925 0000 0000 0004", books.DECLINED):
        assert text in page


def test_a_card_that_nobody_knows_is_refused(karis, nexi):
    assert nexi.pay(karis, "4111111111111111").status_code == 422
    assert nexi.sums(karis)["reservedAmount"] == 0


def test_the_books_are_open_to_people_and_tests(karis, nexi):
    nexi.pay(karis)
    deliver()
    assert "ORDER" in nexi.visit("GET", "_books/").text
    held = nexi.visit("GET", f"_books/{karis.provider_id}.json").json()
    assert held["summary"]["reservedAmount"] == held["left"] == 47_968
    assert held["card"] == "492500******0004"
    nexi.visit("POST", "_books/", mode="thrice")
    assert "kommer tre ganger" in nexi.visit("GET", "_books/").text
    assert nexi.visit("GET", "_books/0.json").status_code == 404


def test_the_page_of_a_captured_payment_leads_back(browser, karis, nexi):
    nexi.pay(karis)
    browser.get(back(karis))
    karis.refresh_from_db()
    want("capture", karis, "card:1", [card(1)])
    deliver()
    assert nexi.visit("GET", f"hosted/{karis.provider_id}").status_code == 302
