"""The steps of an order, as an orderer takes them, for journeys that begin further on."""

import re

from hmskort.simulators import world
from tests import pictures
from tests.journeys.person import Person
from tests.journeys.portal import eventually

BYGGMESTER = "BYGGMESTER AS"
DECLINED = "4925000000000087"  # the provider's test card whose bank says no
CARD_ORE = 13_000  # with VAT, as the price list stands
POSTAGE_ORE = 4_750
PORTRAIT = ("portrett.jpg", pictures.portrait, "image/jpeg")
SIGNATURE = ("signatur.png", pictures.signature, "image/png")
ID_COPY = ("id.jpg", pictures.id_copy, "image/jpeg")
FIELDS = {
    "Velg portrett": PORTRAIT,
    "Velg bilde av signaturen": SIGNATURE,
    "Velg kopi av legitimasjonen": ID_COPY,
}
ADDRESS = {
    "Mottaker": "Byggmester AS, brakkeriggen",
    "Adresse": "Hammersborggata 12",
    "Postnummer": "0181",
    "Poststed": "Oslo",
}


def name_of(case: str) -> str:
    return world.person(case).name


def number_of(case: str) -> str:
    return world.person(case).national_id


def orgnr_of(case: str) -> str:
    return world.company(case).orgnr


def starts_order(orderer: Person, *cases: str) -> str:
    """A cart with just these people; its reference."""
    empties_cart(orderer)
    orderer.opens("/bestill/?kort_type=bygg")
    orderer.types("Fødselsnummer eller D-nummer", "\n".join(number_of(case) for case in cases))
    orderer.clicks("Neste steg")
    orderer.is_at("/bestilling/[A-Z0-9]+/")
    return reference_in(orderer)


def empties_cart(orderer: Person) -> None:
    """Nobody is in the company's cart; what another journey left there is taken out."""
    orderer.opens("/bestill/")
    cart = orderer.page.get_by_role("link", name="Fortsett bestillingen")
    if not cart.count():
        return
    cart.first.click()
    orderer.is_at("/bestilling/[A-Z0-9]+/")
    stop = orderer.page.get_by_role("button", name="Avbryt betalingen")
    if stop.count():
        stop.click()
        orderer.reads("Legg til flere personer")
    while (remove := orderer.page.get_by_role("link", name=re.compile("^Fjern "))).count():
        remove.first.click()
        orderer.clicks("Fjern fra bestillingen")
        orderer.reads("er fjernet fra bestillingen")


def reference_in(orderer: Person) -> str:
    """The order that the page in front of the orderer is about."""
    found = re.search(r"/bestilling(?:er)?/([A-Z0-9]+)/", orderer.page.url)
    assert found, orderer.page.url
    return found[1]


def hears_from_registers(orderer: Person, order: str, *cases: str) -> None:
    """Every register has said yes to these people."""

    def all_in_order() -> bool:
        orderer.opens(f"/bestilling/{order}/")
        return orderer.page.get_by_text("alle er i orden").count() == len(cases)

    eventually(all_in_order, f"the registers' answers for {order}")


def hears_no(orderer: Person, order: str, people: int) -> None:
    """The registers have said of this many people that something must be mended."""

    def said() -> bool:
        orderer.opens(f"/bestilling/{order}/")
        return orderer.page.get_by_text("Slik retter du det").count() == people

    eventually(said, f"the registers' no for {order}")


def hears_of_all_employees(orderer: Person) -> None:
    """Every register has answered about everyone employed in the company."""

    def all_checked() -> bool:
        orderer.opens("/ansatte/?type=bygg")
        return orderer.page.get_by_role("button", name="Sjekk på nytt").count() == 1

    eventually(all_checked, "the registers' answers about all employees")


def presses_update(orderer: Person) -> None:
    """What the page would do by itself with JavaScript."""
    orderer.page.locator("noscript a").first.click()


def gives_files(orderer: Person, order: str, case: str) -> None:
    """Portrait, signature and ID of one person go up together."""
    orderer.opens(f"/bestilling/{order}/")
    orderer.clicks(f"Bilde, signatur og ID – {name_of(case)}")
    for label, (name, content, kind) in FIELDS.items():
        orderer.chooses_file(label, (name, content(), kind))
    orderer.clicks("Last opp")
    orderer.reads("Filene er lagret.")


def says_where(orderer: Person, order: str, email: str) -> None:
    """Address and e-mail of the order; the last page before the payment is next."""
    orderer.opens(f"/bestilling/{order}/levering/")
    orderer.page.get_by_label("En annen adresse").check()
    for label, text in ADDRESS.items():
        orderer.page.get_by_label(label, exact=True).fill(text)
    orderer.types("E-postadresse for kvittering", email)
    orderer.clicks("Neste steg")
    orderer.is_at(f"/bestilling/{order}/betal/")


def pays(orderer: Person, order: str) -> None:
    """The declaration is accepted and the amount reserved at the payment provider."""
    declares(orderer)
    orderer.page.get_by_role("button", name="Betal").click()
    orderer.is_at(f"/bestillinger/{order}/")


def declares(orderer: Person) -> None:
    """From the last look at the order to the provider's payment page."""
    orderer.ticks("Jeg har kontrollert legitimasjonen")
    orderer.clicks("Bestill for")
    orderer.reads("Testkort")


def orders(orderer: Person, *cases: str) -> str:
    """A paid order for these people, with all their files; its reference."""
    order = starts_order(orderer, *cases)
    hears_from_registers(orderer, order, *cases)
    for case in cases:
        gives_files(orderer, order, case)
    says_where(orderer, order, email_of(order))
    pays(orderer, order)
    return order


def email_of(order: str) -> str:
    return f"{order.lower()}@byggmester.example"


def takes(reviewer: Person, name: str) -> None:
    """The reviewer goes through the queue until the case of this person is in front of them."""
    reviewer.opens("/kontroll/")
    with reviewer.page.expect_navigation():
        reviewer.page.locator("form[action='/kontroll/neste/'] button").click()
    skipped: set[str] = set()
    while not reviewer.page.locator(".facts").get_by_text(name, exact=True).count():
        case = reviewer.page.url
        assert case not in skipped, f"the case of {name} is not in the queue"
        skipped.add(case)
        with reviewer.page.expect_navigation():
            reviewer.clicks("Hopp over")


def approves(reviewer: Person, *cases: str) -> None:
    for case in cases:
        takes(reviewer, name_of(case))
        reviewer.clicks("Godkjenn")
        reviewer.reads("Godkjent.")


def card_of(orderer: Person, order: str, case: str) -> str:
    """The number of the person's card, once it has been issued."""

    def number() -> str:
        orderer.opens(f"/bestillinger/{order}/")
        card = orderer.part_about(name_of(case)).get_by_role("link", name=re.compile(r"^Kort \d"))
        return "".join(filter(str.isdigit, card.inner_text())) if card.count() else ""

    return eventually(number, f"a card for {name_of(case)}")


def finds_batch(producer: Person, number: str) -> None:
    """The newest batches are opened until one holds the card."""
    producer.opens("/produksjon/")
    batches = producer.page.locator("main a[href*='/produksjon/parti/']")
    for address in dict.fromkeys(link.get_attribute("href") or "" for link in batches.all()):
        producer.opens(address)
        if producer.page.get_by_role("cell", name=f"{number[:4]} {number[4:]}").count():
            return
    raise AssertionError(f"card {number} is in no batch")


def blocks(orderer: Person, number: str) -> None:
    orderer.opens(f"/kort/{number}/")
    orderer.clicks("Sperr kortet")
    orderer.ticks("Kortinnehaveren har sluttet i virksomheten")
    orderer.page.get_by_role("button", name="Sperr kortet").click()
    orderer.reads("Kortet er sperret, og sjekken svarer «ikke gyldig».")


def link_to_check(orderer: Person, case: str) -> str:
    """Where the order's page shows anyone that this person's card is under order."""
    shown = orderer.part_about(name_of(case)).get_by_role("link", name="Vis at kortet er bestilt")
    return shown.get_attribute("href") or ""


def line_in_cart(orderer: Person, order: str) -> str:
    """The reference of the first person's line."""
    orderer.opens(f"/bestilling/{order}/")
    remove = orderer.page.get_by_role("link", name=re.compile("^Fjern ")).first
    return (remove.get_attribute("href") or "").split("/")[-3]


def answer_for(anyone: Person, number: str) -> str:
    """What the public check says now: valid, not_valid, under_order or unknown."""
    anyone.opens(f"/k/{number}/")
    return anyone.page.locator(".answer").get_attribute("data-status") or ""


def awaits_answer(anyone: Person, number: str, wanted: str) -> None:
    eventually(lambda: answer_for(anyone, number) == wanted, f"{wanted} for card {number}")
