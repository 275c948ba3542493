from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Refused, Unavailable, Unreadable
from hmskort.simulators import world
from registers.aaregisteret import parsing, simulator
from registers.clients import client


@pytest.fixture
def register():
    return client("aaregisteret")


def number(case):
    return world.person(case).national_id


def test_an_employment_is_in_a_sub_unit_and_a_main_unit(register, byggmester):
    (employment,) = register.employments(number("employed"))
    assert employment.national_id == number("employed")
    assert (employment.orgnr, employment.main_orgnr) == (
        byggmester.subunits[0],
        byggmester.orgnr,
    )
    assert employment.kind == "ordinaertArbeidsforhold"
    assert employment.ends_on is None


@pytest.mark.parametrize("days", [29, 30, 31])
def test_an_employment_that_begins_later_is_told(register, days):
    (employment,) = register.employments(number(f"employment starts in {days} days"))
    assert employment.starts_on == clock.today() + timedelta(days=days)


def test_an_employment_that_ends_says_its_last_day(register):
    (employment,) = register.employments(number("employment ends in 5 days"))
    assert employment.ends_on == clock.today() + timedelta(days=5)
    (employment,) = register.employments(number("employment ends today"))
    assert employment.ends_on == clock.today()


@pytest.mark.parametrize("case", ["employment ended", "not employed", "not in Folkeregisteret"])
def test_nobody_employed_is_an_answer_without_rows(register, case):
    assert register.employments(number(case)) == ()


def test_a_household_is_no_company(register):
    assert register.employments(number("employed in a household")) == ()


def test_two_employers_are_told_unless_one_is_asked_for(register, byggmester):
    both = {each.main_orgnr for each in register.employments(number("two employers"))}
    assert both == {byggmester.orgnr, world.company("groundwork").orgnr}
    asked = register.employments(number("two employers"), main_orgnr=byggmester.orgnr)
    assert [each.main_orgnr for each in asked] == [byggmester.orgnr]


def test_everybody_in_a_company_is_told_also_those_who_begin_later(register, byggmester):
    employed = {each.national_id for each in register.employed_in(byggmester.orgnr)}
    present = {each.national_id for each in world.on(clock.today()).employees(byggmester)}
    assert present < employed
    assert number("employment starts in 31 days") in employed
    assert number("employment ended") not in employed


@pytest.mark.parametrize(
    ("errors", "meaning"),
    [
        ([{"message": "AA-000: internal"}], Unavailable),
        ([{"message": "x", "extensions": {"code": "AA-000"}}], Unavailable),
        ([{"message": "AA-001: bad variables"}], Refused),
        ([{"message": "AA-204: missing"}], Refused),
        ([{"message": "x", "extensions": {"code": "AA-000"}}, {"message": "AA-002: y"}], Refused),
        ([{"message": "Something else"}], Unreadable),
    ],
)
def test_errors_come_with_status_200_even_beside_data(errors, meaning):
    data = {"finnArbeidsforhold": {"arbeidsforhold": []}}
    with pytest.raises(meaning):
        parsing.employments({"data": data, "errors": errors})


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "AA-200"),
        ({"arbeidstakerId": "1"}, "AA-203"),
        ({"arbeidstakerId": "1", "arbeidsforholdtype": ["x"]}, "AA-204"),
    ],
)
def test_the_simulator_refuses_incomplete_questions_with_200(register, variables, code):
    question = {
        "query": "query {finnArbeidsforhold}",
        "variables": {"finnArbeidsforholdVariabler": variables},
    }
    answer = register._http.post(register._url, json=question)
    assert answer.status_code == httpx.codes.OK
    assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    "broken",
    [
        {"ansettelsesperiode": {"startdato": "i morgen"}},
        {"ansettelsesperiode": None},
        {"arbeidssted": {}},
        {"id": None},
        {"type": {"kode": "noeNytt"}},
        {"ansettelsesperiode": {"startdato": "2026-02-01", "sluttdato": "2026-01-01"}},
        {"arbeidssted": {"type": "Underenhet", "ident": "123456789"}},
        {"opplysningspliktig": {"type": "Noe nytt", "ident": "974761076"}},
    ],
)
def test_a_row_that_is_not_as_documented_is_unreadable(register, store, broken):
    key, row = next(
        (key, row)
        for key, row in store.all(simulator.EMPLOYMENTS)
        if row["arbeidstaker"]["ident"] == number("employed")
    )
    period = {"startdato": "2020-01-01", "sluttdato": None}
    store.put(simulator.EMPLOYMENTS, key, {**row, "ansettelsesperiode": period} | broken)
    answer = {"arbeidsforhold": [store.get(simulator.EMPLOYMENTS, key)]}
    with pytest.raises(Unreadable) as raised:
        parsing.employments({"data": {"finnArbeidsforhold": answer}})
    assert number("employed") not in repr(raised.value)


def test_an_answer_about_somebody_else_is_unreadable(register, store, monkeypatch):
    about_kari = store.all(simulator.EMPLOYMENTS)[0][1] | {
        "arbeidstaker": {"ident": number("Kari")}
    }
    told = {"data": {"finnArbeidsforhold": {"arbeidsforhold": [about_kari]}}}
    other = httpx.MockTransport(lambda _: httpx.Response(200, json=told))
    register.employments(number("employed"))  # there is a token from now on
    monkeypatch.setattr(register._http._transport, "_inner", other)
    with pytest.raises(Unreadable, match="another person"):
        register.employments(number("employed"))


def test_an_employment_told_of_twice_is_unreadable(store):
    row = store.all(simulator.EMPLOYMENTS)[0][1]
    with pytest.raises(Unreadable, match="twice"):
        parsing.employments({"data": {"finnArbeidsforhold": {"arbeidsforhold": [row, row]}}})


def test_no_answer_shows_who_is_employed(register):
    assert number("employed") not in repr(register.employments(number("employed")))
