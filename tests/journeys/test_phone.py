"""An order from a telephone that nobody touches: keys alone, and the names that are read aloud."""

import pytest
from playwright.sync_api import expect

from tests.chromium import nameless, overflow
from tests.journeys import steps
from tests.journeys.steps import CARD_ORE, POSTAGE_ORE, name_of, number_of

HERE, ALSO_HERE, LATER = "hyphen", "reserved", "employment starts in 31 days"


class Road:
    """What was wrong with the pages on the way, as whoever cannot see or point meets them."""

    def __init__(self, person):
        self.person, self.faults = person, []

    def at(self, address):
        """The page is there, no wider than the telephone, and every control has a name."""
        self.person.is_at(address)
        here = [*nameless(self.person.page)]
        if (excess := overflow(self.person.page)) > 0:
            here.append(f"scrolls {excess} px sideways")
        self.faults += [f"{address}: {fault}" for fault in here]


@pytest.mark.feature("F268")
def test_three_are_ordered_for_on_a_phone_by_keys_alone_after_one_is_mended(on_a_phone, portal):
    kari, road = on_a_phone, Road(on_a_phone)
    steps.empties_cart(kari)
    order = types_three_numbers(kari, road)
    hears_that_one_begins_too_late(kari, road, order)
    employer = steps.orgnr_of("Byggmester AS")
    portal.changes("start-employment", national_id=number_of(LATER), orgnr=employer)
    mends_the_line(kari)
    for case in (HERE, ALSO_HERE, LATER):
        gives_files(kari, road, order, case)
    kari.tabs_to("link", "Neste steg", "Enter")
    road.at(f"/bestilling/{order}/levering/")
    kari.keys_in("textbox", "E-postadresse for kvittering", steps.email_of(order))
    kari.tabs_to("button", "Neste steg", "Enter")
    pays(kari, road, order)
    for case in (HERE, ALSO_HERE, LATER):
        expect(kari.part_about(name_of(case)).get_by_text("Til kontroll")).to_be_visible()
    assert portal.books(order)["reservedAmount"] == 3 * CARD_ORE + POSTAGE_ORE
    assert road.faults == []
    kari.has_had_no_trouble()


def types_three_numbers(kari, road):
    kari.opens("/")
    kari.tabs_to("link", "Bestill for bygg og anlegg", "Enter")
    road.at("/bestill/")
    numbers = "\n".join(number_of(case) for case in (HERE, ALSO_HERE, LATER))
    kari.keys_in("textbox", "Fødselsnummer eller D-nummer", numbers)
    kari.tabs_to("button", "Neste steg", "Enter")
    kari.is_at("/bestilling/[A-Z0-9]+/")
    return steps.reference_in(kari)


def hears_that_one_begins_too_late(kari, road, order):
    """What is missing is said once, beside the person whom it is about."""
    kari.reads("Registrene er spurt.")
    road.at(f"/bestilling/{order}/")
    expect(kari.page.get_by_text("Slik retter du det")).to_have_count(1)
    late = kari.part_about(name_of(LATER))
    expect(late.get_by_text("Slik retter du det")).to_be_visible()


def mends_the_line(kari):
    """The employer has reported the employment, and asks again."""
    kari.tabs_to("button", "Sjekk på nytt", "Enter")
    kari.reads(name_of(LATER))
    expect(kari.page.get_by_text("alle er i orden")).to_have_count(3, timeout=60_000)


def gives_files(kari, road, order, case):
    kari.tabs_to("link", f"Bilde, signatur og ID – {name_of(case)}", "Enter")
    road.at(f"/bestilling/{order}/[A-Z0-9]+/filer/")
    for label, (name, content, kind) in steps.FIELDS.items():
        with kari.page.expect_file_chooser() as window:  # the telephone's own
            kari.tabs_to("button", label, "Space")
        window.value.set_files({"name": name, "mimeType": kind, "buffer": content()})
        kari.reads(f"Valgt fil: {name}")
    kari.tabs_to("button", "Last opp", "Enter")
    kari.reads("Filene er lagret.")
    kari.tabs_to("link", "Neste steg", "Enter")
    kari.is_at(f"/bestilling/{order}/")


def pays(kari, road, order):
    road.at(f"/bestilling/{order}/betal/")
    kari.tabs_to("checkbox", "Jeg har kontrollert legitimasjonen", "Space")
    kari.tabs_to("button", "Bestill for", "Enter")
    kari.reads("Testkort")
    kari.tabs_to("button", "Betal", "Enter")
    road.at(f"/bestillinger/{order}/")
    kari.reads("Takk, vi har mottatt bestillingen")
