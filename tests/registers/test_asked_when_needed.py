"""OAR, UDI and roles are asked only where they decide, and as soon as that is known."""

import pytest

from hmskort.simulators import world
from registers import approvals
from registers.models import Lookup
from registers.persons import person_for
from tests.builders import a_cart

pytestmark = pytest.mark.django_db


def judged(kari, case, company, kind="bygg"):
    """The findings by requirement, and which sources were asked about the person."""
    approvals.read("renholdsregisteret")
    line = a_cart(kari, case, company=company, kind=kind).lines.get()
    person = person_for(world.person(case).national_id)
    asked = Lookup.objects.filter(subject__contains=str(person.pk))
    found = {each["requirement"]: each for each in line.verdict.findings}
    return found, set(asked.values_list("source", flat=True))


@pytest.mark.feature("F051")
@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("posted worker", "met", "posted"),
        ("posted work starts in 10 days", "met", "posted_soon"),
        ("posted worker not reported", "not_met", "not_reported"),
        ("posted work ended", "not_met", "posted_ended"),
        ("posted by another company", "not_met", "not_reported"),
    ],
)
def test_whom_a_foreign_company_has_posted_is_in_oar(kari, case, found, reason):
    findings, asked = judged(kari, case, "NUF")
    assert (findings["employed"]["found"], findings["employed"]["reason"]) == (found, reason)
    assert "oar" in asked


@pytest.mark.feature("F051")
@pytest.mark.parametrize(
    ("case", "company"), [("NUF representative", "NUF"), ("not employed", "Byggmester AS")]
)
def test_oar_is_not_asked_where_it_cannot_decide(kari, case, company):
    assert "oar" not in judged(kari, case, company)[1]


@pytest.mark.feature("F052")
@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("cleaner outside EEA", "met", "may_work"),
        ("permit ends in 10 days", "met", "may_work_until"),
        ("permit refused", "not_met", "may_not_work"),
        ("permit not known", "not_met", "permit_not_found"),
        ("permit unclear", "unknown", "unclear"),
        ("permit for one employer", "unknown", "unclear"),
    ],
)
def test_udi_says_whether_a_citizen_of_another_country_may_clean(kari, case, found, reason):
    findings, asked = judged(kari, case, "cleaning", "renhold")
    finding = findings["may_work_in_norway"]
    assert (finding["found"], finding["reason"]) == (found, reason)
    assert "udi" in asked


@pytest.mark.feature("F052")
@pytest.mark.parametrize(
    ("case", "company", "kind"),
    [
        ("cleaner", "cleaning", "renhold"),  # a citizen of the EEA
        ("two citizenships", "cleaning", "renhold"),  # one of them in the EEA
        ("cleaner outside EEA", "Byggmester AS", "bygg"),  # construction does not ask
    ],
)
def test_udi_is_never_asked_of_those_who_need_no_permit(kari, case, company, kind):
    assert "udi" not in judged(kari, case, company, kind)[1]


@pytest.mark.feature("F050")
def test_somebody_with_a_role_but_no_wage_is_told_what_that_means(kari):
    findings, _ = judged(kari, "board member not employed", "Byggmester AS")
    assert findings["employed"]["reason"] == "not_employed_with_role"


def test_a_silent_udi_refuses_nobody_and_is_asked_again(kari, fault, wind_forward):
    fault("udi", "silent")
    findings, _ = judged(kari, "cleaner outside EEA", "cleaning", "renhold")
    assert findings["may_work_in_norway"]["found"] == "unknown"
    fault("udi", "off")
    wind_forward(minutes=6)
    line = person_for(world.person("cleaner outside EEA").national_id).lines.get()
    found = {each["requirement"]: each["found"] for each in line.verdict.findings}
    assert found["may_work_in_norway"] == "met"
