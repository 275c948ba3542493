"""An orderer's way from the front page to the receipt."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.portal import PATIENCE_S
from tests.journeys.steps import name_of, number_of

NUMBERS = "Fødselsnummer eller D-nummer"


@pytest.mark.feature("F001")
def test_the_front_page_leads_into_an_order_for_each_industry(kari):
    for link, kind in (
        ("Bestill for bygg og anlegg", "Bygg og anlegg"),
        ("Bestill for renhold", "Renhold"),
    ):
        kari.opens("/")
        kari.clicks(link)
        kari.is_at("/bestill/")
        assert kari.page.get_by_role("radio", name=kind).is_checked()


@pytest.mark.feature("F107", "F153")
def test_kari_orders_for_two_people(somebody, portal):
    kari = somebody()
    comes_from_the_front_page(kari)
    order = types_two_numbers_one_of_them_wrong(kari, portal)
    gives_files_of_both(kari, order)
    says_where_to_send(kari, order)
    total = pays_after_the_declaration(kari, order)

    kari.is_at(f"/bestillinger/{order}/")
    kari.reads("Takk, vi har mottatt bestillingen", "brakkeriggen")
    receipt = portal.mail(steps.email_of(order), order)
    for case in ("employed", "also employed"):
        line = kari.part_about(name_of(case))
        expect(line.get_by_text("Til kontroll")).to_be_visible()
        expect(line.get_by_text(re.compile(r"104,00\skr uten mva."))).to_be_visible()
        assert name_of(case) in receipt["text"]
    sums = portal.books(order)
    assert (sums["reservedAmount"], sums["chargedAmount"]) == (total, 0)
    kari.has_had_no_trouble()


def comes_from_the_front_page(kari):
    kari.name = name_of("Kari")
    kari.opens("/")
    kari.clicks("Bestill for bygg og anlegg")
    kari.logs_in()
    kari.is_at("/bestill/")
    kari.reads("Du bestiller på vegne av BYGGMESTER AS.")


def types_two_numbers_one_of_them_wrong(kari, portal):
    """Nothing typed is lost, and the registers' answers come by themselves."""
    steps.empties_cart(kari)
    kari.opens("/bestill/?kort_type=bygg")
    right = f"{number_of('employed')}\n{number_of('also employed')}"
    wrong = right[:-1]
    kari.types(NUMBERS, wrong)
    kari.clicks("Neste steg")
    kari.reads("Du må rette dette før du går videre", "Linje 2")
    expect(kari.page.get_by_label(NUMBERS)).to_have_value(wrong)
    assert kari.page.get_by_role("radio", name="Bygg og anlegg").is_checked()

    with portal.fault("aaregisteret", "slow", 2):
        kari.types(NUMBERS, right)
        kari.clicks("Neste steg")
        kari.is_at("/bestilling/[A-Z0-9]+/")
        kari.page.evaluate("window.isTheSamePage = true")
        kari.reads("Vi spør registrene", "Sjekker …")
        answers = kari.page.get_by_text("alle er i orden")
        expect(answers).to_have_count(2, timeout=1000 * PATIENCE_S)
    kari.reads(name_of("employed"), name_of("also employed"))
    assert kari.page.evaluate("window.isTheSamePage")
    return steps.reference_in(kari)


def gives_files_of_both(kari, order):
    kari.clicks(f"Bilde, signatur og ID – {name_of('employed')}")
    for label, (name, content, kind) in steps.FIELDS.items():
        kari.chooses_file(label, (name, content(), kind))
        kari.reads(f"Valgt fil: {name}")
    sees_progress_while_files_go_up(kari)
    kari.reads("Filene er lagret.", "Bildet ser bra ut.")
    kari.clicks("Neste steg")
    kari.is_at(f"/bestilling/{order}/")
    steps.gives_files(kari, order, "also employed")
    kari.clicks("Neste steg")
    kari.is_at(f"/bestilling/{order}/")
    kari.clicks("Neste steg")
    kari.is_at(f"/bestilling/{order}/levering/")


def sees_progress_while_files_go_up(kari):
    """The files are held on their way until the progress has been seen."""
    held = []
    kari.page.route(
        "**/filer/",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    kari.clicks("Last opp")
    kari.reads("Laster opp …")
    expect(kari.page.locator("progress:visible")).to_have_count(1)
    held[0].continue_()
    kari.page.unroute("**/filer/")


def says_where_to_send(kari, order):
    kari.page.get_by_label("En annen adresse").check()
    for label, text in steps.ADDRESS.items():
        kari.page.get_by_label(label, exact=True).fill(text)
    kari.types("E-postadresse for kvittering", steps.email_of(order))
    kari.clicks("Neste steg")
    kari.is_at(f"/bestilling/{order}/betal/")


def pays_after_the_declaration(kari, order):
    """What the page said that it costs, in øre."""
    total = ore(kari.page.locator(".sums__total dd").inner_text())
    kari.clicks("Bestill for")
    kari.reads("Du må rette dette før du går videre")
    kari.ticks("Jeg har kontrollert legitimasjonen")
    kari.clicks("Bestill for")
    kari.reads("Testkort", order)
    kari.page.get_by_role("button", name="Betal").click()
    return total


def ore(text):
    return int(re.sub(r"\D", "", text))


def test_kari_orders_for_two_people_without_javascript(somebody, portal):
    kari = somebody("Kari", javascript=False)
    cases = ("employed in another sub-unit", "two sub-units")

    with portal.fault("aaregisteret", "slow", 2):
        order = steps.starts_order(kari, *cases)
        kari.reads("Vi spør registrene")
        steps.presses_update(kari)
    steps.hears_from_registers(kari, order, *cases)
    for case in cases:
        steps.gives_files(kari, order, case)
    steps.says_where(kari, order, steps.email_of(order))
    steps.pays(kari, order)

    kari.reads("Takk, vi har mottatt bestillingen")
    steps.presses_update(kari)
    for case in cases:
        expect(kari.part_about(name_of(case)).get_by_text("Til kontroll")).to_be_visible()
    assert portal.mail(steps.email_of(order), order)["subject"]


@pytest.mark.feature("F081")
def test_a_cart_can_be_changed_and_is_there_after_the_next_login(somebody):
    kari = somebody("Kari")
    steps.starts_order(kari, "Nordic", "stateless")
    before = ore(kari.page.locator(".sums__total dd").inner_text())
    kari.clicks(f"Fjern {name_of('stateless')}")
    kari.clicks("Fjern fra bestillingen")
    kari.reads("er fjernet fra bestillingen")
    assert before - ore(kari.page.locator(".sums__total dd").inner_text()) == steps.CARD_ORE

    kari.logs_out()
    kari.logs_in()
    kari.opens("/bestill/")
    kari.clicks("Fortsett bestillingen")
    kari.reads(name_of("Nordic"))
    steps.empties_cart(kari)
