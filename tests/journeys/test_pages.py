"""Every page of the road, in each of its states, is accessible and fits the window."""

import pytest
from stdnum import damm

from hmskort.pages.urls import GUIDES
from hmskort.simulators import world
from tests.journeys import steps
from tests.journeys.inspection import Inspection
from tests.journeys.steps import name_of

UNKNOWN = "7000000" + damm.calc_check_digit("7000000")


@pytest.fixture
def inspection():
    return Inspection()


@pytest.mark.feature("F007")
def test_pages_that_are_open_to_anyone(inspection, anyone):
    inspection.opens(anyone, "/", dark=True)
    for address in (*GUIDES, "betaling/vilkar/", "logg-inn/", "logg-ut/ferdig/", "sjekk/"):
        inspection.opens(anyone, f"/{address}")
    inspection.opens(anyone, "/finnes-ikke/", "a page that is not there")
    inspection.opens(anyone, "/logg-inn/retur/?error=access_denied", "a login that failed")
    inspection.opens(anyone, "/sjekk/?number=%25%25%25", "a check of what is no number")
    inspection.opens(anyone, f"/k/{UNKNOWN}/", "an unknown card")
    inspection.opens(anyone, "/k/12345678/", "a mistyped card number", dark=True)
    assert inspection.faults == []


def test_guides_that_answer(inspection, anyone):
    need, cleaning = "/hjelp/trenger-vi-kort/", "/godkjent-renhold/"
    inspection.opens(anyone, f"{need}?arbeid=bygg&spurt=sted", "a question left open")
    inspection.opens(anyone, f"{need}?arbeid=renhold&hos=egne", "no card is needed", dark=True)
    inspection.opens(anyone, f"{cleaning}?orgnr=123", "no organisation number")
    for case in ("cleaning", "cleaning told to order", "cleaning not approved"):
        inspection.opens(anyone, f"{cleaning}{world.company(case).orgnr}/", case)
    assert inspection.faults == []


def test_pages_about_companies_and_rights(inspection, kari, somebody):
    inspection.opens(somebody("Ola"), "/velg-virksomhet/", "no company to act for")
    mona = somebody("leader of many")
    inspection.opens(mona, "/velg-virksomhet/", "several companies", dark=True)
    tor = somebody("owner of ENK with spouse")
    inspection.opens(tor, "/bestillinger/", "no orders yet")
    inspection.opens(tor, "/kort/", "no cards yet")
    inspection.opens(kari, "/virksomhet/")
    inspection.opens(kari, "/virksomhet/ny-tilgang/")
    inspection.opens(kari, "/kontroll/", "no right to this")
    assert inspection.faults == []


def test_pages_of_the_employees(inspection, kari, portal):
    inspection.opens(kari, "/ansatte/?type=renhold", "employees nobody has asked about")
    kari.opens("/ansatte/?type=bygg")
    kari.page.route("**/ansatte/status/**", lambda _route: None)  # the page stays as it came
    with portal.fault("folkeregisteret", "slow", 2):
        kari.clicks("Sjekk alle ansatte")
        inspection.looks(kari, "employees while the registers are asked")
    kari.page.unroute("**/ansatte/status/**")
    steps.hears_of_all_employees(kari)
    inspection.looks(kari, "employees", dark=True)
    kari.page.locator("summary", has_text="Slik retter du det").first.click()
    inspection.opens(kari, "/ansatte/?type=bygg&vis=mangler&sorter=status", "what is missing")
    inspection.opens(kari, "/ansatte/?type=bygg&vis=venter", "nobody who fits", dark=True)
    assert inspection.faults == []


def test_pages_of_a_cart(inspection, kari, portal):
    steps.empties_cart(kari)
    inspection.opens(kari, "/bestill/", "a new order")
    kari.types("Fødselsnummer eller D-nummer", "123\n456")
    kari.clicks("Neste steg")
    kari.reads("Du må rette dette")
    inspection.looks(kari, "a new order with errors", dark=True)
    kari.page.route("**/krav/", lambda _route: None)  # the page stays as it came
    with portal.fault("aaregisteret", "slow", 2):
        order = steps.starts_order(kari, "not employed", "employed elsewhere")
        kari.reads("Sjekker …")
        inspection.looks(kari, "a cart while the registers are asked")
    kari.page.unroute("**/krav/")
    line = steps.line_in_cart(kari, order)
    steps.hears_no(kari, order, 2)
    inspection.looks(kari, "a cart with requirements that are not met", dark=True)
    inspection.opens(kari, "/bestill/", "an order that was begun")
    inspection.opens(kari, f"/bestilling/{order}/{line}/filer/", "files that are not asked for")
    inspection.opens(kari, f"/bestilling/{order}/{line}/fjern/", "take a person out")
    steps.empties_cart(kari)
    inspection.opens(kari, f"/bestilling/{order}/", "an empty cart")
    with portal.fault("aaregisteret", "500"):
        steps.starts_order(kari, "cleaner")  # whom no list of the employed has asked about
        kari.reads("Registeret svarer ikke")
        inspection.looks(kari, "a cart while a register is silent")
        steps.empties_cart(kari)
    assert inspection.faults == []


def test_pages_of_somebody_who_waits_for_a_register(inspection, kari):
    order = steps.starts_order(kari, "not employed")
    steps.hears_no(kari, order, 1)
    kari.ticks("Bestill av seg selv når dette er i orden")
    kari.clicks("Bilde, signatur og ID")
    kari.reads("Portrett")
    inspection.opens(kari, f"/bestilling/{order}/", "a cart with somebody who waits", dark=True)
    steps.empties_cart(kari)
    assert inspection.faults == []


def test_pages_of_files(inspection, kari):
    cases = ("D-number", "stateless")
    order = steps.starts_order(kari, *cases)
    steps.hears_from_registers(kari, order, *cases)
    inspection.looks(kari, "a cart without files")
    line = steps.line_in_cart(kari, order)
    inspection.opens(kari, f"/bestilling/{order}/{line}/filer/", "files to upload", dark=True)
    kari.clicks("Last opp")
    kari.reads("Filen mangler.")
    inspection.looks(kari, "files with an error")
    for case in cases:
        steps.gives_files(kari, order, case)
    inspection.looks(kari, "files that are there", dark=True)
    steps.empties_cart(kari)
    assert inspection.faults == []


def test_pages_from_delivery_to_payment(inspection, kari, portal):
    order = steps.starts_order(kari, "stateless")
    steps.hears_from_registers(kari, order, "stateless")
    steps.gives_files(kari, order, "stateless")
    inspection.opens(kari, f"/bestilling/{order}/levering/", "delivery")
    kari.ticks("En annen adresse")  # the address book may hold one of an earlier order
    kari.types("Postnummer", "0")
    kari.clicks("Neste steg")
    kari.reads("Postnummer må ha 4 siffer, for eksempel 0181.")
    inspection.looks(kari, "delivery with an error")
    inspection.opens(kari, f"/bestilling/{order}/betal/", "something is missing")
    steps.says_where(kari, order, steps.email_of(order))
    inspection.looks(kari, "pay", dark=True)
    kari.clicks("Bestill for")
    kari.reads("Du må rette dette")
    inspection.looks(kari, "pay without the declaration")
    kari.ticks("Jeg har kontrollert legitimasjonen")
    kari.clicks("Bestill for")
    kari.reads("Testkort")
    inspection.opens(kari, f"/bestilling/{order}/", "a cart that is being paid for")
    inspection.opens(kari, portal.where_the_payer_comes_back(order), "wait for the payment")
    kari.clicks("Avbryt betalingen")
    kari.reads("Du avbrøt betalingen.")
    steps.empties_cart(kari)
    assert inspection.faults == []


def test_pages_of_a_sent_order_and_its_review(inspection, kari, reviewer, anyone):
    mended, gone = "changed number", "long name"
    order = steps.orders(kari, mended, gone)
    inspection.looks(kari, "an order in review", dark=True)
    inspection.opens(anyone, steps.link_to_check(kari, mended), "a card under order", dark=True)
    inspection.opens(kari, "/bestillinger/", "orders")
    kari.opens(f"/bestillinger/{order}/")
    kari.clicks(f"Trekk tilbake {name_of(gone)}")
    kari.reads("Vil du trekke")
    inspection.looks(kari, "withdraw a person")
    kari.clicks("Trekk tilbake")
    kari.reads("er trukket fra bestillingen")

    steps.takes(reviewer, name_of(mended))
    inspection.looks(reviewer, "a case", dark=True)
    reviewer.clicks("Avvis")
    reviewer.reads("Velg minst én grunn")
    inspection.looks(reviewer, "a case with an error")
    reviewer.ticks("Briller")
    reviewer.clicks("Avvis")
    reviewer.reads("Avvist.")
    inspection.opens(reviewer, "/kontroll/", "the queue", dark=True)
    inspection.opens(kari, f"/bestillinger/{order}/", "an order with a refused piece")
    kari.clicks("Rett det som er avvist")
    kari.reads("Bytt bare det som er avvist.")
    inspection.looks(kari, "a refused file", dark=True)
    assert inspection.faults == []


def test_pages_of_cards_and_their_production(inspection, kari, reviewer, producer, anyone):
    case = "not EEA"
    order = steps.orders(kari, case)
    steps.approves(reviewer, case)
    number = steps.card_of(kari, order, case)
    inspection.looks(kari, "an order with a card")
    steps.awaits_answer(anyone, number, "valid")
    inspection.looks(anyone, "a valid card", dark=True)
    inspection.opens(kari, "/kort/", "cards", dark=True)
    inspection.opens(kari, "/kort/?q=finnesikke", "cards that do not fit")
    inspection.opens(kari, f"/kort/{number}/", "a card", dark=True)
    inspection.opens(kari, f"/kort/{number}/sperr/", "block a card")
    inspection.opens(producer, "/produksjon/", "production", dark=True)
    steps.finds_batch(producer, number)
    inspection.looks(producer, "a batch", dark=True)
    producer.clicks("Merk alle klare brev som sendt")
    producer.reads("lagt i posten?")
    inspection.looks(producer, "send letters")
    steps.blocks(kari, number)
    inspection.looks(kari, "a blocked card")
    inspection.opens(anyone, f"/k/{number}/", "a card that is not valid", dark=True)
    assert inspection.faults == []


def test_pages_of_letting_somebody_act_for_the_company(inspection, kari):
    """From the form to the signed authorisation, and withdrawn again."""
    tor = world.person("owner of ENK with spouse")
    kari.opens("/virksomhet/ny-tilgang/")
    kari.types("Fødselsnummer eller D-nummer", tor.national_id)
    kari.types("Etternavn", tor.name.split()[-1])
    kari.ticks("bestille kort")
    kari.ticks("Nei, personen er utenfor virksomheten, for eksempel regnskapsfører")
    kari.types("E-postadressen til personen", "tor@example.com")
    kari.clicks("Gi tilgang")
    kari.reads("Mangler fullmakt", "Navn og nummer stemmer")
    inspection.looks(kari, "access without an authorisation")
    kari.clicks("Signer fullmakt her")
    inspection.looks(kari, "authorisation to sign", dark=True)
    kari.ticks("virksomheten selv")
    kari.ticks("Jeg signerer fullmakten på vegne av virksomheten")
    kari.clicks("Signer fullmakten")
    kari.reads("Fullmakten er signert.", "Kort meldes sperret eller tapt av")
    inspection.looks(kari, "access with an authorisation")
    kari.clicks("Trekk tilgangen")
    inspection.looks(kari, "access to withdraw")
    kari.clicks("Trekk tilgangen")
    kari.reads("kan ikke lenger handle på vegne av virksomheten")
    assert inspection.faults == []
