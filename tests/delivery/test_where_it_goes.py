"""The delivery step: which sub-unit, which address, whose reference."""

import pytest

from hmskort.simulators import world
from hmskort.simulators.store import Store
from orders import actions
from orders.delivery.models import Address
from orders.models import Order
from registers import feeds
from registers.enhetsregisteret import simulator
from registers.models import Company
from tests.builders import a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, pay

pytestmark = pytest.mark.django_db

EMAIL = "kari@byggmester.example"
TYPED = {
    "where": "ny", "deliver_to": "Brakkeriggen", "street": "Anleggsveien 1",
    "postal_code": "5003", "city": "Bergen", "country_code": "NO", "contact_email": EMAIL,
}  # fmt: skip


@pytest.fixture
def cart(kari):
    """One person, who works in Bergen."""
    return with_files(a_cart(kari, "employed in another sub-unit"), kari)


@pytest.fixture
def kari_here(kari, client_as):
    return client_as(kari)


def page_of(order):
    return f"/bestilling/{order.reference}/levering/"


def fresh(order):
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def bergen(byggmester):
    return byggmester.subunits[1]


def moves(orgnr, street):
    """The sub-unit moves, and the feed tells of it."""
    store = Store()
    body = store.get(simulator.SUBUNITS, orgnr)
    body["beliggenhetsadresse"]["adresse"] = [street]
    simulator.change(store, simulator.SUBUNITS, orgnr, body)
    feeds.follow_companies()
    rest()


@pytest.mark.feature("F093")
def test_an_order_is_for_the_sub_unit_in_which_its_people_work(cart, kari, client_as, bergen):
    form = client_as(kari).get(page_of(cart)).context["form"]
    assert form["unit"].initial == bergen
    client_as(kari).post(page_of(cart), {"where": "register", "contact_email": EMAIL})
    assert fresh(cart).unit_orgnr == bergen
    assert fresh(cart).unit_name == Company.objects.get(pk=bergen).name


def test_another_sub_unit_can_be_chosen_and_its_address_is_shown(cart, kari, client_as, byggmester):
    oslo = byggmester.subunits[0]
    shown = client_as(kari).get(page_of(cart), {"unit": oslo}).context["form"]
    assert shown["unit"].initial == oslo
    sent = {"unit": oslo, "where": "register", "contact_email": EMAIL}
    client_as(kari).post(page_of(cart), sent)
    assert fresh(cart).unit_orgnr == oslo
    assert fresh(cart).street == ", ".join(Company.objects.get(pk=oslo).street)


def test_a_sub_unit_of_another_company_cannot_be_chosen(cart, kari, client_as):
    other = world.company("large").subunits[0]
    sent = {"unit": other, "where": "register", "contact_email": EMAIL}
    assert client_as(kari).post(page_of(cart), sent).status_code == 422
    assert fresh(cart).unit_orgnr == ""


@pytest.mark.feature("F118")
def test_the_default_is_the_sub_units_address_in_the_register(cart, kari, client_as, bergen):
    response = client_as(kari).get(page_of(cart))
    registered = Company.objects.get(pk=bergen)
    assert response.context["form"]["where"].value() == "register"
    assert registered.street[0] in response.content.decode()
    client_as(kari).post(page_of(cart), {"where": "register", "contact_email": EMAIL})
    order = fresh(cart)
    assert (order.street, order.postal_code, order.city) == (
        ", ".join(registered.street), registered.postal_code, registered.city,
    )  # fmt: skip


@pytest.mark.feature("F118")
def test_a_cart_follows_the_address_in_the_register(cart, kari, client_as, bergen):
    client_as(kari).post(page_of(cart), {"where": "register", "contact_email": EMAIL})
    moves(bergen, "Nygata 7")
    assert fresh(cart).street == "Nygata 7"


@pytest.mark.feature("F118")
def test_a_default_of_the_companys_own_stands_whatever_the_register_says(
    cart, kari, client_as, bergen
):
    client = client_as(kari)
    client.post("/adresser/ny/", {**TYPED, "label": "Riggen", "is_default": "on"})
    own = f"bok:{Address.objects.get().pk}"
    assert client.get(page_of(cart)).context["form"]["where"].value() == own
    client.post(page_of(cart), {"where": own, "contact_email": EMAIL})
    moves(bergen, "Nygata 7")
    assert fresh(cart).street == "Anleggsveien 1"


def test_a_sent_order_stays_where_it_was_sent(cart, kari, client_as, bergen):
    client_as(kari).post(page_of(cart), {"where": "register", "contact_email": EMAIL})
    before = fresh(cart).street
    pay(at_the_payment_page(cart, kari))
    moves(bergen, "Nygata 7")
    assert fresh(cart).street == before


def test_a_silent_register_lets_the_address_be_typed(kari, client_as, fault):
    fault("enhetsregisteret", "silent")
    order = a_cart(kari, "employed in another sub-unit")
    response = client_as(kari).get(page_of(order))
    assert "where" not in response.context["form"].fields
    assert client_as(kari).post(page_of(order), TYPED).status_code == 302
    assert fresh(order).street == "Anleggsveien 1"


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("postal_code", "500", "Postnummer må ha 4 siffer"),
        ("postal_code", "0000", "Postnummer må ha 4 siffer"),
        ("postal_code", "50O3", "Postnummer må ha 4 siffer"),
        ("city", "5003 Bergen", "uten tall"),
        ("city", "", "Poststed må fylles ut"),
        ("street", "", "Adresse må fylles ut"),
        ("country_code", "XX", "Velg et gyldig valg"),
    ],
)
def test_an_address_that_cannot_be_one_is_told_beside_the_field(cart, kari_here, field, text, why):
    response = kari_here.post(page_of(cart), {**TYPED, field: text})
    assert response.status_code == 422
    assert why in str(response.context["form"].errors[field])
    assert "Brakkeriggen" in response.content.decode()
    assert fresh(cart).street == ""


def test_an_address_abroad_has_its_own_postal_code_and_its_country_on_the_letter(
    cart, kari, client_as
):
    abroad = {**TYPED, "postal_code": "00-950", "city": "Warszawa", "country_code": "PL"}
    assert client_as(kari).post(page_of(cart), abroad).status_code == 302
    assert actions.progress.address_lines(fresh(cart))[-2:] == ["00-950 Warszawa", "POLAND"]


@pytest.mark.feature("F119")
def test_an_address_typed_in_an_order_can_be_kept_once_and_chosen_in_the_next(
    cart, kari, client_as
):
    kept = {**TYPED, "keep": "on", "label": "Riggen"}
    for _ in range(2):
        client_as(kari).post(page_of(cart), kept)
    address = Address.objects.get()
    pay(at_the_payment_page(cart, kari))
    following = a_cart(kari, "D-number")
    client_as(kari).post(page_of(following), {"where": f"bok:{address.pk}", "contact_email": EMAIL})
    assert fresh(following).street == "Anleggsveien 1"


@pytest.mark.feature("F083")
def test_an_order_keeps_its_own_copy_when_the_address_book_changes(cart, kari, client_as):
    client = client_as(kari)
    client.post("/adresser/ny/", {**TYPED, "label": "Riggen"})
    address = Address.objects.get()
    client.post(page_of(cart), {"where": f"bok:{address.pk}", "contact_email": EMAIL})
    client.post(f"/adresser/{address.pk}/", {**TYPED, "label": "Riggen", "street": "Ny vei 2"})
    client.post(f"/adresser/{address.pk}/fjern/")
    assert not Address.objects.exists()
    assert fresh(cart).street == "Anleggsveien 1"


@pytest.mark.feature("F209")
def test_the_buyers_reference_is_shown_all_the_way_and_remembered(cart, kari, client_as):
    client = client_as(kari)
    client.post(page_of(cart), {**TYPED, "buyer_reference": "Prosjekt 4711"})
    assert "Prosjekt 4711" in client.get(f"/bestilling/{cart.reference}/betal/").content.decode()
    pay(at_the_payment_page(cart, kari))
    assert "Prosjekt 4711" in client.get(f"/bestillinger/{cart.reference}/").content.decode()
    following = a_cart(kari, "D-number")
    form = client.get(page_of(following)).context["form"]
    assert form["buyer_reference"].value() == "Prosjekt 4711"
    actions.set_delivery(
        order=following, address={"address_choice": "own", "buyer_reference": ""},
        actor=actor_of(kari),
    )  # fmt: skip
    assert client.get(page_of(following)).context["form"]["buyer_reference"].value() == ""
