"""From an approved card to a letter in the post, and what anyone is told of it on the way."""

import re
import time

import cv2
import pypdfium2
import pytest
from playwright.sync_api import expect
from stdnum import damm

from tests.journeys import steps
from tests.journeys.steps import name_of

AT_ONCE_S = 1.0
NUMBER = re.compile(r"^\d{4}\s\d{4}$")


@pytest.mark.feature("F135")
def test_a_card_is_under_order_then_valid_sent_and_blocked(
    kari, reviewer, producer, anyone, portal
):
    case = "long name"
    order = steps.orders(kari, case)
    anyone.opens(steps.link_to_check(kari, case))
    anyone.reads("Kortet er bestilt og under behandling", "BYGGMESTER AS")

    steps.approves(reviewer, case)
    number = steps.card_of(kari, order, case)
    steps.awaits_answer(anyone, number, "valid")
    assert asks(anyone, number) == "valid"
    anyone.reads("Bygg og anlegg", "BYGGMESTER AS", "Siste gyldige dag")
    anyone.does_not_read(name_of(case))

    steps.finds_batch(producer, number)
    address = looks_at_files(producer, f"{portal.base_url}/k/{number}/")
    marks_as_sent(producer)
    anyone.opens(address)
    anyone.reads("Kortet er gyldig")

    steps.blocks(kari, number)
    blocked_at = time.monotonic()
    assert steps.answer_for(anyone, number) == "not_valid"
    assert time.monotonic() - blocked_at < AT_ONCE_S
    anyone.reads("Kortet er sperret.")
    for person in (kari, producer, anyone):
        person.has_had_no_trouble()


def asks(anyone, number):
    """The front page's field, as somebody with a card in their hand would use it."""
    anyone.opens("/")
    anyone.types("Kortnummer", f"{number[:4]} {number[4:]}")
    anyone.clicks("Sjekk kortet")
    anyone.is_at(f"/k/{number}/")
    return anyone.page.locator(".answer").get_attribute("data-status")


def looks_at_files(producer, address):
    """A front and a back for each card, and letters; the address that the card's QR code holds."""
    cards = producer.page.get_by_role("cell", name=NUMBER).count()
    fronts, backs = opens_pdf(producer, "Forsider"), opens_pdf(producer, "Baksider")
    assert len(fronts) == len(backs) == cards
    assert len(opens_pdf(producer, "Alle brev")) > 0
    read = qr_addresses(backs)
    assert address in read
    return address


def opens_pdf(producer, name):
    """The file that the link gives, as a document."""
    with producer.page.expect_download() as download:
        producer.clicks(name)
    return pypdfium2.PdfDocument(download.value.path().read_bytes())


def qr_addresses(document):
    """What a telephone reads from each page."""
    reader = cv2.QRCodeDetector()
    return {reader.detectAndDecode(page.render(scale=6).to_numpy())[0] for page in document}


def marks_as_sent(producer):
    producer.clicks("Merk alle klare brev som sendt")
    producer.page.get_by_role("button", name="Merk som sendt").click()
    producer.reads("sendt.")
    expect(producer.page.get_by_role("cell", name="Sendt").first).to_be_visible()


def test_a_made_up_number_is_unknown_and_a_mistyped_one_is_told_apart(anyone):
    made_up = "7000000"
    number = made_up + damm.calc_check_digit(made_up)
    assert asks(anyone, number) == "unknown"
    anyone.reads("Vi finner ikke kortet")

    mistyped = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert asks(anyone, mistyped) == "unknown"
    anyone.reads("Nummeret er skrevet feil")

    anyone.opens("/sjekk/")
    anyone.types("Kortnummer", "%%%")
    anyone.clicks("Sjekk kortet")
    anyone.reads("Du må rette dette før du går videre")
