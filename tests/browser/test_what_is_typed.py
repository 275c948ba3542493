"""What is typed is not lost: on the way back, in another language, after the session ended."""

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.builders import a_cart

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = "#id_numbers"
WRONG = "01819012345"


@pytest.fixture
def session_of(client_as):
    """The session key of somebody who is logged in."""
    return lambda user: client_as(user).cookies[configured.SESSION_COOKIE_NAME].value


@pytest.fixture
def someone(visitor, session_of, kari):
    """Kari in a browser."""
    come = visitor()
    come.log_in(session_of(kari))
    return come


def test_back_after_a_faulty_form_leads_to_the_page_before(someone):
    page = someone.open("/hjelp/")
    page.goto(f"{someone.base_url}/bestill/")
    for _again in range(2):
        page.fill(NUMBERS, WRONG)
        page.get_by_role("button", name="Neste steg").click()
        page.get_by_text("Du må rette dette før du går videre").wait_for()
        expect(page.locator(NUMBERS)).to_have_value(WRONG)
    expect(page).to_have_title("Feil: Ny bestilling – HMS-kort")
    expect(page.locator("[data-focus]")).to_be_focused()
    page.go_back()
    page.wait_for_url("**/hjelp/")


def test_a_form_in_place_leads_on_when_it_is_right(someone, world_number):
    page = someone.open("/bestill/")
    page.fill(NUMBERS, world_number("employed"))
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_url("**/bestilling/*/")
    page.go_back()
    page.wait_for_url("**/bestill/")
    assert someone.complaints == []


def test_what_is_typed_follows_into_another_language(someone):
    page = someone.open("/bestill/?kort_type=renhold")
    page.fill(NUMBERS, "018190")
    page.get_by_label("Bygg og anlegg").check()
    page.locator("details.language summary").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="New order").wait_for()
    expect(page.locator(NUMBERS)).to_have_value("018190")
    assert page.get_by_role("radio").first.is_checked()
    assert page.evaluate("sessionStorage.getItem('typed')") is None
    assert someone.complaints == []


def test_a_folded_form_is_opened_when_it_holds_what_was_typed(someone, kari):
    cart = a_cart(kari, "employed")
    page = someone.open(f"/bestilling/{cart.reference}/")
    page.get_by_text("Legg til flere personer").click()
    page.fill(NUMBERS, "018190")
    page.locator("details.language summary").click()
    page.get_by_role("button", name="English").click()
    page.locator('html[lang="en"]').wait_for()
    expect(page.locator(NUMBERS)).to_be_visible()
    expect(page.locator(NUMBERS)).to_have_value("018190")


def test_without_javascript_the_language_menu_warns(visitor, session_of, kari):
    come = visitor(javascript=False)
    come.log_in(session_of(kari))
    page = come.open("/bestill/")
    page.locator("details.language summary").click()
    warning = page.locator("details.language noscript p")
    assert warning.is_visible()
    assert "blir borte når du bytter språk" in warning.inner_text()
    page.goto(f"{come.base_url}/hjelp/")
    assert warning.count() == 0


KEPT = "sessionStorage.getItem('typed')"


@pytest.fixture
def left_behind(someone):
    """The page that says that the session has ended; what Kari typed is kept behind it."""
    page = someone.open("/bestill/")
    page.fill(NUMBERS, WRONG)
    Session.objects.all().delete()
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_text("det du sendte, ble ikke lagret").wait_for()
    assert WRONG in page.evaluate(KEPT)
    return page


def test_what_was_typed_is_gone_when_another_person_has_logged_in(
    someone, left_behind, session_of, per
):
    someone.log_in(session_of(per))
    left_behind.goto(f"{someone.base_url}/hjelp/")
    assert left_behind.evaluate(KEPT) is None


def test_what_was_typed_is_gone_when_its_person_has_logged_out(
    someone, left_behind, session_of, kari
):
    someone.log_in(session_of(kari))
    left_behind.goto(f"{someone.base_url}/hjelp/")
    assert WRONG in left_behind.evaluate(KEPT)
    left_behind.get_by_role("button", name="Logg ut").click()
    left_behind.get_by_role("heading", name="logget ut").wait_for()
    assert left_behind.evaluate(KEPT) is None


def test_what_was_typed_is_gone_after_a_while_though_nobody_comes_back(someone):
    page = someone.open("/bestill/")
    page.clock.install()
    page.fill(NUMBERS, WRONG)
    Session.objects.all().delete()
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_text("det du sendte, ble ikke lagret").wait_for()
    page.clock.fast_forward("14:00")
    assert WRONG in page.evaluate(KEPT)
    page.clock.fast_forward("01:01")
    assert page.evaluate(KEPT) is None


@pytest.mark.parametrize("same_person", [True, False])
def test_what_was_typed_is_there_again_after_the_session_ended(
    someone, session_of, kari, per, same_person
):
    page = someone.open("/bestill/")
    page.fill(NUMBERS, WRONG)
    Session.objects.all().delete()
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_text("det du sendte, ble ikke lagret").wait_for()
    assert page.url.endswith("/logg-inn/?next=%2Fbestill%2F")
    someone.log_in(session_of(kari if same_person else per))
    page.goto(f"{someone.base_url}/bestill/")
    expect(page.locator(NUMBERS)).to_have_value(WRONG if same_person else "")
    assert page.evaluate("sessionStorage.getItem('typed')") is None
