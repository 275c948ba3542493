"""From the queue to cards that are paid for: what reviewer and orderer see of each other."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.steps import CARD_ORE, POSTAGE_ORE, name_of


@pytest.mark.feature("F102", "F103")
def test_one_portrait_is_refused_and_mended_while_the_other_cards_are_made(
    kari, reviewer, anyone, portal
):
    good, bad, also_good = "Polish name", "Lithuanian name", "Romanian name"
    order = steps.orders(kari, good, bad, also_good)
    approves_by_the_keyboard(reviewer, good)
    refuses_the_portrait(reviewer, bad)
    steps.approves(reviewer, also_good)

    cards = {case: steps.card_of(kari, order, case) for case in (good, also_good)}
    told = portal.mail(steps.email_of(order), "Dette må rettes")
    for case, number in cards.items():
        assert name_of(case) in told["text"]
        assert f"/k/{number}/" in told["text"]
    assert "Ta av brillene på bildet." in told["text"]
    assert "Brillene speiler." in told["text"]
    anyone.opens(next(link for link in told["links"] if "/k/" in link))
    anyone.reads("BYGGMESTER AS", "Kontrollert")
    kari.opens("/bestillinger/")
    expect(kari.page.get_by_role("row").filter(has_text=order)).to_contain_text("Noe må rettes")
    assert portal.books(order)["chargedAmount"] == 2 * CARD_ORE + POSTAGE_ORE

    mends_the_portrait(kari, next(link for link in told["links"] if link.endswith("/filer/")))
    steps.takes(reviewer, name_of(bad))
    reviewer.reads("Godkjent tidligere")
    reviewer.clicks("Godkjenn")
    reviewer.reads("Godkjent.")
    cards[bad] = steps.card_of(kari, order, bad)

    for case, number in cards.items():
        steps.awaits_answer(anyone, number, "valid")
        kari.opens(f"/bestillinger/{order}/")
        expect(kari.part_about(name_of(case)).get_by_text("Produsert")).to_be_visible()
    whole = 3 * CARD_ORE + POSTAGE_ORE
    assert portal.books(order) == sums(reserved=whole, charged=whole)
    kari.has_had_no_trouble()
    reviewer.has_had_no_trouble()


def approves_by_the_keyboard(reviewer, case):
    steps.takes(reviewer, name_of(case))
    sees_three_pictures_side_by_side(reviewer)
    reviewer.ticks("Hurtigtaster")
    reviewer.page.keyboard.press("g")
    reviewer.reads("Godkjent.")


def sees_three_pictures_side_by_side(reviewer):
    pictures = reviewer.page.locator(".look__frame img")
    expect(pictures).to_have_count(3)
    for place in range(3):
        expect(pictures.nth(place)).to_have_js_property("complete", value=True)
    boxes = [pictures.nth(place).bounding_box() for place in range(3)]
    for left, right in itertools.pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"]
    assert all(box["width"] > 100 and box["height"] > 50 for box in boxes)


def refuses_the_portrait(reviewer, case):
    steps.takes(reviewer, name_of(case))
    reviewer.ticks("Briller")
    reviewer.reads("Blir avvist")
    reviewer.types("Melding til bestilleren", "Brillene speiler.")
    reviewer.clicks("Avvis")
    reviewer.reads("Avvist. Bestilleren får beskjed.")


def mends_the_portrait(kari, address):
    """Only the refused piece is asked for again."""
    kari.opens(address)
    kari.reads("Rett det som er avvist", "Ta av brillene på bildet.", "Brillene speiler.")
    expect(kari.page.locator("input[type=file]")).to_have_count(1)
    name, content, kind = steps.PORTRAIT
    kari.chooses_file("Velg portrett", (name, content(), kind))
    kari.clicks("Last opp")
    kari.reads("Filene er lagret.")


def sums(*, reserved, charged=0, cancelled=0):
    """The provider's books, in øre."""
    return {
        "reservedAmount": reserved,
        "chargedAmount": charged,
        "cancelledAmount": cancelled,
        "refundedAmount": 0,
    }


@pytest.mark.feature("F108")
def test_a_person_who_is_withdrawn_is_never_paid_for(kari, reviewer, portal):
    wanted, unwanted = "apostrophe", "single name"
    order = steps.orders(kari, wanted, unwanted)
    kari.clicks(f"Trekk tilbake {name_of(unwanted)}")
    kari.clicks("Trekk tilbake")
    kari.reads("er trukket fra bestillingen")
    steps.approves(reviewer, wanted)
    steps.card_of(kari, order, wanted)
    settled = sums(
        reserved=2 * CARD_ORE + POSTAGE_ORE, charged=CARD_ORE + POSTAGE_ORE, cancelled=CARD_ORE
    )
    steps.eventually(lambda: portal.books(order) == settled, f"settled books of {order}")


def test_a_reviewer_must_say_why_and_may_look_closer(kari, reviewer):
    case = "two citizenships"
    order = steps.orders(kari, case)
    steps.takes(reviewer, name_of(case))
    closer = reviewer.page.get_by_role("button", name="Forstørr").first
    closer.click()
    expect(closer).to_have_attribute("aria-pressed", "true")
    reviewer.clicks("Avvis")
    reviewer.reads("Velg minst én grunn før du avviser.")
    reviewer.clicks("Til køen")
    reviewer.is_at("/kontroll/")
    kari.opens(f"/bestillinger/{order}/")
    expect(kari.part_about(name_of(case)).get_by_text("Til kontroll")).to_be_visible()
