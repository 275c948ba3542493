"""Every requirement of a construction card in every state, as a table of cases with its source."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hmskort.common.ranges import DateRanges
from registers.requirements.facts import (
    Answer,
    Asked,
    CompanyFacts,
    EmploymentFacts,
    Facts,
    PersonFacts,
)
from registers.requirements.findings import Found, holds, outcome
from registers.requirements.rules import RULES
from registers.requirements.texts import REASONS, TITLES, explain

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
OURS, THEIRS = "310010007", "310010015"


def day(offset):
    return TODAY + timedelta(days=offset)


def facts(company=None, person=None, work=(), asked=Asked.ANSWERED):
    at = AT if asked == Asked.ANSWERED else None
    good = CompanyFacts(
        OURS, name="BYGGMESTER AS", form="AS", bankrupt=False, vat_registered=True,
        in_foretaksregisteret=True, industries=("41.200",),
    )  # fmt: skip
    alive = PersonFacts(register_status="bosatt", number_in_use=True, citizenships=("NOR",))
    return Facts(
        OURS,
        Answer(asked, company or good, at),
        Answer(asked, person or alive, at),
        Answer(asked, tuple(EmploymentFacts(*row) for row in work), at),
    )


def company(**given):
    values = {"name": "X AS", "form": "AS", "bankrupt": False, "vat_registered": True}
    return facts(company=CompanyFacts(OURS, **{**values, **given}))


def person(**given):
    return facts(
        person=PersonFacts(**{"register_status": "bosatt", "number_in_use": True, **given})
    )


def works(*rows):
    return facts(work=[("320010001", *row) for row in rows])


BYGG = "FOR-2007-03-30-366 § 3"
CASES = [
    # requirement, facts, found, reason, source
    ("company_exists", company(), "met", "company_in_order", BYGG),
    ("company_exists", company(exists=False), "not_met", "company_not_found", BYGG),
    ("company_exists", company(deleted_on=day(-1)), "not_met", "company_deleted", BYGG),
    ("company_exists", company(deleted_on=day(1)), "met", "company_deleted", BYGG),
    ("company_exists", company(bankrupt=True), "not_met", "company_bankrupt", BYGG),
    ("vat_registered", company(), "met", "vat_registered", BYGG),
    ("vat_registered", company(vat_registered=False), "not_met", "not_vat_registered", BYGG),
    ("vat_registered", company(vat_registered=None), "unknown", "answered", BYGG),
    ("staffing_approved", company(industries=("41.200", "78.200")), "met",
     "not_a_staffing_company", BYGG),
    ("staffing_approved", company(industries=("78.200",)), "unknown", "not_connected", BYGG),
    ("person_exists", person(), "met", "person_in_order", BYGG),
    ("person_exists", person(register_status="utflyttet"), "met", "person_in_order", BYGG),
    ("person_exists", person(exists=False), "not_met", "person_not_found", BYGG),
    ("person_exists", person(register_status="inaktiv"), "not_met", "d_number_inactive",
     "REGISTERS 4: five years after issue"),
    ("person_exists", person(register_status="opphoert"), "not_met", "number_ended", BYGG),
    ("person_exists", person(number_in_use=False), "not_met", "number_ended", BYGG),
    ("person_exists", person(register_status="doed", died_on=day(-3)), "not_met", "dead", BYGG),
    ("employed", works((OURS, day(-900))), "met", "employed", BYGG),
    ("employed", works((OURS, day(0))), "met", "employed", BYGG),
    ("employed", works((OURS, day(-900), day(0))), "met", "employed", BYGG),
    ("employed", works((OURS, day(-900), day(-1))), "not_met", "employment_ended", BYGG),
    ("employed", works((OURS, day(29))), "met", "employed_soon", "F059, edge case 2"),
    ("employed", works((OURS, day(30))), "met", "employed_soon", "F059"),
    ("employed", works((OURS, day(31))), "not_met", "starts_too_late", "F059, edge case 2"),
    ("employed", works((OURS, day(-900), day(-10)), (OURS, day(20))), "met", "employed_soon", BYGG),
    ("employed", works((THEIRS, day(-900))), "not_met", "not_employed", BYGG),
    ("employed", works(), "not_met", "not_employed", BYGG),
    ("in_foretaksregisteret", company(in_foretaksregisteret=True), "met",
     "in_foretaksregisteret", "FOR-2012-05-08-408 § 5"),
    ("in_foretaksregisteret", company(in_foretaksregisteret=False), "not_met",
     "not_in_foretaksregisteret", "FOR-2012-05-08-408 § 5"),
    ("in_foretaksregisteret", company(in_foretaksregisteret=False, form="ENK"), "met",
     "no_duty_foretaksregisteret", "FOR-2012-05-08-408 § 5"),
    ("may_work_in_norway", person(citizenships=("POL",)), "met", "citizen_of_eea",
     "FOR-2012-05-08-408 § 5"),
    ("may_work_in_norway", person(citizenships=("UKR",)), "unknown", "not_connected",
     "FOR-2012-05-08-408 § 5"),
    ("cleaning_approved", facts(), "unknown", "not_connected", "FOR-2012-05-08-408 § 5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("requirement", "given", "found", "reason", "source"),
    CASES,
    ids=[f"{case[0]}-{case[3]}-{number}" for number, case in enumerate(CASES)],
)
def test_a_requirement_is_judged_as_its_source_says(requirement, given, found, reason, source):
    finding = RULES[requirement](given, TODAY)
    assert (finding.found, finding.reason) == (found, reason)
    assert source


@pytest.mark.parametrize("requirement", sorted(set(RULES) - {"cleaning_approved"}))
@pytest.mark.parametrize("asked", [Asked.WAITING, Asked.SILENT])
def test_a_register_that_has_not_answered_neither_refuses_nor_approves(requirement, asked):
    finding = RULES[requirement](facts(asked=asked), TODAY)
    assert finding.found == Found.UNKNOWN
    assert finding.reason == asked
    assert not finding.holds


def test_the_days_on_which_all_requirements_hold_are_those_of_the_employment():
    given = works((OURS, day(-10), day(5)), (OURS, day(40)))
    judged = [RULES[name](given, TODAY) for name in ("company_exists", "person_exists", "employed")]
    assert outcome(judged) == Found.MET
    assert holds(judged) == DateRanges.between(day(-10), day(5)) | DateRanges.between(day(40), None)


def test_one_unmet_requirement_outweighs_those_that_nobody_has_answered():
    unknown = RULES["cleaning_approved"](facts(), TODAY)
    not_met = RULES["employed"](works(), TODAY)
    assert outcome([unknown, not_met]) == Found.NOT_MET
    assert outcome([unknown]) == Found.UNKNOWN


@pytest.mark.parametrize(
    ("requirement", "given"), [(case[0], case[1]) for case in CASES if case[3] != "answered"]
)
def test_every_finding_has_words_for_the_orderer(requirement, given):
    finding = RULES[requirement](given, TODAY)
    shown = explain(finding.as_json())
    assert shown.title == str(TITLES[requirement])
    assert shown.text
    assert "%(" not in shown.text
    if finding.found == Found.NOT_MET:
        assert shown.steps, "an unmet requirement says what to do"


def test_every_reason_that_is_told_has_a_text():
    assert {case[3] for case in CASES} - {"answered"} <= set(REASONS)
