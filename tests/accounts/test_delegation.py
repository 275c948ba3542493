"""Whoever leads the company lets others act for it: whom, what, until when, and no longer."""

from datetime import timedelta

import pytest

from hmskort.accounts import queries, tasks
from hmskort.accounts.delegation.naming import surname_agrees
from hmskort.accounts.delegation.rules import AccessFacts, Standing, standing
from hmskort.accounts.models import Access, Right
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.simulators import world
from registers.persons import person_for
from tests.accounts.giving import NEW, filled_in, give, written_to
from tests.builders import rest


@pytest.fixture
def leader(kari, client_as):
    return client_as(kari)


def page(response):
    return " ".join(response.content.decode().split())


@pytest.mark.feature("F035")
def test_who_is_let_in_acts_for_the_company_at_the_next_login(leader, somebody, byggmester):
    access = give(leader, "employed")
    rest()
    nora = somebody("employed")
    acting = queries.acting(nora, byggmester.orgnr)
    assert acting.rights == {Right.SEE, Right.ORDER, Right.PAY}
    assert acting.until == access.to_on
    [(subject, text)] = written_to("employed@example.com")
    assert subject.startswith("Du kan handle på vegne av ")
    assert "bestille kort, betale" in text


def test_nothing_is_given_and_no_name_shown_before_folkeregisteret_has_answered(
    leader, somebody, byggmester
):
    access = give(leader, "employed")
    nora = somebody("employed")
    assert queries.acting(nora, byggmester.orgnr) is None
    shown = page(leader.get(f"/virksomhet/tilgang/{access.pk}/"))
    assert "Navnet kontrolleres" in shown
    assert "Tømmerås" not in shown
    rest()
    assert queries.acting(nora, byggmester.orgnr)
    assert "Nora Tømmerås" in page(leader.get(f"/virksomhet/tilgang/{access.pk}/"))


def test_a_number_of_somebody_else_gives_nothing_and_the_giver_is_told(leader, kari, somebody):
    kari.email = "kari@byggmester.example"
    kari.save()
    access = give(leader, "employed", surname="Planke")
    rest()
    access.refresh_from_db()
    assert access.ended_at
    [(subject, _)] = written_to("kari@byggmester.example")
    assert subject == "Navn og nummer stemte ikke"
    assert written_to("employed@example.com") == []


def test_a_name_that_is_known_to_differ_is_refused_at_once_and_nothing_typed_is_lost(leader):
    give(leader, "employed", surname="Planke")
    rest()
    answer = leader.post(NEW, filled_in("employed", surname="Planke"))
    assert answer.status_code == 422
    assert "Nummeret og etternavnet hører ikke til samme person." in page(answer)
    assert 'value="Planke"' in page(answer)


@pytest.mark.parametrize(
    ("typed", "agrees"),
    [
        ("Tømmerås", True),
        ("TØMMERÅS", True),
        (" tømmerås ", True),
        ("Tommeras", True),
        ("Planke", False),
        ("", False),
    ],
)
@pytest.mark.django_db
def test_names_agree_whatever_their_case(typed, agrees):
    person = person_for(world.person("employed").national_id)
    assert surname_agrees(person, typed) is None  # the register has not answered
    person.state, person.surname = person.State.FOUND, "Tømmerås"
    assert surname_agrees(person, typed) is agrees


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("number", "123", "må ha 11 siffer"),
        ("number", "", "må fylles ut"),
        ("surname", "", "må fylles ut"),
        ("where", "", "Velg et alternativ"),
        ("contact_email", "ikke en adresse", "e-post"),
        ("from_on", "2020-01-01", "Tilgangen kan begynne i dag eller senere."),
        ("to_on", "2020-01-01", "Siste dag kan ikke være passert."),
        ("to_on", "2099-01-01", "høyst tre år"),
        ("to_on", "", "må fylles ut"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(leader, field, typed, said):
    answer = leader.post(NEW, filled_in(**{field: typed}))
    assert answer.status_code == 422
    assert said in page(answer)
    assert not Access.objects.filter(contact_email="employed@example.com").exists()


def test_the_number_is_in_no_address_and_no_history(leader):
    access = give(leader)
    number = world.person("employed").national_id
    told = Event.objects.filter(subject_id=str(access.pk)).values_list("data", flat=True)
    assert number not in str(list(told))
    assert number not in page(leader.get(f"/virksomhet/tilgang/{access.pk}/"))


def test_to_click_twice_gives_one_access(leader):
    give(leader)
    again = leader.post(NEW, filled_in())
    assert again.status_code == 422
    assert "Personen har allerede fått tilgang" in page(again)
    assert Access.objects.filter(contact_email="employed@example.com").count() == 1


def test_one_whose_access_ran_out_can_be_given_another(kari, client_as, time_machine):
    first = give(client_as(kari))
    rest()
    time_machine.move_to(clock.now() + timedelta(days=101), tick=True)
    second = give(client_as(kari))
    first.refresh_from_db()
    assert first.ended_at
    assert second.ended_at is None


@pytest.mark.feature("F194")
def test_changed_rights_hold_from_the_next_request_on(leader, per, client_as, byggmester):
    browser = client_as(per)
    assert browser.get("/bestill/").status_code == 200
    access = Access.objects.get(person=per.person, main_orgnr=byggmester.orgnr)
    form = filled_in(rights=["block"], where="outside")
    changed = leader.post(f"/virksomhet/tilgang/{access.pk}/endre/", form)
    assert changed.status_code == 302
    assert browser.get("/bestill/").status_code == 403
    assert browser.get("/bestillinger/").status_code == 200
    event = Event.objects.get(name="delegation:changed", subject_id=str(access.pk))
    assert event.data["rights"] == ["see", "block"]
    assert event.data["before"]["rights"] == list(Right.values)


@pytest.mark.feature("F035")
def test_access_that_is_withdrawn_is_over_at_the_next_request(leader, per, client_as, byggmester):
    browser = client_as(per)
    access = Access.objects.get(person=per.person, main_orgnr=byggmester.orgnr)
    address = f"/virksomhet/tilgang/{access.pk}/trekk/"
    assert "Vil du trekke tilgangen" in page(leader.get(address))
    assert browser.get("/bestillinger/").status_code == 200
    leader.post(address)
    assert browser.get("/bestillinger/")["Location"].startswith("/velg-virksomhet/")
    assert leader.post(address).status_code == 404  # there is nothing left to withdraw


@pytest.mark.feature("F034")
def test_the_overview_tells_who_why_what_from_when_until_when_and_by_whom(leader, per):
    shown = page(leader.get("/virksomhet/"))
    assert "Per Fullmektigsen" in shown
    assert "Kari Byggestad" in shown
    for said in ("Delegert tilgang", "Daglig leder", "Vis detaljer", "alt"):
        assert said in shown
    access = Access.objects.get(person=per.person, ended_at=None)
    detail = page(leader.get(f"/virksomhet/tilgang/{access.pk}/"))
    assert "Tilgang delegert" in detail
    assert "Fullmakt signert" in detail


@pytest.mark.feature("F034")
def test_only_who_leads_the_company_sees_the_overview(per, client_as):
    assert client_as(per).get("/virksomhet/").status_code == 404
    assert 'href="/virksomhet/"' not in page(client_as(per).get("/bestillinger/"))


def test_the_overview_asks_the_database_the_same_whatever_the_number(
    leader, django_assert_max_num_queries
):
    for case in ("employed", "also employed", "employed in another sub-unit"):
        give(leader, case)
    rest()
    with django_assert_max_num_queries(10):
        leader.get("/virksomhet/")


def test_both_are_warned_once_before_the_last_day(leader, kari, time_machine):
    kari.email = "kari@byggmester.example"
    kari.save()
    give(leader)
    rest()
    time_machine.move_to(clock.now() + timedelta(days=85), tick=True)
    tasks.warn_of_ends()
    assert written_to("kari@byggmester.example") == []
    time_machine.move_to(clock.now() + timedelta(days=1), tick=True)
    tasks.warn_of_ends()
    tasks.warn_of_ends()
    assert [subject for subject, _ in written_to("kari@byggmester.example")] == [
        "Tilgangen til Nora Tømmerås er snart slutt"
    ]
    mailed = [subject for subject, _ in written_to("employed@example.com")]
    assert len(mailed) == 2
    assert mailed[-1].endswith("er snart slutt")


def test_who_is_given_little_time_is_not_warned_the_same_hour(leader):
    soon = (clock.today() + timedelta(days=3)).isoformat()
    give(leader, to_on=soon)
    rest()
    tasks.warn_of_ends()
    assert len(written_to("employed@example.com")) == 1


def test_a_longer_access_is_warned_of_again(leader, time_machine):
    access = give(leader)
    rest()
    time_machine.move_to(clock.now() + timedelta(days=95), tick=True)
    tasks.warn_of_ends()
    Access.objects.filter(pk=access.pk).update(to_on=clock.today() + timedelta(days=10))
    tasks.warn_of_ends()
    assert len(written_to("employed@example.com")) == 3


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_delegate_is_told_in_their_language(leader, language):
    give(leader, language=language)
    rest()
    begins = {"nb": "Du kan handle", "nn": "Du kan handle", "en": "You can act"}
    [(subject, _)] = written_to("employed@example.com")
    assert subject.startswith(begins[language])


NOW = clock.today()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        (AccessFacts(NOW, None), Standing.HOLDS),
        (AccessFacts(NOW, NOW), Standing.HOLDS),
        (AccessFacts(NOW - DAY, NOW - DAY), Standing.RAN_OUT),
        (AccessFacts(NOW + DAY, None), Standing.COMING),
        (AccessFacts(NOW, None, ended=True, suspended=True), Standing.ENDED),
        (AccessFacts(NOW, None, suspended=True, authorised=False), Standing.SUSPENDED),
        (AccessFacts(NOW, None, name_awaited=True), Standing.NAME_AWAITED),
        (AccessFacts(NOW, None, authorised=False), Standing.UNAUTHORISED),
        (AccessFacts(NOW + DAY, None, authorised=False), Standing.COMING),
    ],
)
def test_how_an_access_stands(facts, stands):
    assert standing(facts, NOW) == stands
