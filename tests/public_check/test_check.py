import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cards import actions
from cards.public_check import actions as public_check
from cards.public_check import rules
from cards.public_check.models import Entry
from cards.public_check.queries import check
from cards.states import BlockReason
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.dated import Dated
from hmskort.common.ranges import DateRanges
from hmskort.simulators import world
from tests.cards.builders import issued, produced, taken_over

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def read(client):
    """`read("4711 2083")`: the text of the page that the form leads to."""

    def find(number):
        answer = client.get("/sjekk/", {"number": number}, headers={"Accept-Language": "nb"})
        if answer.status_code == 302:
            answer = client.get(answer["Location"], headers={"Accept-Language": "nb"})
        return answer.content.decode()

    return find


def announced(reference="BCDF2345", form="AS", **given):
    with transaction.atomic():
        public_check.announce(
            reference=reference,
            **{
                "kind_code": "bygg",
                "company_name": "BYGGMESTER AS",
                "orgnr": "310010006",
                "form": form,
                "ordered_on": clock.today() - timedelta(days=3),
                **given,
            },
        )


@pytest.mark.feature("F168")
def test_a_valid_card_is_called_valid(read):
    text = read(produced().number)
    assert "Kortet er gyldig" in text


@pytest.mark.feature("F168")
def test_a_blocked_card_is_called_not_valid(read):
    card = produced()
    actions.block(card=card, reason=BlockReason.DAMAGED, actor=SYSTEM)
    text = read(card.number)
    assert "Kortet er ikke gyldig" in text
    assert "Kortet er sperret." in text
    assert "Siste gyldige dag" not in text
    assert "ødelagt" not in text  # the class of reason, never the reason


@pytest.mark.feature("F168")
def test_a_number_that_nobody_has_is_called_so(read):
    assert "Vi finner ikke kortet" in read("4711208")


@pytest.mark.feature("F168")
@pytest.mark.parametrize("space", [" ", NBSP, "-", ""])
def test_the_number_may_be_written_in_any_way(read, space):
    number = produced().number
    assert "Kortet er gyldig" in read(f" {number[:4]}{space}{number[4:]} ")


def test_a_mistyped_number_is_called_mistyped_and_stays_in_the_field(read):
    number = produced().number
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    text = read(wrong)
    assert "Nummeret er skrevet feil" in text
    assert f'value="{wrong}"' in text


def test_the_cards_of_the_former_issuer_have_seven_digits(read):
    taken_over(number="0471120", issued_on=clock.today() - timedelta(days=30))
    for typed in ("0471120", "471120", "00471120"):
        assert "Kortet er gyldig" in read(typed)


@pytest.mark.feature("F170")
def test_the_reference_of_an_order_answers_under_order_with_its_date(read):
    announced()
    text = read("bcdf 2345")
    assert "Kortet er bestilt og under behandling" in text
    assert f"{clock.today() - timedelta(days=3):%d.%m.%Y}" in text


@pytest.mark.feature("F170")
def test_a_card_in_production_answers_under_order_by_its_number(read):
    card = issued()
    text = read(card.number)
    assert "Kortet er bestilt og under behandling" in text
    assert f"{card.ordered_on:%d.%m.%Y}" in text


@pytest.mark.feature("F171")
def test_under_order_says_that_nobody_shall_be_refused_for_that_alone(read):
    announced()
    assert "Personen skal ikke avvises bare fordi kortet mangler." in read("BCDF2345")


def test_an_order_that_was_withdrawn_is_called_so(read):
    announced()
    with transaction.atomic():
        public_check.withdraw(reference="BCDF2345")
    told = read("BCDF2345")
    assert "Bestillingen ble ikke til et kort" in told
    assert "<dt>Referanse</dt>" in told
    assert "<dt>Kortnummer</dt>" not in told


def test_an_order_announced_again_is_under_order_again(read):
    for act in (announced, withdrawn, announced):
        act()
    assert "under behandling" in read("BCDF2345")


def withdrawn():
    with transaction.atomic():
        public_check.withdraw(reference="BCDF2345")


def test_withdrawing_what_became_a_card_changes_nothing():
    produced(reference="BCDF2345")
    withdrawn()
    announced()
    assert check("BCDF2345").status == "valid"


def test_the_person_is_never_told(read, client):
    card = produced()
    pages = read(card.number) + client.get(f"/api/check/{card.number}").content.decode()
    for secret in (card.surname, card.given_names, f"{card.birth_date:%d.%m.%Y}",
                   card.person.national_id[:6], str(card.person_id)):  # fmt: skip
        assert secret not in pages


def test_company_kind_expiry_and_the_time_of_the_check_are_told(read):
    card = produced()
    text = read(card.number)
    assert card.company_name in text
    assert "Bygg og anlegg" in text
    assert f"{card.expires_on:%d.%m.%Y}" in text
    assert 'Kontrollert</dt><dd class="tabular"><time' in text


def test_of_a_sole_proprietor_neither_name_nor_number_is_told_or_even_stored(read, client):
    company = world.company("ENK")
    card = produced("ENK #1", "ENK")
    text = read(card.number) + client.get(f"/api/check/{card.number}").content.decode()
    assert "Kortet er gyldig" in text
    for secret in (company.name, company.orgnr, f"{company.orgnr[:3]}{NBSP}{company.orgnr[3:6]}"):
        assert secret not in text
    entry = Entry.objects.get(number=card.number)
    assert (entry.company_name, entry.orgnr) == ("", "")


def test_with_the_other_policy_only_validity_is_told(read, monkeypatch):
    shows = (Dated(since=clock.today(), value=rules.Shows.VALIDITY, source="test"),)
    monkeypatch.setattr(rules, "SHOWS", shows)
    card = produced()
    text = read(card.number)
    assert "Kortet er gyldig" in text
    assert card.company_name not in text
    assert "enkeltpersonforetak" not in text


@pytest.mark.feature("F062")
def test_a_cleaning_card_is_accepted_on_building_sites(read):
    card = taken_over("cleaning #2", "cleaning", "renhold", number="4711208",
                      issued_on=clock.today() - timedelta(days=30))  # fmt: skip
    assert "Kortet godtas også på bygge- og anleggsplasser." in read(card.number)


def test_with_no_number_the_form_says_what_is_missing_and_where(client):
    answer = client.get("/sjekk/", {"number": " "}, headers={"Accept-Language": "nb"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Skriv inn kortnummeret") >= 2
    assert 'href="#number"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["<script>", "4711'; --", "ÆØÅ", "x" * 40, "1" * 20])
def test_nonsense_is_answered_calmly(client, typed):
    answer = client.get("/sjekk/", {"number": typed}, follow=True)
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in answer.content.decode()
    assert client.get(f"/api/check/{typed}").json()["status"] == "unknown"


def test_a_scanned_address_with_spaces_leads_to_the_cards_own_page(client):
    number = produced().number
    answer = client.get(f"/k/{number[:4]} {number[4:]}/")
    assert answer["Location"] == f"/k/{number}/"


@pytest.mark.parametrize("address", ["/sjekk/", "/k/47112083/", "/api/check/47112083"])
def test_no_search_engine_keeps_an_answer(client, address):
    answer = client.get(address)
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_the_page_needs_no_script_and_shows_itself_on_paper_with_its_time(read):
    text = read(produced().number)
    assert "Utskriften viser svaret slik det var" in text


@pytest.mark.parametrize(("before", "after"), [("en", "valid"), ("nn", "gyldig")])
def test_the_page_is_there_in_every_language(client, before, after):
    client.cookies["django_language"] = before
    assert client.get(f"/k/{produced().number}/").status_code == 200


def test_the_answer_for_machines_is_documented_word_for_word(client):
    card = produced()
    answer = client.get(f"/api/check/{card.number}")
    told = answer.json()
    assert told.pop("checked_at")
    assert told == {
        "number": card.number,
        "status": "valid",
        "reason": "",
        "kind": "bygg",
        "orgnr": card.orgnr,
        "company": card.company_name,
        "accepted_on_sites": True,
        "ordered_on": None,
        "expires_on": card.expires_on.isoformat(),
    }
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("number", "reason"),
    [("4711208", "not_found"), ("47112080", "check_digit"), ("12", "not_a_number")],
)
def test_a_machine_is_told_why_a_number_is_unknown(client, number, reason):
    told = client.get(f"/api/check/{number}").json()
    assert (told["status"], told["reason"]) == ("unknown", reason)


def test_the_machines_check_asks_the_database_once_and_passes_no_other_middleware(client):
    number = produced().number
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/api/check/{number}")
    assert len(asked) == 0  # Django's cursor is not used; the one question is the room's own
    assert not client.cookies
    assert "Content-Security-Policy" not in answer
    assert json.loads(answer.content)["status"] == "valid"


def test_only_reading_is_allowed(client):
    assert client.post("/api/check/47112083").status_code == 405


def test_publishing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        public_check.withdraw(reference="BCDF2345")


def test_the_days_on_which_the_requirements_hold_decide(time_machine):
    time_machine.move_to("2026-11-21 12:00+01:00", tick=False)
    card = produced()
    days = DateRanges.between(clock.today(), clock.today() + timedelta(days=1))
    Entry.objects.filter(number=card.number).update(valid_on=days)
    said = []
    for hours in (0, 24, 48):
        time_machine.move_to(clock.now() + timedelta(hours=24 if hours else 0), tick=False)
        said.append(check(card.number).status)
    assert said == ["valid", "valid", "not_valid"]


@pytest.mark.parametrize("path", ["/api/check/%00", "/api/check/4711%002083", "/k/%00/"])
def test_a_number_that_is_no_text_is_unknown_and_not_an_error(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
