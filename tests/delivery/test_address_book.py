"""A company's own addresses: added, changed, taken out, one of them the default."""

import pytest

from hmskort.simulators import world
from orders.delivery.models import Address

pytestmark = pytest.mark.django_db

RIGGEN = {
    "label": "Riggen", "deliver_to": "Brakkeriggen", "street": "Anleggsveien 1",
    "postal_code": "5003", "city": "Bergen", "country_code": "NO",
}  # fmt: skip


@pytest.mark.feature("F119")
def test_addresses_are_added_changed_and_removed_after_a_question(kari, client_as):
    client = client_as(kari)
    assert "Adresseboken er tom" in client.get("/adresser/").content.decode()
    client.post("/adresser/ny/", RIGGEN)
    page = f"/adresser/{Address.objects.get().pk}/"
    client.post(page, {**RIGGEN, "street": "Anleggsveien 3"})
    assert "Anleggsveien 3" in client.get("/adresser/").content.decode()
    assert "Riggen" in client.get(f"{page}fjern/").content.decode()
    assert Address.objects.exists()
    client.post(f"{page}fjern/")
    assert not Address.objects.exists()


def test_a_company_has_one_default_address_at_most(kari, client_as):
    client = client_as(kari)
    for label in ("Riggen", "Lageret"):
        client.post("/adresser/ny/", {**RIGGEN, "label": label, "is_default": "on"})
    assert Address.objects.get(is_default=True).label == "Lageret"


def test_two_addresses_do_not_share_a_name_and_what_was_typed_is_kept(kari, client_as):
    client = client_as(kari)
    client.post("/adresser/ny/", RIGGEN)
    response = client.post("/adresser/ny/", {**RIGGEN, "street": "Et annet sted 2"})
    assert response.status_code == 422
    assert "allerede en adresse med dette navnet" in response.content.decode()
    assert "Et annet sted 2" in response.content.decode()


def test_the_same_address_sent_twice_is_one(kari, client_as):
    for _ in range(2):
        assert client_as(kari).post("/adresser/ny/", RIGGEN).status_code == 302
    assert Address.objects.count() == 1


def test_another_companys_address_does_not_exist(kari, somebody, client_as, session_for):
    client_as(kari).post("/adresser/ny/", RIGGEN)
    mona = session_for(somebody("leader of many"), world.company("roofer").orgnr)
    page = f"/adresser/{Address.objects.get().pk}/"
    assert "Riggen" not in mona.get("/adresser/").content.decode()
    assert mona.get(page).status_code == 404
    assert mona.post(f"{page}fjern/").status_code == 404
    assert Address.objects.exists()
