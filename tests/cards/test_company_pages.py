from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from cards.models import Card
from cards.public_check.queries import check
from cards.states import CardState
from hmskort.audit.actor import SYSTEM
from hmskort.audit.models import Event
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from registers import employers
from registers.models import Employer
from registers.persons import person_for
from registers.tasks import follow_companies
from tests.builders import rest
from tests.cards.builders import issued, produced, taken_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(kari, client_as):
    """`page("/kort/")`: what Kari reads there."""
    client = client_as(kari)

    def read(address, **data):
        return client.get(address, data, headers={"Accept-Language": "nb"})

    return read


@pytest.mark.feature("F167")
def test_the_card_page_shows_all_that_the_company_may_know(page):
    card = produced()
    Card.objects.filter(pk=card.pk).update(ordered_on=date(2026, 11, 3))
    text = page(f"/kort/{card.number}/").content.decode()
    number = world.person("employed").national_id
    shown = {
        "status": "Gyldig",
        "ordered": "03.11.2026",
        "expiry": f"{card.expires_on:%d.%m.%Y}",
        "identity number": f"{number[:6]}\N{NO-BREAK SPACE}•••••",
        "orgnr": "\N{NO-BREAK SPACE}".join([card.orgnr[:3], card.orgnr[3:6], card.orgnr[6:]]),
        "nationality": "Norge",
        "sex": "kvinne",
        "kind": "Bygg og anlegg",
    }
    assert [name for name, value in shown.items() if value not in text] == []
    assert number[6:] not in text


def test_the_card_page_shows_what_each_register_said_and_when(page):
    text = page(f"/kort/{produced().number}/").content.decode()
    assert "Enhetsregisteret" in text
    assert "Personen er ansatt i virksomheten." in text
    assert f"Spurt {clock.today():%d.%m.%Y}" in text


@pytest.mark.feature("F145")
def test_the_card_page_tells_all_that_has_happened_and_who_did_it(page, kari, client_as):
    card = produced()
    client_as(kari).post(f"/kort/{card.number}/sperr/", {"reason": "damaged"})
    text = page(f"/kort/{card.number}/").content.decode()
    timeline = text.partition("Dette har skjedd")[2]
    told = [
        f"{clock.today():%d.%m.%Y} kl. ",
        "Virksomheten, i portalen",
        "Kort sperret",
        "Fra «produsert» til «sperret».",
        "Kortet er ødelagt",
        "HMS-kort, automatisk",
        "Kort produsert",
        "Fra «under produksjon» til «produsert».",
        "Kort utstedt",
    ]
    assert sorted(told, key=timeline.index) == told  # the newest first
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Event.objects.update(actor_id="somebody else")


def test_a_change_of_days_alone_is_not_told_as_a_change_from_valid_to_valid(page):
    card = produced()
    with transaction.atomic():
        same = {"before": "valid", "to": "valid", "unmet": []}
        record("card:validity_changed", actor=SYSTEM, subject=card, orgnr=card.orgnr, **same)
    text = page(f"/kort/{card.number}/").content.decode()
    assert "Fra «Gyldig» til «Gyldig»" not in text
    assert "Fortsatt «Gyldig», men dagene kravene er oppfylt, er endret." in text


def test_for_another_company_the_card_does_not_exist(page, kari, client_as):
    other = produced("employed elsewhere", "groundwork")
    for address in ("", "sperr/", "bilde/"):
        assert page(f"/kort/{other.number}/{address}").status_code == 404
    client_as(kari).post(f"/kort/{other.number}/sperr/", {"reason": "left"})
    other.refresh_from_db()
    assert other.state == CardState.PRODUCED
    assert other.holder_name not in page("/kort/").content.decode()


def test_ola_sees_no_card(ola, client_as):
    card = produced()
    client = client_as(ola)
    assert "velg-virksomhet" in client.get(f"/kort/{card.number}/")["Location"]
    client.post(f"/kort/{card.number}/sperr/", {"reason": "left"})
    card.refresh_from_db()
    assert card.state == CardState.PRODUCED


def test_per_who_was_delegated_it_blocks_a_card(per, client_as):
    card = produced()
    response = client_as(per).post(f"/kort/{card.number}/sperr/", {"reason": "left"}, follow=True)
    assert response.status_code == 200
    card.refresh_from_db()
    assert (card.state, card.blocked_for) == (CardState.BLOCKED, "left")


@pytest.mark.feature("F135")
def test_blocking_changes_the_public_answer_at_once(kari, client_as, client):
    card = produced()
    assert client.get(f"/api/check/{card.number}").json()["status"] == "valid"
    client_as(kari).post(f"/kort/{card.number}/sperr/", {"reason": "left"})
    answer = client.get(f"/api/check/{card.number}").json()
    assert (answer["status"], answer["reason"]) == ("not_valid", "blocked")


@pytest.mark.feature("F135")
def test_a_card_in_production_cannot_be_blocked_by_its_company(kari, client_as):
    card = issued()
    client = client_as(kari)
    assert "Bare kort som er laget" in client.get(f"/kort/{card.number}/sperr/").content.decode()
    assert client.post(f"/kort/{card.number}/sperr/", {"reason": "left"}).status_code == 409
    assert check(card.number).status == "under_order"


def test_blocking_asks_why_and_keeps_the_card_when_not_told(page, kari, client_as):
    card = produced()
    assert "Hvorfor sperrer du kortet?" in page(f"/kort/{card.number}/sperr/").content.decode()
    response = client_as(kari).post(f"/kort/{card.number}/sperr/", {})
    assert response.status_code == 422
    assert "Velg hvorfor du sperrer kortet" in response.content.decode()
    assert check(card.number).status == "valid"


def test_a_company_cannot_claim_that_a_card_was_replaced(kari, client_as):
    card = produced()
    response = client_as(kari).post(f"/kort/{card.number}/sperr/", {"reason": "replaced"})
    assert response.status_code == 422


def test_an_empty_list_leads_to_the_order(page):
    text = page("/kort/").content.decode()
    assert "Ingen HMS-kort ennå" in text
    assert 'href="/bestill/"' in text


@pytest.fixture
def many(byggmester):
    """30 cards of Byggmester AS: copies of one, for people with numbers of their own."""
    first = produced()
    for number in range(29):
        person = person_for(world.on(clock.today()).people[-1 - number].national_id)
        Card.objects.create(
            **{
                field.attname: getattr(first, field.attname)
                for field in Card._meta.concrete_fields
                if field.attname not in {"id", "person_id"}
            }
            | {
                "number": str(5_000_000 + number),
                "issue_key": f"many:{number}",
                "surname": f"Aa{number % 3}",
                "expires_on": first.expires_on - timedelta(days=number * 30),
            },
            person=person,
        )
    return Card.objects.all()


def numbers_on(response):
    return [row["card"].number for row in response.context["rows"]]


@pytest.mark.parametrize("sort", ["navn", "utloper"])
def test_paging_forth_and_back_meets_every_card_once(page, many, sort):
    first = page("/kort/", sorter=sort)
    second = page("/kort/", sorter=sort, etter=first.context["page"].after)
    assert len(numbers_on(first)) == 25
    assert len({*numbers_on(first), *numbers_on(second)}) == 30
    assert second.context["page"].after == ""
    back = page("/kort/", sorter=sort, **{"for": second.context["page"].before})
    assert numbers_on(back) == numbers_on(first)
    assert back.context["page"].before == ""


def test_a_made_up_cursor_is_the_beginning(page, many):
    assert numbers_on(page("/kort/", etter="made up")) == numbers_on(page("/kort/"))


@pytest.mark.parametrize(
    "status", ["ordered", "valid", "requirements", "expired", "blocked", "lost"]
)
def test_the_filter_finds_what_the_status_tags_say(page, many, kari, client_as, status):
    cards = list(many)
    for number, state in enumerate(["issued", "blocked", "lost"]):
        Card.objects.filter(pk=cards[number].pk).update(state=state)
    found = set(numbers_on(page("/kort/", status=status, sorter="utloper")))
    expected = {card.number for card in Card.objects.all() if card.standing == status}
    assert found == expected


def test_soon_is_the_three_months_in_which_one_may_renew(page):
    soon = taken_over(number="4711208", issued_on=clock.today() - timedelta(days=700))
    taken_over("also employed", number="4711209", issued_on=clock.today() - timedelta(days=500))
    assert numbers_on(page("/kort/", status="snart")) == [soon.number]


def test_a_card_is_found_by_number_and_by_the_beginning_of_the_surname(page):
    card = produced()
    produced("also employed")
    assert numbers_on(page("/kort/", q=f"{card.number[:4]} {card.number[4:]}")) == [card.number]
    assert numbers_on(page("/kort/", q=card.surname[:3].lower())) == [card.number]
    empty = page("/kort/", q="Finnesikke")
    assert "Ingen kort passer" in empty.content.decode()


def test_the_list_asks_the_database_as_often_for_thirty_cards_as_for_one(
    kari, client_as, django_assert_max_num_queries, many
):
    client = client_as(kari)
    client.get("/kort/")
    with django_assert_max_num_queries(30) as captured:
        client.get("/kort/")
    few = len(captured)
    Card.objects.filter(number__lt="5000020", number__gte="5000000").update(state="blocked")
    with django_assert_max_num_queries(few):
        client.get("/kort/")


def cell_of(text: str, name: str) -> str:
    """The row of the list that is about this person."""
    return next(row for row in text.split("<tr>") if name in row)


@pytest.mark.feature("F056")
def test_the_list_shows_for_each_person_which_registers_are_in_order_and_when_they_were_asked(
    page, byggmester
):
    card, other = produced(), produced("also employed")
    yesterday = clock.today() - timedelta(days=1)
    number = world.person("employed").national_id
    people.end_employment(Store(), number, byggmester.orgnr, yesterday)
    Employer.objects.update(due_at=clock.now())
    employers.reread(10)
    rest()
    text = page("/kort/").content.decode()
    row, beside = cell_of(text, card.holder_name), cell_of(text, other.holder_name)
    red, green = 'data-color="danger"', 'data-color="success"'
    employment = row.partition("Aa-registeret")[2].partition("</li>")[0]
    assert red in employment
    assert green not in employment
    assert "Arbeidsforholdet ble avsluttet" in employment
    assert green in row.partition("Folkeregisteret")[2].partition("</li>")[0]
    assert row.count(f"{clock.today():%d.%m.%Y}") >= 2, "each with the date of its last check"
    assert red not in beside.partition("</ul>")[0]
    assert text.count("Merverdiavgiftsregisteret") == 1, "what is asked of the company stands once"


def test_a_card_that_can_not_be_valid_again_is_not_followed_and_shows_no_requirements(
    page, kari, client_as
):
    card = produced()
    client_as(kari).post(f"/kort/{card.number}/sperr/", {"reason": "left"})
    assert "Folkeregisteret" not in cell_of(page("/kort/").content.decode(), card.holder_name)


def test_the_card_page_leads_to_an_exemption_and_to_saying_that_it_is_wrong(page, byggmester):
    card = produced()
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    follow_companies()
    rest()
    text = page(f"/kort/{card.number}/").content.decode()
    for way in ("unntak", "innsigelse"):
        address = f"/kort/{card.number}/{way}/vat_registered/"
        assert f'href="{address}"' in text
        assert page(address).status_code == 200
    assert "/innsigelse/person_exists/" not in text
