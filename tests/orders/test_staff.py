"""Which of the employees could have a card today, and why not: before anybody is ordered for."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from hmskort.common import clock, outbox, paging
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from hmskort.simulators.world.documents import company_place, employment
from orders import actions, kinds, tasks
from orders.models import Order, StaffCheck, StaffStanding
from orders.staff import judging, listed
from orders.staff.listed import Stands
from registers import approvals, employers
from registers.aaregisteret.simulator import EMPLOYMENTS
from registers.models import CardKind, Employer, Employment, Lookup, Person, Verdict
from registers.persons import person_for
from registers.tasks import follow_companies
from tests.builders import a_cart, actor_of, rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
PAGE = "/ansatte/"


@pytest.fixture
def check(kari, byggmester):
    """`check()`: the employer asks about everyone, and every register has answered."""

    def ask(company=byggmester, kind="bygg") -> StaffCheck:
        row = CardKind.objects.get(code=kind)
        found = actions.check_staff(orgnr=company.orgnr, kind=row, actor=actor_of(kari))
        rest(100)
        return StaffCheck.objects.get(pk=found.pk)

    return ask


@pytest.fixture
def page(client_as, kari):
    client = client_as(kari)
    return lambda **wanted: client.get(PAGE, wanted, headers={"Accept-Language": "nb"})


def of(found: StaffCheck, case: str) -> listed.Employee:
    person = person_for(world.person(case).national_id)
    return next(
        one for one in listed.everyone(StaffCheck.objects.get(pk=found.pk)) if one.person == person
    )


def shown(response) -> list:
    return [row.one.person.pk for row in response.context["rows"]]


@pytest.mark.feature("F248")
def test_everyone_whom_aa_registeret_tells_of_is_listed_with_each_register_before_any_order(
    check, page, byggmester
):
    found = check()
    employees = world.on(clock.today()).employees(byggmester)
    numbers = {
        one.person.national_id for one in listed.everyone(StaffCheck.objects.get(pk=found.pk))
    }
    assert numbers >= {person.national_id for person in employees}
    reasons = {
        f["requirement"]: f["reason"] for f in of(found, "employed in another sub-unit").findings
    }
    assert reasons == {"person_exists": "person_in_order", "employed": "employed"}
    assert all(
        f["answered_at"]
        for one in listed.everyone(StaffCheck.objects.get(pk=found.pk))
        for f in one.findings
    )
    text = page().content.decode()
    assert text.count("Merverdiavgiftsregisteret") == 1, "what is asked of the company stands once"
    assert f"{clock.today():%d.%m.%Y}" in text
    assert not Order.objects.exists()
    assert not Verdict.objects.exists()
    assert not Lookup.objects.filter(source="aaregisteret").exists(), "one question for everyone"
    for person in employees:
        assert person.national_id not in text
        assert person.national_id[6:] not in text


WAYS = [
    ("employed in another sub-unit", Stands.READY, "employed"),
    ("employment starts in 30 days", Stands.READY, "employed_soon"),
    ("employment starts in 31 days", Stands.MISSING, "starts_too_late"),
    ("inactive D-number", Stands.MISSING, "d_number_inactive"),
    ("dead", Stands.MISSING, "dead"),
]


@pytest.mark.feature("F248")
def test_each_is_told_what_stands_in_the_way_and_who_has_left_is_gone(check, byggmester):
    found = check()
    for case, stands, reason in WAYS:
        one = of(found, case)
        assert (one.stands, reason in {f["reason"] for f in one.findings}) == (stands, True), case
    gone = of(found, "employed in another sub-unit").person
    yesterday = clock.today() - timedelta(days=1)
    people.end_employment(Store(), gone.national_id, byggmester.orgnr, yesterday)
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    follow_companies()
    found = check()
    everyone = listed.counted(found)
    assert gone not in {each.person for each in listed.everyone(found)}
    unmet = [f["reason"] for f in found.company if f["found"] == "not_met"]
    assert unmet == ["not_vat_registered"]
    assert everyone.count(Stands.READY) == 0, "nobody is ready where the company is not"


def test_nobody_is_refused_because_a_register_is_silent(check, fault):
    fault("folkeregisteret", "silent")
    found = check()
    assert {one.stands for one in listed.everyone(found)} <= {Stands.WAITING, Stands.MISSING}
    assert of(found, "employed in another sub-unit").stands == Stands.WAITING
    assert listed.counted(found).asking == 0


def test_a_silent_aa_registeret_is_told_of_and_asked_again(check, page, fault, wind_forward):
    fault("aaregisteret", "500")
    found = check()
    assert found.read_at is None
    assert "Aa-registeret svarer ikke nå" in page().content.decode()
    fault("aaregisteret", "off")
    wind_forward(minutes=10)
    found.refresh_from_db()
    assert found.read_at
    assert not found.trouble
    assert shown(page())


def test_for_cleaning_udi_is_asked_about_those_who_need_a_permit_and_nobody_else(check):
    approvals.read("renholdsregisteret")
    found = check(world.company("cleaning"), "renhold")
    subject = str(person_for(world.person("cleaner outside EEA").national_id).pk)
    asked = set(Lookup.objects.filter(source="udi").values_list("subject", flat=True))
    employees = {
        str(one.person.pk): one for one in listed.everyone(StaffCheck.objects.get(pk=found.pk))
    }
    assert subject in asked <= employees.keys()
    free = str(person_for(world.person("cleaner").national_id).pk)
    assert free in employees.keys() - asked
    assert "may_work" in {finding["reason"] for finding in employees[subject].findings}


def test_who_has_a_card_or_is_ordered_for_is_told_so_and_cannot_be_ticked(check, kari, page):
    card = produced()
    a_cart(kari, "also employed")
    found = check()
    assert of(found, "employed").stands == Stands.CARD
    assert of(found, "also employed").stands == Stands.ORDERED
    text = page(vis="kort").content.decode()
    assert f"/kort/{card.number}/" in text
    assert str(card.person_id) not in re.findall(r'name="person" value="([^"]+)"', text)


def test_who_has_died_cannot_be_ticked_nor_slipped_in(check, page, client_as, kari):
    dead = of(check(), "dead").person
    assert dead.surname in page().content.decode()
    assert str(dead.pk) not in re.findall(r'name="person" value="([^"]+)"', page().content.decode())
    for also in ({}, {"bekreft": "ja"}):
        sent = {"type": "bygg", "person": [str(dead.pk)], **also}
        client_as(kari).post(f"{PAGE}bestill/", sent)
    assert not Order.objects.exists()


@pytest.mark.feature("F248")
def test_ticks_are_kept_from_page_to_page_and_confirmed_by_name_before_anybody_is_in_the_cart(
    check, client_as, kari, byggmester, monkeypatch
):
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    check()
    client = client_as(kari)

    def read(response):
        text = response.content.decode()
        found = re.findall(r'name="person" value="([^"]+)"[^>]*?( checked)?>', text)
        return dict(found), re.findall(r'name="vist" value="([^"]+)"', text), response.context

    choices, on_page, context = read(client.get(PAGE, {"type": "bygg", "vis": "klar"}))
    assert list(choices) == on_page
    first, other = on_page[:2]
    leaf = {"type": "bygg", "vis": "klar", "vist": on_page, "person": [first, other]}
    response = client.post(f"{PAGE}velg/", {**leaf, "etter": context["page"].after}, follow=True)
    _, second_page, context = read(response)
    assert set(second_page).isdisjoint(on_page)
    assert "2 personer er valgt" in response.content.decode()
    back = {"type": "bygg", "vis": "klar", "vist": second_page, "person": second_page[:1]}
    response = client.post(f"{PAGE}velg/", {**back, "for": context["page"].before}, follow=True)
    choices, again, _ = read(response)
    assert again == on_page
    assert {pk for pk, ticked in choices.items() if ticked} == {first, other}
    unticked = {"type": "bygg", "vist": on_page, "person": [first]}
    response = client.post(f"{PAGE}bestill/", unticked, follow=True)
    asked, _, _ = read(response)
    assert set(asked) == {first, second_page[0]}, "who was ticked on another page is shown first"
    assert not Order.objects.exists()
    client.post(f"{PAGE}bestill/", {"type": "bygg", "bekreft": "ja", "person": list(asked)})
    assert {str(line.person_id) for line in Order.objects.get().lines.all()} == set(asked)
    assert "er valgt, på denne" not in client.get(PAGE).content.decode()


def test_who_has_a_card_that_the_company_keeps_from_being_valid_is_told_so(check, page, byggmester):
    produced()
    check()
    assert "Har kort – ikke gyldig" not in page(vis="kort").content.decode()
    companies.set_vat(Store(), byggmester.orgnr, registered=False)
    follow_companies()
    check()
    assert "Har kort – ikke gyldig" in page(vis="kort").content.decode()


def test_a_kind_that_there_is_not_has_no_list(page):
    assert page(type="bygg").status_code == 200
    assert page(type="finnes-ikke").status_code == 404


def test_those_who_are_ticked_are_put_in_the_cart(check, client_as, kari):
    found = check()
    ready = of(found, "employed in another sub-unit").person
    missing = of(found, "inactive D-number").person
    stranger = person_for(world.person("employed elsewhere").national_id)
    client = client_as(kari)
    response = client.post(f"{PAGE}bestill/", {"type": "bygg"}, follow=True)
    assert "Velg dem du vil bestille for først." in response.content.decode()
    client.post(f"{PAGE}bestill/", {"type": "bygg", "person": [str(stranger.pk)]})
    assert not Order.objects.exists(), "who is employed elsewhere cannot be slipped in"
    sent = {"type": "bygg", "person": [str(ready.pk), str(missing.pk)]}
    response = client.post(f"{PAGE}bestill/", sent)
    order = Order.objects.get()
    assert response["Location"] == f"/bestilling/{order.reference}/"
    assert {line.person_id for line in order.lines.all()} == {ready.pk, missing.pk}
    others = {one.person.pk for one in listed.ready(found)}
    assert others
    text = client.get(PAGE, headers={"Accept-Language": "nb"}).content.decode()
    assert f"2 personer i handlekurven, bestilling {order.reference}" in text
    response = client.post(f"{PAGE}bestill/", {"type": "bygg", "alle": "klare"}, follow=True)
    assert order.lines.count() == 2, "nobody is put in the cart before that is confirmed"
    asked = response.content.decode()
    assert set(re.findall(r'name="person" value="([^"]+)"', asked)) == {str(pk) for pk in others}
    sent = {"type": "bygg", "bekreft": "ja", "person": [str(pk) for pk in others]}
    response = client.post(f"{PAGE}bestill/", sent, follow=True)
    assert f"lagt til i bestilling {order.reference}" in response.content.decode()
    assert {line.person_id for line in order.lines.all()} == {ready.pk, missing.pk} | others


@pytest.mark.parametrize("sort", ["navn", "status"])
def test_paging_forth_and_back_meets_everyone_once(check, page, sort):
    every = listed.everyone(check())
    everyone = {one.person.pk for one in every}
    pages, response = [], page(sorter=sort)
    while True:
        pages.append(shown(response))
        if not response.context["page"].after:
            break
        response = page(sorter=sort, etter=response.context["page"].after)
    met = [pk for each in pages for pk in each]
    assert (len(met), set(met)) == (len(everyone), everyone)
    for before in reversed(pages[:-1]):
        response = page(sorter=sort, **{"for": response.context["page"].before})
        assert shown(response) == before
    assert not response.context["page"].before
    assert shown(page(sorter=sort, etter="made up")) == pages[0]
    for stands in Stands:
        expected = [one.person.pk for one in every if one.stands == stands]
        assert shown(page(vis=stands)) == expected[: paging.PER_PAGE]


def test_who_was_listed_stays_when_the_employer_is_read_again_for_its_cards(check, byggmester):
    before = {one.person.pk for one in listed.everyone(check())}
    with transaction.atomic():
        employers.follow(orgnr=byggmester.orgnr, until=clock.today())
    Employer.objects.update(due_at=clock.now())
    employers.reread(10)
    found = StaffCheck.objects.get()
    assert {one.person.pk for one in listed.everyone(StaffCheck.objects.get(pk=found.pk))} == before


def test_while_registers_are_asked_the_page_tells_how_far_it_has_come(page, client_as, kari):
    assert "Sjekk alle ansatte" in page().content.decode()
    assert client_as(kari).post(f"{PAGE}sjekk/", {"type": "bygg"}).status_code == 302
    text = page().content.decode()
    assert "Vi henter ansatte fra Aa-registeret." in text
    assert 'hx-get="/ansatte/status/?type=bygg&amp;sett=' in text
    assert "Oppdater status" in text
    rest(100)
    text = page().content.decode()
    assert "hx-get" not in text
    assert "er sjekket" in text


def test_while_nothing_new_is_answered_nobody_is_judged_anew(
    page, client_as, kari, django_assert_max_num_queries
):
    page()
    client_as(kari).post(f"{PAGE}sjekk/", {"type": "bygg"})
    client = client_as(kari)
    seen = client.get(PAGE).context["seen"]
    with django_assert_max_num_queries(
        6
    ):  # session, user, access, kinds, the list and its last look
        assert client.get(f"{PAGE}status/", {"type": "bygg", "sett": seen}).status_code == 204
    outbox.deliver_due()
    answer = client.get(f"{PAGE}status/", {"type": "bygg", "sett": seen})
    assert answer.status_code == 200
    assert answer.context["seen"] != seen


def many_employed(count: int, company) -> None:
    """That many of the world's people work in the company."""
    store = Store()
    place = company_place(company.subunits[0], company.orgnr)
    for number, person in enumerate(world.on(clock.today()).people[-count:]):
        key = str(80_000_000 + number)
        row = employment(key, person.national_id, place, clock.today(), None)
        store.put(EMPLOYMENTS, key, row)


@pytest.mark.feature("F248")
def test_the_list_asks_the_database_eight_times_for_three_and_for_sixty_and_judges_nobody(
    check, page, byggmester, monkeypatch, django_assert_num_queries
):
    session_and_user = 2
    check()
    monkeypatch.setattr(judging, "judged", None)  # a look that judged anybody would fail
    page()  # the first of a process reads what is kept in memory
    StaffStanding.objects.exclude(pk__in=StaffStanding.objects.all()[:3]).delete()
    with django_assert_num_queries(session_and_user + 8):
        assert len(shown(page(sorter="status"))) == 3
    monkeypatch.undo()
    many_employed(60, byggmester)
    found = check()
    assert listed.counted(found).total >= 60
    monkeypatch.setattr(judging, "judged", None)
    with django_assert_num_queries(session_and_user + 8):
        first = page(sorter="status")
    with django_assert_num_queries(session_and_user + 8):
        page(sorter="status", etter=first.context["page"].after)


@pytest.mark.feature("F248")
def test_only_those_of_whom_a_register_told_something_are_judged_again(
    check, page, byggmester, monkeypatch
):
    found = check()
    case = "employed in another sub-unit"
    people_judged = []
    judge = judging.judged

    def judged(row, on, people=None):
        people_judged.append(people)
        return judge(row, on, people)

    monkeypatch.setattr(judging, "judged", judged)
    one = of(found, case).person
    assert of(found, case).stands == Stands.READY
    before = listed.seen(found)
    Person.objects.filter(pk=one.pk).update(died_on=clock.today() - timedelta(days=1))
    with transaction.atomic():
        outbox.enqueue("facts:changed", key="test", source="folkeregisteret", subject=str(one.pk))
    rest(10)
    assert people_judged == [{one.pk}]
    found.refresh_from_db()
    assert of(found, case).stands == Stands.MISSING
    assert listed.seen(found) != before
    page()
    assert len(people_judged) == 1


def test_a_list_that_nobody_has_looked_at_today_is_judged_by_who_looks_and_not_before(
    check, client_as, kari, wind_forward, monkeypatch
):
    one = of(check(), "employed in another sub-unit").person
    wind_forward(days=1)
    times, judge = [], judging.judged
    monkeypatch.setattr(judging, "judged", lambda *told: times.append(told[2:]) or judge(*told))
    Person.objects.filter(pk=one.pk).update(died_on=clock.today() - timedelta(days=1))
    with transaction.atomic():
        outbox.enqueue("facts:changed", key="test", source="folkeregisteret", subject=str(one.pk))
    rest(10)
    assert times == []
    client_as(kari).get(PAGE)
    assert times == [()], "everybody, once"
    assert of(StaffCheck.objects.get(), "employed in another sub-unit").stands == Stands.MISSING


def test_what_is_read_for_one_kind_of_card_is_seen_in_the_list_of_another(check, byggmester):
    other = check(kind="renhold")
    gone = of(other, "employed in another sub-unit").person
    yesterday = clock.today() - timedelta(days=1)
    people.end_employment(Store(), gone.national_id, byggmester.orgnr, yesterday)
    check(kind="bygg")
    actions.judge_for_today(check=other)
    assert gone not in {each.person for each in listed.everyone(other)}


def test_what_time_alone_changes_is_seen_at_the_first_look_of_a_day(
    check, client_as, kari, wind_forward
):
    found = check()
    ended = of(found, "employed in another sub-unit").person
    tomorrow = clock.today() + timedelta(days=1)
    Employment.objects.filter(person=ended).update(ends_on=clock.today())
    wind_forward(days=1)
    assert ended.pk not in shown(client_as(kari).get(PAGE))
    found.refresh_from_db()
    assert found.judged_on == tomorrow


def test_a_list_that_nobody_looks_at_is_forgotten_after_30_days(check, time_machine):
    check()
    time_machine.move_to(clock.now() + timedelta(days=29))
    tasks.forget_staff()
    assert StaffStanding.objects.exists()
    time_machine.move_to(clock.now() + timedelta(days=2))
    tasks.forget_staff()
    assert not StaffStanding.objects.exists()
    assert not StaffCheck.objects.exists()


@pytest.mark.parametrize("asked", ["finnes-ikke", "\x00"])
def test_a_part_of_the_list_that_there_is_not_holds_nobody(check, page, asked):
    check()
    response = page(vis=asked)
    assert (response.status_code, shown(response)) == (200, [])


def test_what_a_kind_requires_anew_is_seen_at_the_next_look(check, page):
    found = check()
    kinds.judge_lines(kind="bygg", change="test")
    found.refresh_from_db()
    assert found.judged_on is None
    page()
    found.refresh_from_db()
    assert found.judged_on == clock.today()


def test_ola_and_other_companies_see_nothing_and_per_who_was_delegated_it_may(
    check, ola, per, client_as, session_for
):
    one = of(check(), "employed in another sub-unit").person
    for part in ("", "status/"):
        response = client_as(ola).get(f"{PAGE}{part}", follow=True)
        assert one.surname not in response.content.decode()
    client_as(ola).post(f"{PAGE}bestill/", {"type": "bygg", "person": [str(one.pk)]})
    assert not Order.objects.exists()
    other = session_for(ola, world.company("roofer").orgnr)
    assert one.surname not in other.get(PAGE).content.decode()
    assert client_as(per).get(PAGE).status_code == 200
    client_as(per).post(f"{PAGE}bestill/", {"type": "bygg", "person": [str(one.pk)]})
    assert Order.objects.get().lines.get().person == one
