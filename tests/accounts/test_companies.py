from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hmskort.accounts import actions, listeners, queries
from hmskort.accounts.altinn.simulator import RESOURCES
from hmskort.accounts.delegation import actions as delegation
from hmskort.accounts.models import Access
from hmskort.audit.actor import SYSTEM
from hmskort.audit.models import Event
from hmskort.common import clock, outbox
from hmskort.common.simulation import ROLES
from hmskort.simulators import world
from hmskort.simulators.faults import set_fault
from hmskort.simulators.models import Fault
from hmskort.simulators.store import Store
from registers.enhetsregisteret.simulator import UNITS
from registers.persons import person_for
from tests.accounts.visitor import Visitor, national_id, user_of

LIST = "/velg-virksomhet/"
LATER = timedelta(minutes=6)  # longer than an answer of Altinn's is fresh


def orgnr(case):
    return world.company(case).orgnr


def listed(visitor):
    """The companies on the visitor's list, in the order they stand."""
    return [choice.acting.orgnr for choice in visitor.get(LIST).context["page"]]


def text_of(visitor, path=LIST):
    return " ".join(visitor.get(path).content.decode().split())


def take_role(case, company):
    held = {"orgnr": orgnr(company), "national_id": national_id(case)}
    for key, body in Store().all(ROLES):
        if held.items() <= body.items():
            Store().delete(ROLES, key)


def let_act(case, company, until=None):
    Visitor().log_in("Kari")
    return actions.delegate(
        person=person_for(national_id(case)),
        orgnr=orgnr(company),
        until=until,
        given_by=user_of("Kari"),
        actor=SYSTEM,
    )


@pytest.mark.feature("F033")
def test_a_role_in_one_and_a_delegation_for_another_give_exactly_those_two(logged_in_as):
    let_act("ENK owner", "Byggmester AS", until=clock.today() + timedelta(days=10))
    eva = logged_in_as("ENK owner")
    assert sorted(listed(eva)) == sorted([orgnr("ENK"), orgnr("Byggmester AS")])
    text = text_of(eva)
    assert "Du er innehaver" in text
    assert "Du har delegert tilgang til og med" in text


@pytest.mark.feature("F033")
def test_sub_units_stand_under_their_main_unit(logged_in_as):
    (choice,) = logged_in_as("Kari").get(LIST).context["page"]
    units = {unit["orgnr"] for unit in choice.subunits}
    assert units == set(world.company("Byggmester AS").subunits)
    assert len(units) == 2


def test_per_acts_by_his_delegation_and_is_told_until_when(logged_in_as):
    per = logged_in_as("Per")
    assert listed(per) == [orgnr("Byggmester AS")]
    assert "delegert tilgang til og med" in text_of(per)


def test_ola_sees_nothing_and_is_told_what_to_do(logged_in_as):
    ola = logged_in_as("Ola")
    assert listed(ola) == []
    text = text_of(ola)
    assert "Du har ingen virksomheter å handle for" in text
    assert "Slik får du tilgang" in text


def test_a_company_that_is_not_yours_does_not_exist(logged_in_as):
    ola = logged_in_as("Ola")
    response = ola.post(LIST, orgnr=orgnr("Byggmester AS"))
    assert response.status_code == 404
    assert ola.get(LIST).context["request"].company is None


def test_who_has_one_company_acts_for_it_from_the_start(visitor, logged_in_as):
    assert visitor.log_in("Kari")["Location"] == reverse("orders:start")
    company = logged_in_as("Kari").get(LIST).context["request"].company
    assert (company.orgnr, company.why) == (orgnr("Byggmester AS"), "daglig leder")


def test_who_has_several_companies_lands_on_the_list(visitor):
    assert visitor.log_in("leader of many")["Location"] == LIST


def test_switching_company_changes_whom_one_acts_for(logged_in_as):
    mona = logged_in_as("leader of many")
    assert mona.get(LIST).context["request"].company is None
    for case in ("roofer", "painter"):
        assert mona.post(LIST, orgnr=orgnr(case), next="/virksomhet/")["Location"] == "/virksomhet/"
        assert mona.get("/virksomhet/").context["request"].company.orgnr == orgnr(case)
    whose = str(user_of("leader of many").pk)
    chosen = Event.objects.filter(name="company:chosen", subject_id=whose)
    assert [event.orgnr for event in chosen.order_by("id")] == [orgnr("roofer"), orgnr("painter")]


@pytest.mark.feature("F033")
def test_another_company_is_switched_to_from_the_header_of_any_page(logged_in_as):
    mona = logged_in_as("leader of many")
    mona.post(LIST, orgnr=orgnr("roofer"))
    header = text_of(mona, "/hjelp/").partition("</header>")[0]
    assert f'name="orgnr" value="{orgnr("painter")}"' in header
    assert f'name="orgnr" value="{orgnr("roofer")}"' not in header
    assert "Alle virksomhetene dine" in header
    assert mona.post(LIST, orgnr=orgnr("painter"))["Location"] == "/bestill/"
    assert mona.get("/hjelp/").context["request"].company.orgnr == orgnr("painter")


def test_who_has_one_company_has_nothing_to_switch_to(logged_in_as):
    assert 'class="switch"' not in text_of(logged_in_as("Per"), "/hjelp/")


def test_the_highest_role_is_the_reason_when_there_are_several(logged_in_as):
    page = logged_in_as("leader of many").get(LIST).context["page"]
    why = {choice.acting.orgnr: choice.acting.why for choice in page}
    assert why[orgnr("roofer")] == "daglig leder"
    assert len(why) == 3


def test_a_role_that_is_no_key_role_gives_nothing(logged_in_as):
    held = {"orgnr": orgnr("electrician"), "national_id": national_id("Ola"), "role": "MEDL"}
    Store().put(ROLES, "medl", held)
    assert listed(logged_in_as("Ola")) == []


def test_a_resource_given_in_altinn_gives_access(logged_in_as):
    given = {"orgnr": orgnr("electrician"), "national_id": national_id("Ola")}
    Store().put(RESOURCES, "given", given | {"resources": ["hmskort-bestilling"]})
    ola = logged_in_as("Ola")
    assert listed(ola) == [orgnr("electrician")]
    assert "Du har fullmakt i Altinn" in text_of(ola)


def test_another_resource_gives_nothing(logged_in_as):
    given = {"orgnr": orgnr("electrician"), "national_id": national_id("Ola")}
    Store().put(RESOURCES, "given", given | {"resources": ["something-else"]})
    assert listed(logged_in_as("Ola")) == []


def test_a_unit_listed_for_its_sub_units_sake_cannot_be_chosen(logged_in_as):
    subunit = world.company("Byggmester AS").subunits[0]
    held = {"orgnr": subunit, "national_id": national_id("Ola"), "role": "DAGL"}
    Store().put(ROLES, "below", held)
    assert listed(logged_in_as("Ola")) == []


def test_a_deleted_company_cannot_be_chosen(logged_in_as):
    with Store().changing(UNITS, orgnr("painter")) as unit:
        unit["slettedato"] = "2026-01-01"
    assert orgnr("painter") not in listed(logged_in_as("leader of many"))


def test_who_loses_the_role_loses_the_company_at_the_next_question(logged_in_as):
    kari = logged_in_as("Kari")
    take_role("Kari", "Byggmester AS")
    with time_machine.travel(clock.now() + LATER):
        assert listed(kari) == []
        assert kari.get("/virksomhet/")["Location"].startswith(LIST)


def test_a_delegation_ends_with_its_last_day(logged_in_as):
    let_act("Ola", "Byggmester AS", until=clock.today())
    assert listed(logged_in_as("Ola")) == [orgnr("Byggmester AS")]
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert listed(logged_in_as("Ola")) == []


def test_a_delegation_withdrawn_is_over_in_the_middle_of_a_session(logged_in_as):
    access = let_act("Ola", "Byggmester AS")
    ola = logged_in_as("Ola")
    assert ola.get(LIST).context["request"].company is not None
    delegation.withdraw(access=access, actor=SYSTEM)
    assert ola.get(LIST).context["request"].company is None


@pytest.mark.parametrize("fault", Fault.Mode.values)
def test_a_silent_altinn_leaves_what_was_known_and_says_how_old_it_is(logged_in_as, fault):
    kari = logged_in_as("Kari")
    set_fault("altinn", fault, 30)
    with time_machine.travel(clock.now() + LATER):
        assert listed(kari) == [orgnr("Byggmester AS")]
        text = text_of(kari)
    assert "Vi får ikke svar fra Altinn" in text
    assert "Listen er fra" in text


def test_a_silent_altinn_grants_nothing(visitor):
    set_fault("altinn", "silent")
    visitor.log_in("Kari")
    assert visitor.is_logged_in
    assert listed(visitor) == []
    text = text_of(visitor)
    assert "vi vet ikke hvilke virksomheter" in text
    assert "Slik får du tilgang" not in text


def test_a_silent_maskinporten_is_a_silent_altinn(logged_in_as):
    kari = logged_in_as("Kari")
    set_fault("maskinporten", "500")
    with time_machine.travel(clock.now() + LATER):
        assert "Vi får ikke svar fra Altinn" in text_of(kari)


def test_when_altinn_answers_again_the_notice_is_gone(visitor):
    set_fault("altinn", "silent")
    visitor.log_in("Kari")
    set_fault("altinn", "off")
    with time_machine.travel(clock.now() + LATER):
        assert listed(visitor) == [orgnr("Byggmester AS")]
        assert "Vi får ikke svar fra Altinn" not in text_of(visitor)


def test_many_companies_can_be_searched_by_name_and_number(logged_in_as):
    for company in world.on(clock.today()).companies[:12]:
        held = {"orgnr": company.orgnr, "national_id": national_id("Ola"), "role": "DAGL"}
        Store().put(ROLES, f"many {company.orgnr}", held)
    ola = logged_in_as("Ola")
    assert "Søk i virksomhetene dine" in text_of(ola)
    spaced = f"{orgnr('electrician')[:3]} {orgnr('electrician')[3:]}"
    for sought in ("elektro", spaced):
        page = ola.get(LIST, data={"sok": sought})
        assert [choice.acting.orgnr for choice in page.context["page"]] == [orgnr("electrician")]


def test_the_overview_shows_who_has_access_and_who_gave_it(logged_in_as):
    logged_in_as("Per")
    text = text_of(logged_in_as("Kari"), "/virksomhet/")
    assert "Kari Byggestad" in text
    assert "Per Fullmektigsen" in text
    assert "Daglig leder" in text or "daglig leder" in text


def test_the_overview_is_for_those_who_lead_the_company(logged_in_as):
    per = logged_in_as("Per")
    assert per.get("/virksomhet/").status_code == 404
    assert "/virksomhet/" not in text_of(per)


def test_who_has_not_logged_in_yet_is_shown_by_a_masked_number(logged_in_as):
    let_act("also employed", "Byggmester AS")
    number = national_id("also employed")
    text = logged_in_as("Kari").get("/virksomhet/").content.decode()
    assert number not in text
    assert f"{number[:6]}\N{NO-BREAK SPACE}" in text


def test_two_logins_at_once_leave_one_access(logged_in_as):
    logged_in_as("Kari")
    with time_machine.travel(clock.now() + LATER):
        logged_in_as("Kari")
    mine = Access.objects.filter(person=user_of("Kari").person, ended_at=None)
    assert mine.count() == 1


def test_the_company_of_a_request_costs_one_query(logged_in_as, django_assert_num_queries):
    logged_in_as("Kari")
    user = user_of("Kari")
    with django_assert_num_queries(1):
        assert queries.acting(user, orgnr("Byggmester AS"))


@pytest.mark.parametrize("role", ["reviewer", "producer"])
def test_staff_land_on_their_queue(visitor, settings, role):
    assert visitor.log_in(role)["Location"] == reverse(settings.STAFF_QUEUES[role])


def test_a_member_of_staff_can_also_lead_a_company(visitor):
    held = {"orgnr": orgnr("electrician"), "national_id": national_id("reviewer"), "role": "DAGL"}
    Store().put(ROLES, "both", held)
    visitor.log_in("reviewer")
    page = visitor.get(LIST)
    assert [choice.acting.orgnr for choice in page.context["page"]] == [orgnr("electrician")]
    assert page.context["staff_links"]


def test_news_of_roles_waits_for_a_silent_altinn(logged_in_as):
    logged_in_as("Kari")
    take_role("Kari", "Byggmester AS")
    set_fault("altinn", "silent")
    with pytest.raises(outbox.TryLater):
        listeners.refresh_accesses(orgnr=orgnr("Byggmester AS"))
    set_fault("altinn", "off")
    listeners.refresh_accesses(orgnr=orgnr("Byggmester AS"))
    assert queries.acting(user_of("Kari"), orgnr("Byggmester AS")) is None


@pytest.mark.parametrize("who", ["reviewer", "producer", "caseworker"])
def test_staff_without_a_company_are_not_led_into_ordering(request, session_for, who):
    shown = session_for(request.getfixturevalue(who)).get("/hjelp/").content.decode()
    menu = shown.partition("</header>")[0]
    assert "Logg ut" in menu
    assert "Velg virksomhet" not in menu
    assert 'href="/bestill/"' not in menu


def test_an_orderer_who_has_chosen_no_company_yet_is_led_to_it(session_for, kari):
    menu = session_for(kari).get("/hjelp/").content.decode().partition("</header>")[0]
    assert "Velg virksomhet" in menu
    assert 'href="/bestill/"' in menu
