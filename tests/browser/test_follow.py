"""What the employer sees of an order, in a real browser: accessible at every width, with keys."""

import pytest
from django.conf import settings as configured
from playwright.sync_api import expect

from orders import actions
from orders.models import Order
from tests.builders import ADDRESS, a_cart, actor_of, with_files
from tests.orders.paying import at_the_payment_page, pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def key(kari, client_as):
    return client_as(kari).cookies[configured.SESSION_COOKIE_NAME].value


@pytest.fixture
def order(kari):
    cart = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=cart, address=ADDRESS, actor=actor_of(kari))
    pay(at_the_payment_page(cart, kari))
    return Order.objects.get(pk=cart.pk)


def test_the_list_the_order_its_proof_and_its_address_are_accessible(page_check, key, order):
    for address in ("", f"{order.reference}/", f"{order.reference}/bekreftelse/"):
        page_check(f"/bestillinger/{address}", session=key)
    page_check("/bestillinger/?q=nobody&fra=2026-01-01&sorter=-sum", session=key)
    page_check(f"/bestillinger/{order.reference}/adresse/", session=key)


@pytest.mark.feature("F149")
@pytest.mark.feature("F150")
@pytest.mark.parametrize("javascript", [True, False])
def test_an_order_is_sorted_sought_and_opened_with_the_keyboard_alone(
    visitor, key, order, javascript
):
    someone = visitor(javascript=javascript)
    someone.log_in(key)
    page = someone.open("/bestillinger/")
    with page.expect_navigation():
        page.get_by_role("link", name="Sum").press("Enter")
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Sum")
    page.get_by_label("Bestillingsnummer, navn").fill(order.reference.lower())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "sorter=-sum" in page.url
    assert f"q={order.reference.lower()}" in page.url
    with page.expect_navigation():
        page.get_by_role("link", name=order.reference).press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == f"Bestilling {order.reference}"
    page.go_back()
    with page.expect_navigation():
        page.get_by_role("link", name="Nullstill søk").press("Enter")
    assert page.url.endswith("/bestillinger/")
    assert page.get_by_label("Bestillingsnummer, navn").input_value() == ""


def test_what_has_the_focus_keeps_it_when_the_page_asks_again(visitor, key, order):
    someone = visitor()
    someone.log_in(key)
    page = someone.open("/")
    page.clock.install()
    page.goto(f"{someone.base_url}/bestillinger/{order.reference}/")
    page.locator("#lines").evaluate("lines => { lines.dataset.old = 'yes'; }")
    link = page.get_by_role("link", name="Trekk tilbake")
    link.focus()
    page.clock.fast_forward(5_000)
    expect(page.locator("#lines[data-old]")).to_have_count(0)
    expect(link).to_be_focused()
