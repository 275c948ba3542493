"""Guides that answer: who needs a card, and of whom cleaning may be bought."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hmskort.pages.cleaning import TOLD
from hmskort.pages.need import FIRST, OUTCOMES, QUESTIONS, Need, way
from hmskort.simulators import world
from hmskort.simulators.hand import companies as hand
from hmskort.simulators.store import Store
from registers import approvals
from registers.renholdsregisteret.answers import Status

NEED, CLEANING = "/hjelp/trenger-vi-kort/", "/godkjent-renhold/"


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def only_of_the_language_menu(cookies):
    """Every page has its form; what is asked and answered here needs no cookie."""
    return set(cookies) <= {settings.CSRF_COOKIE_NAME}


# --- Do we need cards? ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "need", "source"),
    [
        ("arbeid=bygg&sted=plass&drift=ansatte", Need.YES, "FOR-2007-03-30-366 §§ 2, 4"),
        ("arbeid=bygg&sted=plass&drift=alene", Need.YES, "FOR-2007-03-30-366 § 4"),
        ("arbeid=bygg&sted=plass&drift=utenlandsk", Need.YES, "001 § 2"),
        ("arbeid=bygg&sted=fast", Need.NO, "arbeidstilsynet.no: shipyards, prefabrication"),
        ("arbeid=bygg&sted=vedlikehold", Need.NO, "arbeidstilsynet.no: industry off site"),
        ("arbeid=bygg&sted=sno", Need.NO, "arbeidstilsynet.no: snow clearing outside sites"),
        ("arbeid=bygg&sted=praksis", Need.NO, "arbeidstilsynet.no: confirmation instead"),
        ("arbeid=renhold&hos=egne", Need.NO, "001 § 3.3"),
        ("arbeid=renhold&hos=andre&renholdere=ansatte", Need.YES, "FOR-2012-05-08-408 § 9"),
        ("arbeid=renhold&hos=andre&renholdere=alene", Need.YES, "FOR-2012-05-08-408 § 9"),
        ("arbeid=utleie&utleid=bygg", Need.YES, "FOR-2007-03-30-366 § 3"),
        ("arbeid=utleie&utleid=renhold", Need.YES, "001 § 3.3"),
        ("arbeid=utleie&utleid=annet", Need.NO, "no duty"),
        ("arbeid=bilpleie", Need.OTHER, "since 1 July 2022"),
        ("arbeid=varer", Need.OTHER, "since 1 January 2026"),
        ("arbeid=annet", Need.NO, "no duty"),
    ],
)
def test_what_the_answers_come_to(answers, need, source):
    found = way(dict(pair.split("=") for pair in answers.split("&")))
    assert found.outcome.need == need


def every_way(place=FIRST, before=()):
    if place in OUTCOMES:
        yield dict(before), OUTCOMES[place]
        return
    for choice in QUESTIONS[place].choices:
        yield from every_way(choice.leads_to, (*before, (place, choice.value)))


@pytest.mark.django_db
def test_every_way_through_the_questions_ends_in_an_answer_that_is_used(client):
    found = list(every_way())
    assert {id(outcome) for _, outcome in found} == set(map(id, OUTCOMES.values()))
    assert len(found) == 16
    for answers, outcome in found:
        response = client.get(NEED, answers)
        assert response.status_code == 200
        assert str(outcome.title) in text_of(response)


@pytest.mark.feature("F046")
@pytest.mark.django_db
def test_a_firm_that_cleans_only_internally_is_told_that_it_needs_nothing_and_nothing_is_stored(
    client,
):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(NEED, {"arbeid": "renhold", "hos": "egne"})
    text = text_of(response)
    assert "Dere trenger ikke HMS-kort eller godkjenning" in text
    assert "skal ikke søke om godkjenning" in text
    assert not [each["sql"] for each in asked if not each["sql"].startswith("SELECT")]
    assert only_of_the_language_menu(response.cookies)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_one_question_is_asked_at_a_time_and_the_answers_stand_in_the_address(client, language):
    first = client.get(NEED, headers={"accept-language": language})
    assert first.content.decode().count('type="radio"') == 6
    assert only_of_the_language_menu(first.cookies)
    second = Client().get(NEED, {"arbeid": "renhold"}).content.decode()
    assert '<input type="hidden" name="arbeid" value="renhold">' in second
    assert 'name="hos"' in second
    assert "Endre" in second


@pytest.mark.django_db
def test_an_earlier_answer_can_be_changed(client):
    page = client.get(NEED, {"arbeid": "bygg", "sted": "plass"}).content.decode()
    assert f'href="{NEED}"' in page
    assert 'href="?arbeid=bygg"' in page


@pytest.mark.django_db
def test_a_question_left_open_is_asked_again_with_what_is_wrong(client):
    response = client.get(NEED, {"arbeid": "renhold", "spurt": "hos"})
    assert response.status_code == 422
    assert "Du må rette dette" in text_of(response)
    assert client.get(NEED, {"arbeid": "renhold", "spurt": "arbeid"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{"arbeid": "x"}, {"hos": "egne"}, {"arbeid": "<script>"}])
def test_what_is_no_answer_leads_nowhere(client, answers):
    response = client.get(NEED, answers)
    assert response.status_code == 200
    assert "Hva slags arbeid gjør dere?" in text_of(response)
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main")[0]


# --- Is the company approved for cleaning? --------------------------------------------------


@pytest.fixture
def cleaning(db):
    approvals.read("renholdsregisteret")
    return world.company("cleaning")


def test_every_status_of_the_register_has_words():
    assert set(TOLD) == {*Status, ""}


@pytest.mark.feature("F047")
@pytest.mark.parametrize(
    ("case", "said", "forbidden"),
    [
        ("cleaning", "Virksomheten er godkjent for renhold", False),
        ("cleaning without employees", "godkjent for renhold, uten ansatte", False),
        ("cleaning told to order", "ikke endelig godkjent ennå", True),
        ("cleaning under consideration", "ikke godkjent ennå", True),
        ("cleaning not approved", "Virksomheten er ikke godkjent for renhold", True),
        ("cleaning not in the register", "står ikke i registeret", True),
    ],
)
def test_the_page_of_a_company_shows_the_register_s_status_its_date_and_the_way_there(
    client, cleaning, case, said, forbidden
):
    page = client.get(f"{CLEANING}{world.company(case).orgnr}/")
    text = text_of(page)
    assert said in text
    assert ("Kjøp ikke renhold" in text) is forbidden
    assert "Fil fra registeret" in text
    assert 'href="https://www.arbeidstilsynet.no/godkjenninger/' in page.content.decode()
    assert only_of_the_language_menu(page.cookies)


def test_what_the_register_says_tomorrow_is_what_the_page_says(client, cleaning):
    hand.set_cleaning(Store(), cleaning.orgnr, "Ikke godkjent")
    approvals.read("renholdsregisteret")
    assert "forbudt å kjøpe" in text_of(client.get(f"{CLEANING}{cleaning.orgnr}/"))


def test_a_sub_unit_stands_as_its_main_unit(client, cleaning):
    text = text_of(client.get(f"{CLEANING}{cleaning.subunits[0]}/"))
    assert "Virksomheten er godkjent for renhold" in text
    assert "Hovedenhet" in text


def test_the_number_is_typed_with_spaces_or_as_a_vat_number(client, cleaning):
    number = cleaning.orgnr
    typed = f"NO {number[:3]} {number[3:6]} {number[6:]} MVA"
    response = client.get(CLEANING, {"orgnr": typed})
    assert response.url == f"{CLEANING}{number}/"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "123", "123456789", "x' OR 1=1"])
def test_what_is_no_number_is_said_at_the_field(client, typed):
    response = client.get(CLEANING, {"orgnr": typed})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.django_db
def test_an_address_with_a_wrong_number_leads_to_the_field(client):
    response = client.get(f"{CLEANING}123456789/", follow=True)
    assert response.status_code == 422
    assert "Organisasjonsnummeret stemmer ikke." in text_of(response)
    assert "står ikke i" not in text_of(response)


@pytest.mark.django_db
def test_before_the_register_has_been_read_nothing_is_said_of_a_company(client):
    text = text_of(client.get(f"{CLEANING}{world.company('cleaning').orgnr}/"))
    assert "Vi kan ikke si om virksomheten er godkjent" in text
    assert "forbudt" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/hjelp/"])
def test_both_guides_are_found_from_the_front_page_and_the_help(client, address):
    page = client.get(address).content.decode()
    assert f'href="{NEED}"' in page
    assert f'href="{CLEANING}"' in page


@pytest.mark.feature("F047")
def test_a_cleaning_company_sees_on_its_own_page_how_it_stands(session_for, somebody, cleaning):
    client = session_for(somebody("cleaning leader"), cleaning.orgnr)
    page = client.get("/kort/").content.decode()
    assert "Renholdsregisteret:" in page
    assert f'href="{CLEANING}{cleaning.orgnr}/"' in page


def test_another_company_is_told_nothing_of_the_register(client_as, kari, cleaning):
    assert "Renholdsregisteret:" not in client_as(kari).get("/kort/").content.decode()
