"""A list from the file to the cart: verdicts, mending, colleagues, once, and its end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hmskort.accounts.models import Access
from hmskort.common import clock
from hmskort.simulators import world
from orders.actions.surnames import tries_for
from orders.importing import actions, tasks, verdicts
from orders.importing.models import Import, Row
from orders.importing.verdicts import Stands
from orders.models import Line, Order
from registers.models import Lookup
from tests.builders import a_cart, rest
from tests.cards.builders import produced
from tests.importing.test_reading import workbook

pytestmark = pytest.mark.django_db
HERE = ("also employed", "employed in another sub-unit", "D-number")


@pytest.fixture
def client(client_as, kari):
    client = client_as(kari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    return client


def row(case: str, surname: str | None = None, unit: str = "") -> list[str]:
    person = world.person(case)
    return [person.national_id, person.surname if surname is None else surname, unit]


def sent(client, *rows, kind="bygg") -> Import:
    """The list as a workbook; every register has answered."""
    data = workbook(["Fødselsnummer", "Etternavn", "Underenhet"], *rows)
    response = client.post(
        "/import/", {"kort_type": kind, "file": SimpleUploadedFile("ansatte.xlsx", data)}
    )
    assert response.status_code == 302, response.content.decode()
    rest()
    return Import.objects.latest("sent_at")


def stands(batch: Import) -> list[str]:
    return [one.stands for one in verdicts.look(batch).rows]


def page(client, batch: Import, **wanted) -> str:
    return client.get(f"/import/{batch.reference}/", wanted).content.decode()


def mend(client, batch: Import, place: int, **cells):
    key = batch.rows.get(place=place).pk
    data = {"row": [key], **{f"{name}-{key}": value for name, value in cells.items()}}
    response = client.post(f"/import/{batch.reference}/rett/", data)
    rest()
    return response


@pytest.mark.feature("F249")
def test_every_row_and_every_cell_has_its_verdict_and_the_good_ones_go_on(client, kari):
    a_cart(kari, "employed")
    batch = sent(
        client,
        row("also employed"),
        row("employed in another sub-unit"),
        ["01019012345", "Hansen"],
        ["", "Hansen"],
        row("not employed", "Hansen"),
        row("employed elsewhere", ""),
        row("employed"),
        row("D-number", unit="310010014"),
        row("also employed"),
        ["=A1", "Hansen"],
    )
    look = verdicts.look(batch)
    assert [one.stands for one in look.rows] == ["klar", "klar"] + ["rettes"] * 8
    assert [dict(one.wrong) for one in look.rows[2:]] == [
        {"number": look.rows[2].number_wrong},
        {"number": "Nummeret mangler."},
        {"surname": "Etternavnet stemmer ikke med nummeret."},
        {"surname": "Skriv etternavnet, så vi ser at nummeret er riktig."},
        {"number": "Personen er allerede i handlekurven."},
        {"unit": "Dette er ikke en av virksomhetens underenheter."},
        {"number": "Personen står også på linje 2."},
        {"number": "Cellen har en formel. Skriv nummeret selv."},
    ]
    assert not look.asking
    client.post(f"/import/{batch.reference}/handlekurv/")
    order = Order.objects.get(state="cart")
    assert order.lines.count() == 3
    assert stands(batch)[:2] == ["lagt", "lagt"]
    assert batch.rows.filter(line=None).count() == 8, "the rest stays to be mended"
    assert Row.objects.filter(line__isnull=False).exclude(sealed="").count() == 0


@pytest.mark.feature("F249")
def test_a_requirement_that_is_not_met_is_told_on_the_row_and_goes_on_to_the_cart(client):
    batch = sent(client, row("not employed"), row("dead"))
    look = verdicts.look(batch)
    assert [one.stands for one in look.rows] == ["klar", "klar"]
    assert [{finding.requirement for finding in one.unmet} for one in look.rows] == [
        {"employed"},
        {"person_exists"},
    ]
    told = page(client, batch, vis="klar")
    assert told.count("Et krav er ikke oppfylt") == 2


@pytest.mark.feature("F249")
def test_rows_are_mended_in_place_tried_again_and_removed(client):
    batch = sent(client, row("not employed", "Hansen"), ["01019012345", "Moe"], ["123", "Berg"])
    assert stands(batch) == ["rettes"] * 3
    mend(client, batch, 2, surname=world.person("not employed").surname)
    other = world.person("also employed")
    mend(client, batch, 3, number=other.national_id, surname=other.surname)
    assert stands(batch) == ["klar", "klar", "rettes"]
    key = batch.rows.get(place=4).pk
    client.post(f"/import/{batch.reference}/rett/", {"row": [key], "remove": key})
    assert stands(batch) == ["klar", "klar"]


def test_what_is_typed_in_a_cell_stays_whatever_it_is(client):
    batch = sent(client, row("not employed", "Hansen"))
    mend(client, batch, 2, surname="Johansen", unit="abc")
    told = page(client, batch)
    assert 'value="Johansen"' in told
    assert 'value="abc"' in told
    assert "Etternavnet stemmer ikke med nummeret." in told
    assert "Dette er ikke en av virksomhetens underenheter." in told


def test_surnames_are_not_guessed_in_a_list_either(client):
    batch = sent(client, row("not employed", "Hansen"))
    for guess in ("Johansen", "Olsen", "Larsen", "Andersen", world.person("not employed").surname):
        mend(client, batch, 2, surname=guess)
    (one,) = verdicts.look(batch).rows
    assert "prøvd for mange etternavn" in one.surname_wrong
    assert one.name == ""


@pytest.mark.feature("F249")
def test_guesses_are_counted_though_the_list_they_stood_in_is_thrown_away(client):
    for guess in ("Hansen", "Johansen", "Olsen", "Larsen", "Andersen"):
        batch = sent(client, row("not employed", guess))
        client.post(f"/import/{batch.reference}/slett/")
        assert not Import.objects.exists()
    batch = sent(client, row("not employed"))
    (one,) = verdicts.look(batch).rows
    assert "prøvd for mange etternavn" in one.surname_wrong
    assert one.name == ""


def test_a_surname_in_a_list_is_counted_once_though_the_person_goes_on_to_the_cart(client):
    batch = sent(client, row("not employed"))
    client.post(f"/import/{batch.reference}/handlekurv/")
    line = Line.objects.get()
    assert line.name_known
    assert tries_for([line.person_id], line.orgnr) == {line.person_id: 1}


def test_standing_in_a_list_twice_names_no_stranger(client):
    batch = sent(client, row("not employed", "Hansen"), row("not employed", ""))
    first, second = verdicts.look(batch).rows
    assert (first.name, second.name) == ("", "")
    assert "linje 2" in second.number_wrong
    assert second.surname_wrong == "", "one thing at a time"
    assert world.person("not employed").surname not in page(client, batch)


def test_a_surname_longer_than_a_line_holds_goes_to_the_cart_cut(client):
    batch = sent(client, row("also employed", "Berg " * 30))
    assert client.post(f"/import/{batch.reference}/handlekurv/").status_code == 302
    assert len(Line.objects.get().stated_surname) <= 100


def test_rows_that_are_in_a_cart_are_looked_at_in_as_few_questions_as_one(client):
    batch = sent(client, *(row(case) for case in HERE))
    client.post(f"/import/{batch.reference}/handlekurv/")
    verdicts.look(batch)  # what is remembered between looks is fetched
    with CaptureQueriesContext(connection) as of_three:
        assert {one.stands for one in verdicts.look(batch).rows} == {Stands.TAKEN}
    batch.rows.exclude(place=2).delete()
    with CaptureQueriesContext(connection) as of_one:
        verdicts.look(batch)
    assert len(of_one) == len(of_three)


@pytest.mark.feature("F249")
def test_the_list_outlives_the_login_and_colleagues_go_on_with_it(client, per, client_as):
    batch = sent(client, row("not employed", "Hansen"), row("also employed"))
    client.logout()
    colleague = client_as(per)
    colleague.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    assert "2 personer venter i en liste" in colleague.get("/import/").content.decode()
    assert "ansatte.xlsx" in page(colleague, batch)
    colleague.post(f"/import/{batch.reference}/handlekurv/")
    assert Line.objects.get().person == batch.rows.get(place=3).person


def test_another_company_and_who_may_not_order_see_nothing_of_it(
    client, somebody, session_for, per, client_as
):
    batch = sent(client, row("also employed"))
    mona = session_for(somebody("leader of many"), world.company("roofer").orgnr)
    for place in ("", "status/", "slett/"):
        assert mona.get(f"/import/{batch.reference}/{place}").status_code == 404
    for place in ("rett/", "handlekurv/", "slett/"):
        assert mona.post(f"/import/{batch.reference}/{place}").status_code == 404
    Access.objects.filter(person=per.person).update(rights=["see"])
    assert client_as(per).get(f"/import/{batch.reference}/").status_code == 403


def test_pressing_twice_puts_nobody_in_the_cart_twice(client):
    batch = sent(client, *(row(case) for case in HERE))
    for _ in range(2):
        client.post(f"/import/{batch.reference}/handlekurv/")
    assert Line.objects.count() == 3
    order = Order.objects.get()
    assert [line.known_name != "" for line in order.lines.all()] == [True] * 3


def test_a_list_of_one_sub_unit_makes_the_order_one_for_it(client, byggmester):
    unit = byggmester.subunits[0]
    batch = sent(
        client, row("also employed", unit=unit), row("D-number", unit=f"{unit[:3]} {unit[3:]}")
    )
    assert stands(batch) == ["klar", "klar"]
    client.post(f"/import/{batch.reference}/handlekurv/")
    assert Order.objects.get().unit_orgnr == unit


@pytest.mark.feature("F249")
def test_many_are_asked_about_together_and_the_employer_once(client):
    from_before = Lookup.objects.filter(source="aaregisteret").count()
    batch = sent(client, *(row(case) for case in HERE))
    assert Lookup.objects.filter(source="aaregisteret").count() == from_before
    assert batch.read_at is not None
    assert [one.judged for one in verdicts.look(batch).rows] == [True] * 3


def test_a_silent_register_leaves_the_list_waiting_and_says_so(client, fault, wind_forward):
    fault("aaregisteret", "500")
    fault("folkeregisteret", "500")
    batch = sent(client, row("also employed"), ["1", "Berg"])
    assert stands(batch) == ["venter", "rettes"], "what needs no register is told at once"
    assert "Aa-registeret svarer ikke nå." in page(client, batch)
    fault("aaregisteret", "off")
    fault("folkeregisteret", "off")
    wind_forward(minutes=6)
    assert stands(batch) == ["klar", "rettes"]


def test_who_has_a_card_is_told_until_when(client):
    card = produced("also employed")
    (one,) = verdicts.look(sent(client, row("also employed"))).rows
    assert f"gyldig til {card.expires_on:%d.%m.%Y}" in one.number_wrong


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Velg en fil, eller lim inn rader."),
        ({"rows": "Berg;Moe"}, "ingen kolonne med fødselsnummer"),
        ({"file": b"PK\x03\x04 broken"}, "Filen er ødelagt"),
        ({"file": b"\xd0\xcf\x11\xe0" + bytes(99)}, "gammel type eller har passord"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_beside_its_field_and_nothing_is_stored(
    client, given, told
):
    if isinstance(given.get("file"), bytes):
        given = {"file": SimpleUploadedFile("x.xlsx", given["file"])}
    response = client.post("/import/", {"kort_type": "bygg", **given})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Import.objects.exists()
    if "rows" in given:
        assert given["rows"] in response.content.decode(), "nothing typed is lost"


def test_pasted_rows_are_a_list_like_any_other(client):
    rows = "\n".join("\t".join(row(case)[:2]) for case in HERE)
    assert client.post("/import/", {"kort_type": "bygg", "rows": rows}).status_code == 302
    rest()
    assert stands(Import.objects.get()) == ["klar"] * 3


def test_the_template_is_read_as_it_is_filled_in(client):
    response = client.get("/import/mal.xlsx")
    assert response["Content-Disposition"].endswith('.xlsx"')
    sent_back = SimpleUploadedFile("mal.xlsx", response.content)
    answer = client.post("/import/", {"kort_type": "bygg", "file": sent_back})
    assert "Det står ingen personer i listen." in answer.content.decode()


def test_no_number_is_shown_whole_or_kept_in_clear(client):
    batch = sent(client, row("also employed"), row("not employed", "Hansen"))
    number = world.person("not employed").national_id
    told = page(client, batch)
    assert number not in told
    assert number[:6] in told
    assert number[6:] not in told
    assert number not in batch.rows.get(place=3).sealed


def test_a_list_that_nobody_finished_is_gone_after_two_weeks_with_its_numbers(client, time_machine):
    batch = sent(client, row("also employed"), row("not employed", "Hansen"))
    client.post(f"/import/{batch.reference}/handlekurv/")
    time_machine.move_to(clock.now() + timedelta(days=13, hours=23))
    tasks.purge()
    assert Import.objects.exists()
    time_machine.move_to(clock.now() + timedelta(hours=2))
    tasks.purge()
    assert not Row.objects.exists()
    assert Line.objects.count() == 1, "who is in the cart stays there"
    assert actions.purge() == 0


def test_a_list_may_be_thrown_away(client):
    batch = sent(client, row("also employed"))
    assert client.get(f"/import/{batch.reference}/slett/").status_code == 200
    assert Import.objects.exists()
    client.post(f"/import/{batch.reference}/slett/")
    assert not Import.objects.exists()


def test_a_row_of_an_old_number_is_the_persons_who_has_the_new_one(client):
    somebody = world.person("changed number")
    batch = sent(
        client,
        [somebody.former_numbers[0], somebody.surname],
        [somebody.national_id, somebody.surname],
    )
    assert stands(batch) == [Stands.READY, Stands.WRONG]
    assert "står også på linje 2" in verdicts.look(batch).rows[1].number_wrong
