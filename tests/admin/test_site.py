"""The administration is for administrators, who log in as everybody else."""

import re

import pytest
from django.urls import reverse

from hmskort.admin.site import site
from registers.models import CardKind
from tests.builders import a_cart

pytestmark = pytest.mark.django_db
TABLES = [model._meta for model in site._registry]
PAGES = [
    reverse("admin:index"),
    *(reverse(f"admin:{table.app_label}_{table.model_name}_changelist") for table in TABLES),
    *(reverse(f"admin:{table.app_label}_{table.model_name}_add") for table in TABLES),
    reverse("admin:app_list", args=["registers"]),
    reverse("admin:registers_cardkind_change", args=["bygg"]),
    reverse("admin:registers_cardkind_history", args=["bygg"]),
    reverse("admin:exemptions_exemptionkind_change", args=["svalbard"]),
    reverse("admin:exemptions_exemptionkind_change", args=["override"]),
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_in_norwegian_without_inline_script_or_style(desk, address):
    response = desk.get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Administrasjon av HMS-kort" in text
    assert "Turid Ordnes" in text
    assert not re.findall(r"Skip to main|Breadcrumbs|Model name|Add link|Toggle theme", text)
    assert "'unsafe" not in response["Content-Security-Policy"]
    assert ' style="' not in text
    assert " onclick=" not in text
    assert "<style" not in text


def test_there_is_no_password_form(client, desk):
    for address in ("login/", "password_change/", "logout/"):
        assert desk.get(f"/administrasjon/{address}").status_code == 404
    assert client.get("/administrasjon/")["Location"] == "/logg-inn/?next=%2Fadministrasjon%2F"


@pytest.mark.parametrize("who", ["reviewer", "caseworker", "producer", "inspector", "Kari"])
def test_for_everybody_else_the_administration_does_not_exist(somebody, session_for, who):
    client = session_for(somebody(who))
    assert {client.get(address).status_code for address in PAGES} == {404}


def test_the_administrator_finds_it_in_the_menu_and_nothing_of_others(desk):
    menu = desk.get("/").content.decode()
    assert 'href="/administrasjon/"' in menu
    assert 'href="/kontroll/"' not in menu


def test_what_cards_rest_on_is_not_deleted(desk, kari):
    a_cart(kari, "employed")
    response = desk.post(reverse("admin:registers_cardkind_delete", args=["bygg"]), {"post": "yes"})
    assert response.status_code == 403
    assert CardKind.objects.filter(pk="bygg").exists()


def test_every_cell_of_the_requirements_says_what_it_is(desk):
    page = desk.get(reverse("admin:registers_cardkind_change", args=["bygg"])).content.decode()
    rows = page[page.index('id="requirements-group"') :]
    cells = re.findall(r"<(?:input|select)[^>]*name=\"requirements-0-(?!id|kind)[^>]*>", rows)
    assert len(cells) == 6
    assert all("aria-label" in cell for cell in cells)
