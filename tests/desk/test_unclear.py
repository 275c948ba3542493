"""An unclear answer opens a case by itself; caseworkers read it, or the register says more."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cards.states import Standing
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.desk import actions, tasks, unclear
from hmskort.desk.merging import merge
from hmskort.desk.models import Case
from hmskort.desk.states import CaseState
from hmskort.notifications.models import Message
from hmskort.simulators import world
from hmskort.simulators.hand.companies import set_cleaning
from hmskort.simulators.hand.people import set_right_to_work
from hmskort.simulators.store import Store
from registers import approvals, lookups
from registers.exemptions.models import ASSESSED, Exemption, ExemptionKind
from registers.models import Verdict
from registers.persons import person_for
from registers.udi.simulator import GENERAL
from tests.builders import a_cart, rest
from tests.cards.builders import issued
from tests.desk.test_exemptions import decide, found, page, period

pytestmark = pytest.mark.django_db
PERMIT, CLEANING = "may_work_in_norway", "cleaning_approved"
WHO, FIRM, CARD = "permit unclear", "cleaning", "renhold"


@pytest.fixture
def waiting(kari, refused):
    """Kari's browser, the line of somebody whom UDI is unclear about, and the case of that."""
    kari.email = "kari@byggmester.example"
    kari.save(update_fields=["email"])
    approvals.read("renholdsregisteret")
    browser, line = refused(FIRM, WHO, CARD)
    return browser, line, Case.objects.get()


def udi_says(access, who=WHO):
    set_right_to_work(Store(), world.person(who).national_id, access, GENERAL, None)


def ask_again(browser, line):
    browser.post(f"/bestilling/{line.order.reference}/{line.reference}/sjekk/")
    rest()


def reason(line, requirement=PERMIT):
    line.refresh_from_db()
    return next(r["reason"] for r in line.verdict.findings if r["requirement"] == requirement)


def both_agree(case, first, second, **given):
    decide(first, case, "propose", text="Vedtaket er vist.", **(given or period()))
    return decide(second, case, "confirm")


def test_udi_answers_uavklart_and_the_card_is_ordered_when_two_caseworkers_have_read_it(
    waiting, caseworker, second_caseworker, session_for
):
    """Edge case 6: from the cart to a requirement that holds, for as long as they say."""
    browser, line, case = waiting
    assert (case.kind, case.person, case.orgnr) == ("unclear", line.person, line.orgnr)
    assert (case.state, case.sender, case.verdict_id) == (CaseState.SENT, None, line.verdict_id)
    assert "saksbehandler ser på det" in page(browser.get(f"/bestilling/{line.order.reference}/"))
    assert case.reference in page(browser.get("/henvendelser/"))
    first, second = session_for(caseworker), session_for(second_caseworker)
    assert case.reference in page(first.get("/saker/?type=unclear"))
    shown = page(first.get(f"/saker/{case.reference}/"))
    assert "UDI svarer ikke klart ja eller nei" in shown
    assert decide(first, case, "grant", text="Ja.", **period()).status_code == 409
    decide(first, case, "propose", text="Vedtaket er vist.", **period(last=60))
    assert found(line, PERMIT) == "unknown"  # one is not enough
    assert decide(first, case, "confirm").status_code == 409
    assert decide(second, case, "confirm").status_code == 302
    assert (found(line, PERMIT), reason(line)) == ("exempt", "assessed_yes")
    assert line.verdict.outcome == "met"
    exemption = Exemption.objects.get()
    assert exemption.to_on == clock.today() + timedelta(60)
    assert (exemption.person, exemption.kind_id) == (line.person, ASSESSED)
    told = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    assert [event.name for event in told] == ["case:opened", "case:proposed", "case:confirmed"]
    shown = page(browser.get(f"/bestilling/{line.order.reference}/"))
    assert "To saksbehandlere har vurdert at kravet er oppfylt" in shown
    assert "vurdert som oppfylt" in Message.objects.get(subject__contains=case.reference).subject


def test_there_is_one_case_while_it_is_open(waiting):
    browser, line, case = waiting
    ask_again(browser, line)
    assert reason(line) == "unclear"
    assert Case.objects.get() == case


def test_the_case_closes_by_itself_when_the_register_answers(waiting, caseworker, session_for):
    browser, line, case = waiting
    staff = session_for(caseworker)
    decide(staff, case, "ask", text="Send oss vedtaket.")
    udi_says("Ja")
    ask_again(browser, line)
    case.refresh_from_db()
    assert (found(line, PERMIT), case.state) == ("met", CaseState.CLOSED)
    assert case.reference not in page(staff.get("/saker/"))
    assert "Portalen" in page(staff.get(f"/saker/{case.reference}/"))
    assert Message.objects.filter(subject__contains="registeret har svart").exists()


def test_the_register_is_asked_again_every_day_and_when_a_caseworker_wants_it(
    waiting, caseworker, session_for
):
    _browser, line, case = waiting
    udi_says("Nei")
    tasks.ask_registers()
    rest()
    assert reason(line) == "unclear"  # asked today already
    decide(session_for(caseworker), case, "ask_register")
    case.refresh_from_db()
    assert (found(line, PERMIT), case.state) == ("not_met", CaseState.CLOSED)


def test_a_no_that_was_read_gives_way_when_the_register_answers_the_day_after(
    waiting, caseworker, session_for
):
    _browser, line, case = waiting
    decide(session_for(caseworker), case, "refuse", text="Avslag.", **period())
    udi_says("Ja")
    with time_machine.travel(clock.now() + timedelta(days=1)):
        tasks.ask_registers()
        rest()
        assert found(line, PERMIT) == "met"


def test_a_silent_register_is_no_clear_answer(waiting, fault):
    browser, line, case = waiting
    fault("udi", "silent")
    ask_again(browser, line)
    case.refresh_from_db()
    assert case.state == CaseState.SENT


def test_a_caseworker_reads_a_no_which_lasts_its_days_or_until_the_register_answers(
    waiting, caseworker, session_for
):
    browser, line, case = waiting
    staff = session_for(caseworker)
    assert decide(staff, case, "refuse", text="Avslag.", from_on="").status_code == 422
    decide(staff, case, "refuse", text="Vedtaket er et avslag.", **period(last=20))
    assert (found(line, PERMIT), reason(line)) == ("not_met", "assessed_no")
    cart = page(browser.get(f"/bestilling/{line.order.reference}/"))
    assert "En saksbehandler har vurdert at kravet ikke er oppfylt" in cart
    assert f"/{line.reference}/innsigelse/{PERMIT}/" in cart
    ask_again(browser, line)  # still unclear, and read already
    assert Case.objects.filter(state=CaseState.SENT).count() == 0
    udi_says("Ja")
    ask_again(browser, line)
    assert found(line, PERMIT) == "met"


def test_a_reading_that_has_run_out_is_a_case_again(waiting, caseworker, session_for):
    browser, line, case = waiting
    decide(session_for(caseworker), case, "refuse", text="Avslag.", **period(last=5))
    with time_machine.travel(clock.now() + timedelta(days=6)):
        assert actions.end_past_assessments() == 1
        assert actions.end_past_assessments() == 0
        ask_again(browser, line)
        assert reason(line) == "unclear"
        assert Case.objects.filter(state=CaseState.SENT).count() == 1


def test_a_reading_can_be_undone(waiting, caseworker, second_caseworker, session_for):
    _browser, line, case = waiting
    first, second = session_for(caseworker), session_for(second_caseworker)
    decide(first, case, "refuse", text="Avslag.", **period())
    assert decide(first, case, "reopen").status_code == 422  # why?
    decide(first, case, "reopen", text="Feil person.")
    assert reason(line) == "unclear"
    case.refresh_from_db()
    assert case.state == CaseState.SENT
    both_agree(case, first, second)
    assert found(line, PERMIT) == "exempt"
    decide(second, case, "end", text="Vedtaket er falskt.")
    assert reason(line) == "unclear"
    assert Case.objects.exclude(pk=case.pk).get().state == CaseState.SENT


def test_a_proposal_can_be_taken_back_by_who_made_it(waiting, caseworker, session_for):
    _browser, _line, case = waiting
    staff = session_for(caseworker)
    decide(staff, case, "propose", text="Ja.", **period())
    assert "Trekk forslaget" in page(staff.get(f"/saker/{case.reference}/"))
    decide(staff, case, "decline", text="Jeg så feil.")
    case.refresh_from_db()
    assert case.state == CaseState.SENT


def test_an_unknown_status_of_a_company_is_one_case_for_all_in_it(
    kari, refused, caseworker, second_caseworker, session_for
):
    orgnr = world.company(FIRM).orgnr
    set_cleaning(Store(), orgnr, "Godkjent med forbehold")
    approvals.read("renholdsregisteret")
    _browser, line = refused(FIRM, "cleaner", CARD)
    order = a_cart(kari, "two citizenships", company=FIRM, kind=CARD)
    assert reason(line, CLEANING) == "cleaning_status_unknown"
    case = Case.objects.get()
    assert (case.person, case.requirement) == (None, CLEANING)
    both_agree(case, session_for(caseworker), session_for(second_caseworker))
    assert [found(each, CLEANING) for each in order.lines.all()] == ["exempt", "exempt"]
    decide(session_for(caseworker), case, "end", text="Prøver på nytt.")
    again = Case.objects.get(state=CaseState.SENT)
    set_cleaning(Store(), orgnr, "Godkjent med ansatte")
    approvals.read("renholdsregisteret")
    rest()
    again.refresh_from_db()
    assert (found(line, CLEANING), again.state) == ("met", CaseState.CLOSED)


def test_a_card_whose_answer_becomes_unclear_has_a_case_and_keeps_its_days():
    card = issued("cleaner outside EEA", FIRM, CARD)
    assert card.standing == Standing.ORDERED
    udi_says("Uavklart", "cleaner outside EEA")
    with transaction.atomic():
        lookups.want({("udi", str(card.person_id))}, not_older_than=clock.now())
    rest()
    case = Case.objects.get()
    assert (case.requirement, case.person, case.contact_email) == (PERMIT, card.person, "")


def test_nobody_looks_at_what_nobody_needs(waiting):
    _browser, line, case = waiting
    verdict = Verdict.objects.get(pk=case.verdict_id)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED)
    line.delete()
    assert unclear.open_case(verdict=verdict, requirement=PERMIT) is None


def test_the_database_holds_that_a_yes_is_of_two_and_that_only_readings_say_no(db):
    said = {"orgnr": "310010007", "requirement": CLEANING, "granted_by": "a"}
    said |= {"from_on": clock.today(), "to_on": clock.today(), "case_reference": "BCDFGHJK"}
    assessed = ExemptionKind.objects.get(pk=ASSESSED)
    for second in ("", "a"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exemption.objects.create(kind=assessed, confirmed_by=second, **said)
    other = ExemptionKind.objects.get(pk="low_turnover")
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(kind=other, answer=Exemption.Answer.NOT_MET, **said)


def test_a_case_follows_the_person_when_two_numbers_are_one_persons(waiting):
    _browser, line, case = waiting
    one = person_for(world.person("cleaner").national_id)
    merge(old=line.person, one=one)
    case.refresh_from_db()
    assert case.person == one
    assert list(case.people.all()) == [one]


def test_of_two_open_cases_about_one_person_one_goes_on(waiting):
    _browser, line, case = waiting
    one = person_for(world.person("cleaner").national_id)
    same = {"kind": case.kind, "orgnr": case.orgnr, "requirement": case.requirement}
    other = Case.objects.create(
        person=one, exemption_kind=case.exemption_kind, verdict=case.verdict, **same
    )
    merge(old=line.person, one=one)
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, other.state) == (CaseState.CLOSED, CaseState.SENT)
    assert case.person == other.person == one
    assert case.entries.last().text == other.reference
