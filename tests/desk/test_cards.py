"""What keeps a card from being valid may be applied away, or said to be wrong."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from hmskort.common import clock
from hmskort.desk.models import Case
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from registers import lookups, tasks
from tests.builders import rest
from tests.cards.builders import produced
from tests.desk.conftest import a_document
from tests.desk.test_exemptions import VAT, WORK, decide, page, period

pytestmark = pytest.mark.django_db


@pytest.fixture
def card():
    """A card of Byggmester AS, whose registration for VAT was taken away."""
    row = produced("employed")
    rest()
    tasks.follow_companies()
    companies.set_vat(Store(), row.orgnr, registered=False)
    tasks.follow_companies()
    rest()
    row.refresh_from_db()
    assert row.unmet == [VAT]
    return row


def test_an_exemption_is_applied_for_from_a_card_and_makes_it_valid(
    card, kari, client_as, caseworker, session_for
):
    browser = client_as(kari)
    address = f"/kort/{card.number}/unntak/{VAT}/?type=no_vat_duty"
    shown = page(browser.get(address))
    assert f'href="/kort/{card.number}/"' in shown
    given = {"reason": "Bare salg i utlandet.", "contact_email": "kari@byggmester.example"}
    assert browser.post(address, given).status_code == 422
    answer = browser.post(address, {**given, "tax_office": a_document()})
    case = Case.objects.get()
    assert answer["Location"] == f"/henvendelser/{case.reference}/"
    assert (case.orgnr, case.company_name) == (card.orgnr, card.company_name)
    assert case.verdict.person == card.person
    decide(session_for(caseworker), case, "grant", **period())
    card.refresh_from_db()
    assert card.unmet == []
    assert clock.today() in card.valid_on


def test_a_decision_on_a_card_is_disputed_with_what_it_rests_on(  # noqa: PLR0917 - two settle it
    card, kari, client_as, caseworker, second_caseworker, session_for
):
    browser = client_as(kari)
    address = f"/kort/{card.number}/innsigelse/{VAT}/"
    shown = page(browser.get(address))
    assert "er ikke registrert for merverdiavgift" in shown
    assert f"{clock.today():%d.%m.%Y}" in shown
    browser.post(address, {"text": "Vi er registrert.", "contact_email": "kari@byggmester.example"})
    case = Case.objects.get()
    assert list(case.people.all()) == [card.person]
    decide(session_for(caseworker), case, "propose", text="Riktig.", **period())
    decide(session_for(second_caseworker), case, "confirm")
    card.refresh_from_db()
    assert card.unmet == []
    assert browser.get(address).status_code == 404  # it stands in the way of nothing


def test_an_employment_that_has_ended_stands_in_the_way_the_day_after(kari, client_as, byggmester):
    row = produced("employed")
    number = world.person("employed").national_id
    people.end_employment(Store(), number, byggmester.subunits[0], clock.today())
    with transaction.atomic():
        lookups.want({("aaregisteret", str(row.person_id))}, not_older_than=clock.now())
    rest()
    address = f"/kort/{row.number}/innsigelse/{WORK}/"
    assert client_as(kari).get(address).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert "Arbeidsforholdet ble avsluttet" in page(client_as(kari).get(address))


def test_what_is_met_another_card_and_another_company_are_not_written_about(card, kari, client_as):
    browser = client_as(kari)
    assert browser.get(f"/kort/{card.number}/unntak/{WORK}/").status_code == 404
    assert browser.get(f"/kort/{card.number}/innsigelse/{WORK}/").status_code == 404
    other = produced("cleaner", "cleaning", "renhold")
    assert browser.get(f"/kort/{other.number}/innsigelse/{VAT}/").status_code == 404
