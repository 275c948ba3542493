"""A name is shown to whoever knows it: by the surname beside the number, or from before."""

import pytest
from django.urls import reverse
from pypdfium2 import PdfDocument

from hmskort.simulators import world
from orders import actions
from orders.models import Line, Order
from registers.naming import agrees
from registers.persons import person_for
from tests.builders import a_cart, actor_of, rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
STRANGER = "not employed"


@pytest.mark.parametrize(
    ("stated", "given_names", "surname", "right"),
    [
        ("Nordmann", "Kari", "Nordmann", True),
        ("NORDMANN ", "Kari", "Nordmann", True),
        ("Kari Nordmann", "Kari", "Nordmann", True),
        ("Nordmann, Kari", "Kari", "Nordmann", True),
        ("Kari", "Kari", "Nordmann", False),  # everybody has a given name
        ("Hansen", "Kari", "Nordmann", False),
        ("Nordman", "Kari", "Nordmann", False),
        ("Nguyen", "Linh", "Nguyen Hansen", True),
        ("Hansen", "Linh", "Nguyen Hansen", True),
        ("Nguyen-Hansen", "Linh", "Nguyen Hansen", True),
        ("Nguyen Berg", "Linh", "Nguyen Hansen", False),
        ("Bo", "Kari", "Bø", True),
        ("Boe", "Kari", "Bø", True),
        ("Aas", "Kari", "Ås", True),
        ("Saether", "Kari", "Sæther", True),
        ("Zolc", "Jan", "Żółć", True),
        ("Müller", "Uwe", "Mueller", True),
        ("OBrien", "Ann", "O'Brien", True),
        ("Berg Hansen", "Ann", "Berghansen", True),
        ("Suharto", "Suharto", "", True),  # one name alone
        ("", "Kari", "Nordmann", False),
        ("--", "Kari", "Nordmann", False),
        ("ø", "Kari", "Nordmann", False),
    ],
)
def test_a_surname_agrees_however_it_is_written_and_another_never_does(
    stated, given_names, surname, right
):
    assert agrees(stated, given_names=given_names, surname=surname) == right


@pytest.fixture
def added(client_as, kari, world_number):
    """`added("not employed", "Hansen")`: what the cart shows of a number with a surname beside."""
    client = client_as(kari)

    def add(case, surname=""):
        typed = f"{world_number(case)}; {surname}" if surname else world_number(case)
        response = client.post("/bestill/", {"kort_type": "bygg", "numbers": typed})
        assert response.status_code == 302
        rest()
        return client.get(response["Location"], headers={"Accept-Language": "nb"}).content.decode()

    return add


def name_of(case: str) -> str:
    person = world.person(case)
    return f"{person.given_names} {person.surname}"


def test_a_name_is_shown_when_number_and_surname_agree(added):
    assert name_of(STRANGER) in added(STRANGER, world.person(STRANGER).surname.upper())


def test_a_name_is_not_shown_when_the_surname_is_another_and_the_line_tells_so(added, kari):
    page = added(STRANGER, "Hansen")
    assert name_of(STRANGER) not in page
    assert world.person(STRANGER).surname not in page
    assert "Etternavnet «Hansen» stemmer ikke med nummeret" in page
    assert "Rett etternavnet" in page
    line = Line.objects.get()
    line.order_when_met_at = line.created_at
    assert "etternavnet stemmer ikke med nummeret" in actions.missing_in(line)


def test_numbers_alone_give_no_names_of_strangers_and_nothing_is_harder_than_before(added):
    page = added(STRANGER)
    assert name_of(STRANGER) not in page
    assert "Person 1" in page
    assert "Skriv etternavnet" in page
    assert "etternavnet stemmer ikke med nummeret" not in actions.missing_in(Line.objects.get())


def test_the_name_of_who_is_employed_here_is_shown_without_a_surname(added):
    assert name_of("also employed") in added("also employed")


def test_the_name_of_who_had_a_card_here_is_shown(added, kari, byggmester):
    card = produced("employed elsewhere", "groundwork")
    type(card).objects.filter(pk=card.pk).update(orgnr=byggmester.orgnr, state="blocked")
    assert name_of("employed elsewhere") in added("employed elsewhere")


def test_the_name_appears_by_itself_when_the_register_tells_of_the_employment(
    kari, fault, wind_forward
):
    fault("aaregisteret", "500")
    order = a_cart(kari, "also employed")
    assert order.lines.get().shown_name == "Person 1"
    fault("aaregisteret", "off")
    wind_forward(minutes=6)
    assert order.lines.get().shown_name == name_of("also employed")


def test_the_surname_may_be_written_and_mended_afterwards(added, client_as, kari):
    added(STRANGER)
    line = Line.objects.get()
    address = f"/bestilling/{line.order.reference}/{line.reference}/etternavn/"
    client = client_as(kari)
    assert client.post(address, {"surname": ""}).status_code == 422
    client.post(address, {"surname": "Hansen"})
    line.refresh_from_db()
    assert line.known_name == ""
    client.post(address, {"surname": world.person(STRANGER).surname})
    line.refresh_from_db()
    assert line.known_name == name_of(STRANGER)


def test_surnames_are_not_guessed_one_after_the_other(added, client_as, kari):
    added(STRANGER, "Hansen")
    line = Line.objects.get()
    address = f"/bestilling/{line.order.reference}/{line.reference}/etternavn/"
    client = client_as(kari)
    for guess in ("Johansen", "Olsen", "Larsen", "Andersen"):
        assert client.post(address, {"surname": guess}).status_code == 302
    response = client.post(address, {"surname": world.person(STRANGER).surname})
    assert response.status_code == 422
    assert "prøvd for mange etternavn" in response.content.decode()
    actions.remove_line(line=line, actor=actor_of(kari))
    page = added(STRANGER, world.person(STRANGER).surname)
    assert name_of(STRANGER) not in page, "taking the person out and in again does not help"


def test_an_application_from_the_cart_does_not_name_a_stranger(added, client_as, kari):
    added(STRANGER)
    line = Line.objects.get()
    address = reverse("desk:dispute", args=[line.order.reference, line.reference, "employed"])
    response = client_as(kari).get(address)
    assert response.status_code == 200
    assert name_of(STRANGER) not in response.content.decode()


def test_names_that_are_pasted_beside_many_numbers_go_with_their_own(client_as, kari, world_number):
    cases = ["not employed", "employed elsewhere"]
    typed = "\n".join(f"{world.person(case).surname}\t{world_number(case)}" for case in cases)
    client_as(kari).post("/bestill/", {"kort_type": "bygg", "numbers": typed})
    rest()
    order = Order.objects.get(state="cart")
    assert [line.shown_name for line in order.lines.all()] == [name_of(case) for case in cases]
    assert {line.person for line in order.lines.all()} == {
        person_for(world_number(case)) for case in cases
    }


def test_neither_the_card_preview_nor_the_paper_form_names_a_stranger(added, client_as, kari):
    page = added(STRANGER)
    line = Line.objects.select_related("order__kind", "person").get()
    place = f"/bestilling/{line.order.reference}/{line.reference}"
    assert "forside.png" not in page
    client = client_as(kari)
    assert client.get(f"{place}/forside.png").status_code == 404
    assert client.get(f"{place}/bakside.png").status_code == 404
    assert client.post(f"{place}/kb4/").status_code == 404
    actions.order_when_met(line=line, actor=actor_of(kari))
    form = client.post(f"{place}/kb4/")
    text = PdfDocument(b"".join(form.streaming_content))[0].get_textpage().get_text_range()
    assert "Person 1" in text
    assert world.person(STRANGER).surname not in text


def test_a_dispute_names_a_stranger_to_the_caseworker_and_not_to_the_employer(
    added, client_as, kari, caseworker, session_for
):
    added(STRANGER)
    line = Line.objects.get()
    client = client_as(kari)
    address = reverse("desk:dispute", args=[line.order.reference, line.reference, "employed"])
    told = {"text": "Hun er ansatt.", "contact_email": "kari@byggmester.example"}
    case = client.post(address, told)["Location"]
    shown = client.get(case).content.decode()
    assert "•••••" in shown
    assert name_of(STRANGER) not in shown
    inside = session_for(caseworker).get(case.replace("/henvendelser/", "/saker/"))
    assert name_of(STRANGER) in inside.content.decode()
    Line.objects.filter(pk=line.pk).update(name_known=True)
    assert name_of(STRANGER) in client.get(case).content.decode()
