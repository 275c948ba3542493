"""A login that ends, a bank that says no, clicks that come twice: nothing is lost or paid twice."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.steps import CARD_ORE, POSTAGE_ORE

CASE = "contact too old"


@pytest.mark.feature("F081", "F107")
def test_an_order_survives_a_login_that_ends_a_card_that_is_refused_and_every_double_click(
    somebody, portal
):
    per = somebody("Per")
    per.acts_for(steps.BYGGMESTER)
    order = steps.starts_order(per, CASE)
    steps.hears_from_registers(per, order, CASE)
    steps.gives_files(per, order, CASE)
    types_on_although_the_login_has_ended(per, order)

    goes_to_pay_with_a_double_click_and_from_another_tab(per, order)
    assert len(portal.payments(order)) == 1
    is_refused_by_the_bank_and_turns_back(per, order)
    steps.declares(per)
    pays_in_two_tabs_with_a_double_click(per, order)

    per.reads("Takk, vi har mottatt bestillingen")
    reserved = [one["summary"]["reservedAmount"] for one in portal.payments(order)]
    assert reserved == [CARD_ORE + POSTAGE_ORE, 0]
    per.has_had_no_trouble()


def types_on_although_the_login_has_ended(per, order):
    """What stood in the form is there again when Per is back, and goes on from there."""
    per.opens(f"/bestilling/{order}/levering/")
    per.page.get_by_label("En annen adresse").check()
    for label, text in steps.ADDRESS.items():
        per.page.get_by_label(label, exact=True).fill(text)
    per.types("E-postadresse for kvittering", steps.email_of(order))
    is_logged_out_by_another_service(per)
    per.clicks("Neste steg")
    per.reads("det du sendte, ble ikke lagret")
    per.logs_in()
    per.is_at(f"/bestilling/{order}/levering/")
    expect(per.page.get_by_label("En annen adresse")).to_be_checked()
    for label, text in steps.ADDRESS.items():
        expect(per.page.get_by_label(label, exact=True)).to_have_value(text)
    per.clicks("Neste steg")
    per.is_at(f"/bestilling/{order}/betal/")
    per.reads(steps.email_of(order))


def is_logged_out_by_another_service(per):
    """ID-porten tells the portal, in a frame of its own page, that the session is over."""
    elsewhere = per.in_a_new_tab()
    elsewhere.opens(f"{per.portal.simulators_url}/idporten/sessions")
    open_ones = elsewhere.page.locator("form", has_text=per.name)
    while open_ones.count():
        open_ones.first.get_by_role("button").click()
        elsewhere.reads("Innloggingen er avsluttet")
        elsewhere.page.frame_locator("iframe").locator("body").wait_for(state="attached")
    elsewhere.page.close()


def goes_to_pay_with_a_double_click_and_from_another_tab(per, order):
    """Three clicks in two tabs, and one payment page."""
    other = per.in_a_new_tab()
    for tab in (per, other):
        tab.opens(f"/bestilling/{order}/betal/")
        tab.ticks("Jeg har kontrollert legitimasjonen")
    per.page.get_by_role("button", name="Bestill for").dblclick()
    per.reads("Testkort")
    other.page.get_by_role("button", name="Bestill for").click()
    other.reads("Testkort")
    assert other.page.url == per.page.url
    other.page.close()


def is_refused_by_the_bank_and_turns_back(per, order):
    per.types("Kortnummer", steps.DECLINED)
    per.page.get_by_role("button", name="Betal").click()
    per.reads("Banken avviste kortet. Ingenting er reservert.")
    per.page.get_by_role("button", name="Avbryt").click()
    per.is_at(f"/bestilling/{order}/")
    per.reads("Du avbrøt betalingen. Ingenting er trukket.")
    per.opens(f"/bestilling/{order}/betal/")


def pays_in_two_tabs_with_a_double_click(per, order):
    """The other tab stood at the payment page all the while, and comes to the same receipt."""
    other = per.in_a_new_tab()
    other.opens(per.page.url)
    per.page.get_by_role("button", name="Betal").dblclick()
    per.is_at(f"/bestillinger/{order}/")
    other.page.get_by_role("button", name="Betal").click()
    other.is_at(f"/bestillinger/{order}/")
    other.page.close()
