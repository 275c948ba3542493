"""A wrongful refusal: disputed by the employer, set aside by two caseworkers, logged."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hmskort.accounts.landing import queue_of
from hmskort.accounts.models import StaffRole
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.desk.models import Case
from hmskort.desk.queries import law_of
from hmskort.desk.states import CaseState
from hmskort.notifications.models import Message
from hmskort.simulators import world
from hmskort.simulators.hand.people import start_employment
from hmskort.simulators.store import Store
from registers.exemptions.models import Exemption
from registers.models import KindRequirement
from tests.builders import rest
from tests.desk.test_exemptions import decide, found, page, period

pytestmark = pytest.mark.django_db
WORK = "employed"


@pytest.fixture
def disputed(refused):
    """The browser, the line and the case of Kari's dispute about Ola's employment."""
    browser, line = refused("Byggmester AS")
    address = f"/bestilling/{line.order.reference}/{line.reference}/innsigelse/{WORK}/"
    answer = browser.post(
        address, {"text": "Han er ansatt hos oss.", "contact_email": "kari@byggmester.example"}
    )
    assert answer.status_code == 302
    rest()
    return browser, line, Case.objects.get()


@pytest.mark.feature("F262")
def test_a_refusal_shows_its_rule_its_data_its_time_and_how_to_object(refused):
    browser, line = refused("Byggmester AS")
    address = f"/bestilling/{line.order.reference}/{line.reference}/innsigelse/{WORK}/"
    assert address in page(browser.get(f"/bestilling/{line.order.reference}/"))
    shown = page(browser.get(address))
    assert "FOR-2007-03-30-366 § 3" in shown  # the rule
    assert "Vi fant ikke noe arbeidsforhold" in shown  # the data
    assert "Aa-registeret" in shown
    assert f"{clock.oslo_date(line.verdict.at):%d.%m.%Y}" in shown  # the time
    assert "Dette har registeret svart" in shown  # the answer itself
    assert "Ingen i virksomheten." in shown
    answer = browser.post(
        address, {"text": "Han er ansatt.", "contact_email": "kari@byggmester.example"}
    )
    case = Case.objects.get()
    assert "Dette har registeret svart" in page(browser.get(f"/henvendelser/{case.reference}/"))
    assert answer["Location"] == f"/henvendelser/{case.reference}/"
    assert case.verdict_id == line.verdict_id  # the refusal that it is about is stored
    assert "FOR-2007-03-30-366 § 3" in page(browser.get(f"/henvendelser/{case.reference}/"))


def test_where_a_case_is_open_the_cart_leads_to_it_instead_of_offering_another(disputed):
    browser, line, case = disputed
    cart = f"/bestilling/{line.order.reference}/"
    shown = page(browser.get(cart))
    assert f"/henvendelser/{case.reference}/" in shown
    assert f"/innsigelse/{WORK}/" not in shown
    assert f"/unntak/{WORK}/" not in shown
    Case.objects.update(state=CaseState.REFUSED)
    assert f"/innsigelse/{WORK}/" in page(browser.get(cart))


def test_numbers_in_what_is_written_are_neither_stored_nor_mailed(
    disputed, caseworker, session_for
):
    browser, _line, case = disputed
    number = world.person("employed").national_id
    staff = session_for(caseworker)
    decide(staff, case, "ask", text=f"Gjelder det {number}?")
    rest()
    asked = Message.objects.get(key=f"case:{case.reference}:{case.entries.get(kind='asked').pk}")
    assert number not in asked.text + asked.html
    assert "blir skjult" in page(browser.get(f"/henvendelser/{case.reference}/"))
    browser.post(f"/henvendelser/{case.reference}/", {"text": f"Ja, {number[:6]} – {number[6:]}."})
    decide(staff, case, "propose", text=f"Se {number}.", **period())
    case.refresh_from_db()
    stored = [*case.entries.values_list("text", flat=True), case.proposed_reason]
    assert f"Ja, {number[:6]}•••••." in stored
    assert number[6:] not in " ".join(stored)


@pytest.mark.feature("F058")
def test_two_caseworkers_set_a_wrongful_refusal_aside(
    disputed, caseworker, second_caseworker, session_for
):
    browser, line, case = disputed
    first, second = session_for(caseworker), session_for(second_caseworker)
    assert decide(first, case, "propose", **period()).status_code == 422  # without a reason
    assert decide(first, case, "propose", text="Ansatt.", from_on="").status_code == 422
    assert decide(first, case, "grant", text="Ansatt.", **period()).status_code == 409
    decide(first, case, "propose", text="Arbeidsavtalen er vist.", **period(last=20))
    assert found(line, WORK) == "not_met"  # one is not enough
    assert decide(first, case, "confirm").status_code == 409  # nor is the same one twice
    assert case.reference in page(second.get("/saker/"))
    assert "Arbeidsavtalen er vist." in page(second.get(f"/saker/{case.reference}/"))
    decide(second, case, "confirm")
    assert found(line, WORK) == "exempt"
    exemption = Exemption.objects.get()
    assert exemption.to_on == clock.today() + timedelta(20)
    assert (exemption.granted_by, exemption.confirmed_by) == (
        str(caseworker.pk), str(second_caseworker.pk),
    )  # fmt: skip
    told = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    assert [event.name for event in told] == ["case:sent", "case:proposed", "case:confirmed"]
    assert [event.actor_id for event in told][1:] == [
        str(caseworker.pk), str(second_caseworker.pk),
    ]  # fmt: skip
    assert Event.objects.filter(name="exemption:granted").exists()
    assert Message.objects.filter(subject__contains="innsigelsen er tatt til følge").exists()
    shown = page(browser.get(f"/bestilling/{line.order.reference}/"))
    assert "To saksbehandlere har vurdert avslaget som feil." in shown


def test_the_case_says_when_the_requirement_is_met_now(disputed, caseworker, session_for):
    browser, line, case = disputed
    staff, address = session_for(caseworker), f"/saker/{case.reference}/"
    shown = page(staff.get(address))
    assert "<dt>Kravet nå</dt> <dd>Må rettes. Vi fant ikke noe arbeidsforhold" in shown
    assert "Kravet er oppfylt nå" not in shown
    subunit = world.company("Byggmester AS").subunits[0]
    start_employment(Store(), world.person("Ola").national_id, subunit, clock.today())
    browser.post(f"/bestilling/{line.order.reference}/{line.reference}/sjekk/")
    rest()
    assert found(line, WORK) == "met"
    shown = page(staff.get(address))
    assert "Kravet er oppfylt nå, spurt " in shown
    assert "Da trengs ikke unntak." in shown
    assert "Vi fant ikke noe arbeidsforhold" in shown  # what the dispute is about stays


def test_the_case_shows_what_else_is_not_met(refused, caseworker, session_for):
    browser, line = refused("Byggmester AS", "not in Folkeregisteret")
    browser.post(
        f"/bestilling/{line.order.reference}/{line.reference}/innsigelse/{WORK}/",
        {"text": "Han er ansatt.", "contact_email": "kari@byggmester.example"},
    )
    shown = page(session_for(caseworker).get(f"/saker/{Case.objects.get().reference}/"))
    assert "<dt>Heller ikke oppfylt</dt>" in shown
    assert "Nummeret finnes ikke i Folkeregisteret." in shown


def test_the_database_holds_that_the_second_is_another(disputed, caseworker):
    _browser, _line, case = disputed
    cases = Case.objects.filter(pk=case.pk)
    cases.update(state=CaseState.PROPOSED, proposed_by=caseworker)
    with pytest.raises(IntegrityError), transaction.atomic():
        cases.update(confirmed_by=caseworker)
    with pytest.raises(IntegrityError), transaction.atomic():
        cases.update(state=CaseState.GRANTED)


def test_the_second_may_decline_and_the_case_is_back(
    disputed, caseworker, second_caseworker, session_for
):
    _browser, line, case = disputed
    first, second = session_for(caseworker), session_for(second_caseworker)
    decide(first, case, "propose", text="Ansatt.", **period())
    decide(second, case, "decline", text="Avtalen er ikke underskrevet.")
    case.refresh_from_db()
    assert case.state == CaseState.SENT
    assert "Avtalen er ikke underskrevet." in page(first.get(f"/saker/{case.reference}/"))
    assert not Exemption.objects.exists()
    assert found(line, WORK) == "not_met"


def test_the_employer_does_not_see_what_caseworkers_say_to_each_other(
    disputed, caseworker, second_caseworker, session_for
):
    browser, _line, case = disputed
    decide(session_for(caseworker), case, "propose", text="Bare for oss.", **period())
    decide(session_for(second_caseworker), case, "decline", text="Også bare for oss.")
    shown = page(browser.get(f"/henvendelser/{case.reference}/"))
    assert "for oss." not in shown
    assert caseworker.name not in shown


def test_a_caseworker_lands_in_the_queue(caseworker):
    assert queue_of(StaffRole.CASEWORKER) == "/saker/"


def test_the_law_of_a_refusal_is_that_of_its_day_in_oslo(refused):
    """Half past midnight in Oslo it is still the day before in UTC."""
    _, line = refused("Byggmester AS")
    verdict = line.verdict
    verdict.at = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)
    row = KindRequirement.objects.filter(kind=verdict.kind_id, requirement=WORK).first()
    row.pk, row.since, row.source = None, date(2027, 2, 1), "a new law"
    row.save()
    assert law_of(verdict, WORK) == "a new law"
