"""Which kinds of card a company may order: a policy with a date, said in the form."""

import re
from datetime import date

import pytest

from hmskort.common.dated import Dated
from hmskort.simulators import world
from orders import rules
from registers import approvals

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_as(somebody, session_for, world_number):
    """`order_as("bygg")`: what the form answers a cleaning company that orders that kind."""

    def post(kind: str, company: str = "cleaning", leader: str = "cleaning leader"):
        approvals.read("renholdsregisteret")
        client = session_for(somebody(leader), world.company(company).orgnr)
        numbers = world_number("cleaner")
        return client.post("/bestill/", {"kort_type": kind, "numbers": numbers})

    return post


@pytest.mark.feature("F060")
def test_a_company_in_the_cleaning_register_is_told_why_it_cannot_order_for_construction(order_as):
    response = order_as("bygg")
    assert response.status_code == 422
    assert "kan bare bestille renholdskort" in response.text
    assert order_as("renhold").status_code == 302


@pytest.mark.feature("F060")
def test_the_form_says_so_before_anything_is_typed(somebody, session_for):
    approvals.read("renholdsregisteret")
    client = session_for(somebody("cleaning leader"), world.company("cleaning").orgnr)
    page = client.get("/bestill/?kort_type=bygg").text
    assert "kan bare bestille renholdskort" in page
    chosen = re.search(r'<input[^>]*value="renhold"[^>]*>', page)
    assert chosen
    assert "checked" in chosen[0]


@pytest.mark.feature("F060")
def test_other_companies_order_for_construction_as_before(order_as):
    assert order_as("bygg", "Byggmester AS", "Kari").status_code == 302


@pytest.mark.feature("F061")
def test_with_the_policy_off_it_orders_both_kinds_but_not_for_one_person(order_as, monkeypatch):
    off = (Dated(date(2008, 1, 1), value=False, source="002"),)
    monkeypatch.setattr(rules, "CLEANERS_ORDER_ONLY_CLEANING", off)
    assert order_as("bygg").status_code == 302
    response = order_as("renhold")  # the same person
    assert response.status_code == 422
    assert "allerede i handlekurven" in response.text


def test_the_policy_has_a_date_and_a_source():
    asked = {"in_cleaning_register": True}
    assert rules.may_order_kind("bygg", date(2019, 12, 31), **asked)
    assert not rules.may_order_kind("bygg", date(2020, 1, 1), **asked)
    assert rules.may_order_kind("renhold", date(2020, 1, 1), **asked)
    assert all(value.source for value in rules.CLEANERS_ORDER_ONLY_CLEANING)
