"""The right to complain about a refusal: told, until its last day, once."""

from datetime import timedelta

import pytest
import time_machine

from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.desk import complaints, rules
from hmskort.desk.models import Case
from hmskort.desk.states import CaseState
from hmskort.notifications.models import Message
from tests.builders import rest
from tests.desk.test_exemptions import VAT, decide, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def turned_down(refused, apply, caseworker, session_for):
    """Kari's browser, the caseworker's, and her case, which was refused."""
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    staff, case = session_for(caseworker), Case.objects.get()
    decide(staff, case, "refuse", text="Omsetningen er for høy.")
    case.refresh_from_db()
    return browser, staff, case


def mails_of(case):
    return [m.text for m in Message.objects.filter(key__startswith=f"case:{case.reference}:")]


def test_a_refusal_says_until_when_and_to_whom_it_may_be_complained_about(turned_down):
    browser, _staff, case = turned_down
    by = f"{rules.complain_by(clock.today()):%d.%m.%Y}"
    assert rules.complain_by(clock.today()) == clock.today() + timedelta(days=21)
    told = next(text for text in mails_of(case) if "Omsetningen er for høy." in text)
    shown = page(browser.get(f"/henvendelser/{case.reference}/"))
    for text in (told, shown):
        assert "Arbeidstilsynet" in text
        assert by in text
        assert "forvaltningsloven §§ 28 og 29" in text
    assert f"/henvendelser/{case.reference}/klage/" in shown


def test_a_complaint_puts_the_case_back_in_the_queue_once(turned_down):
    browser, staff, case = turned_down
    address = f"/henvendelser/{case.reference}/klage/"
    assert "Fristen er" in page(browser.get(address))
    nothing = browser.post(address, {"text": ""})
    assert nothing.status_code == 422
    assert browser.post(address, {"text": "Omsetningen er 40 000."}).status_code == 302
    assert browser.post(address, {"text": "En gang til."}).status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.SENT
    assert Event.objects.filter(name="case:complained", subject_id=str(case.pk)).count() == 1
    shown = page(staff.get(f"/saker/{case.reference}/"))
    assert "Klage sendt" in shown
    assert "Omsetningen er 40 000." in shown
    decide(staff, case, "refuse", text="Vi er kommet til det samme.")
    rest()
    answer = next(text for text in mails_of(case) if "Vi er kommet til det samme." in text)
    assert "sender klagen videre til klageinstansen" in answer
    assert "Du kan klage" not in answer
    assert browser.get(address).status_code == 404
    assert "sender klagen videre" in page(browser.get(f"/henvendelser/{case.reference}/"))


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (21, True), (22, False)])
def test_the_last_day_to_complain_is_three_weeks_after_the_refusal(turned_down, days, is_open):
    _browser, _staff, case = turned_down
    with time_machine.travel(clock.now() + timedelta(days=days)):
        assert complaints.right_of(case).open == is_open


def test_a_case_that_was_granted_has_nothing_to_complain_about(refused, apply):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case = Case.objects.get()
    assert browser.get(f"/henvendelser/{case.reference}/klage/").status_code == 404
    assert "Klagerett" not in page(browser.get(f"/henvendelser/{case.reference}/"))
