import re

import pytest

from hmskort.simulators import world
from orders import actions, queries
from orders.errors import AlreadyOrdered
from orders.models import Order
from orders.states import LineState
from registers.models import Lookup
from tests.builders import a_cart, actor_of, file_of, rest, with_files

pytestmark = pytest.mark.django_db
NUMBERS = "/bestill/"


def outcomes(order):
    return [line.verdict.outcome for line in order.lines.all()]


def test_each_person_is_judged_by_what_the_registers_say(kari):
    order = a_cart(kari, "employed in another sub-unit", "not employed", "inactive D-number")
    assert outcomes(order) == ["met", "not_met", "not_met"]


@pytest.mark.feature("F054")
def test_every_requirement_that_fails_is_told_not_only_the_first(kari):
    order = a_cart(kari, "dead", company="not VAT registered")
    failed = [
        f["requirement"] for f in order.lines.get().verdict.findings if f["found"] == "not_met"
    ]
    assert failed == ["vat_registered", "person_exists", "employed"]


@pytest.mark.feature("F080")
def test_one_order_may_hold_fifty_people_each_with_a_status_of_their_own(client_as, kari, crowd):
    client = client_as(kari)
    response = client.post(NUMBERS, {"kort_type": "bygg", "numbers": "\n".join(crowd(50))})
    order = Order.objects.get(state="cart")
    assert response.status_code == 302
    rest()
    assert order.lines.count() == 50
    assert set(outcomes(order)) == {"met", "not_met"}


@pytest.mark.feature("F077")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1234567890", "11 siffer"),
        ("99829912345", "dato"),
        ("01819012345", "siffer"),
    ],
)
def test_a_number_that_cannot_be_is_refused_before_any_register_is_asked(
    client_as, kari, typed, told
):
    before = Lookup.objects.count()
    response = client_as(kari).post(NUMBERS, {"kort_type": "bygg", "numbers": typed})
    assert response.status_code == 422
    assert typed in response.content.decode(), "nothing typed is lost"
    assert told in response.content.decode().lower()
    assert Lookup.objects.count() == before
    assert not Order.objects.filter(state="cart").exists()


def test_spaces_and_pasted_signs_in_a_number_are_forgiven(client_as, kari, world_number):
    number = world_number("also employed")
    client_as(kari).post(
        NUMBERS, {"kort_type": "bygg", "numbers": f" {number[:6]} {number[6:]},\n"}
    )
    assert Order.objects.get(state="cart").lines.count() == 1


def test_the_same_person_is_not_ordered_for_twice(kari, client_as, world_number):
    a_cart(kari, "employed in another sub-unit")
    with pytest.raises(AlreadyOrdered):
        a_cart(kari, "employed in another sub-unit")
    number = world_number("employed in another sub-unit")
    response = client_as(kari).post(NUMBERS, {"kort_type": "bygg", "numbers": number})
    assert "allerede i handlekurven" in response.content.decode()


@pytest.mark.feature("F081")
def test_a_person_can_be_taken_out_the_sum_follows_and_the_cart_outlives_the_login(kari, client_as):
    order = a_cart(kari, "employed in another sub-unit", "D-number")
    client = client_as(kari)
    page = f"/bestilling/{order.reference}/"
    assert "307,50" in client.get(page).content.decode()
    first = order.lines.first()
    client.post(f"{page}{first.reference}/fjern/")
    client.logout()
    again = client_as(kari).get(page).content.decode()
    assert "177,50" in again
    assert [line.state for line in order.lines.all()] == [LineState.WITHDRAWN, LineState.DRAFT]


def test_files_may_be_uploaded_while_a_register_is_silent_but_not_when_one_says_no(
    kari, client_as, fault
):
    fault("aaregisteret", "silent")
    waiting = a_cart(kari, "employed in another sub-unit")
    line = waiting.lines.get()
    assert line.verdict.outcome == "unknown"
    address = f"/bestilling/{waiting.reference}/{line.reference}/filer/"
    assert client_as(kari).post(address, {"portrait": file_of("portrait")}).status_code == 302


@pytest.mark.feature("F078")
def test_files_of_a_person_who_does_not_meet_the_requirements_are_refused(kari, client_as):
    order = a_cart(kari, "not employed")
    address = f"/bestilling/{order.reference}/{order.lines.get().reference}/filer/"
    assert client_as(kari).get(address).status_code == 403
    assert client_as(kari).post(address, {"portrait": file_of("portrait")}).status_code == 403
    assert order.lines.get().portrait is None


def test_a_register_that_answers_again_changes_the_verdict_by_itself(kari, fault, wind_forward):
    fault("aaregisteret", "500")
    order = a_cart(kari, "employed in another sub-unit")
    assert outcomes(order) == ["unknown"]
    fault("aaregisteret", "off")
    wind_forward(minutes=6)
    assert outcomes(order) == ["met"]


@pytest.mark.feature("F083")
def test_another_address_is_stored_with_the_order_alone(kari, client_as):
    order = a_cart(kari, "employed in another sub-unit")
    sent = {
        "deliver_to": "Brakkeriggen", "street": "Anleggsveien 1", "postal_code": "5 003",
        "city": "Bergen", "contact_email": "kari@byggmester.example",
    }  # fmt: skip
    client_as(kari).post(f"/bestilling/{order.reference}/levering/", sent)
    order.refresh_from_db()
    assert (order.street, order.postal_code) == ("Anleggsveien 1", "5003")
    actions.remove_line(line=order.lines.get(), actor=actor_of(kari))
    Order.objects.filter(pk=order.pk).update(state="cancelled")
    assert a_cart(kari, "D-number").street != "Anleggsveien 1"


@pytest.mark.feature("F079")
def test_an_order_without_the_files_of_a_person_cannot_be_paid_for(kari, client_as):
    order = a_cart(kari, "employed in another sub-unit")
    page = f"/bestilling/{order.reference}/betal/"
    response = client_as(kari).post(page, {"method": "nexi", "declared": "on"})
    assert response.status_code == 422
    assert "portrett mangler, signatur mangler, legitimasjonskopi mangler" in (
        response.content.decode()
    )
    with_files(order, kari)
    assert queries.lines_of(order)[0].signature is not None


def test_ola_cannot_see_that_the_cart_exists(kari, ola, per, client_as):
    order = a_cart(kari, "employed in another sub-unit")
    page = f"/bestilling/{order.reference}/"
    assert client_as(per).get(page).status_code == 200
    assert client_as(ola).get(page).status_code in {302, 404}
    assert order.reference not in client_as(ola).get("/bestillinger/", follow=True).content.decode()


def test_another_company_cannot_see_the_cart(kari, somebody, session_for):
    order = a_cart(kari, "employed in another sub-unit")
    mona = somebody("leader of many")
    client = session_for(mona, world.company("roofer").orgnr)
    for page in ("", "krav/", "levering/", "betal/"):
        assert client.get(f"/bestilling/{order.reference}/{page}").status_code == 404


def told_of(response):
    """The errors alone: the field itself keeps what was typed."""
    return [
        text for error in response.context["form"].errors.as_data()["numbers"] for text in error
    ]


def test_errors_in_a_pasted_list_name_the_line_and_never_show_a_number(
    client_as, kari, world_number
):
    good = world_number("employed")
    typed = f"{good} 01819012345\nabc\n{good},1234"
    response = client_as(kari).post(NUMBERS, {"kort_type": "bygg", "numbers": typed})
    told = told_of(response)
    assert response.status_code == 422
    assert [text.split(":")[0] for text in told] == [
        "Linje 1 (018190 •••••)",
        "Linje 2",
        f"Linje 3 ({good[:6]} •••••)",
        "Linje 3",
    ]
    assert not any(re.search(r"\d{5} ?\d{5}", text) for text in told)


def test_two_numbers_on_one_line_are_two_people(client_as, kari, crowd):
    client_as(kari).post(NUMBERS, {"kort_type": "bygg", "numbers": " ".join(crowd(2))})
    assert Order.objects.get(state="cart").lines.count() == 2
