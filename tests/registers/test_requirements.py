"""Every requirement of both card kinds in every state, as a table of cases with its source."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hmskort.common.ranges import DateRanges
from registers.kinds import REQUIREMENTS
from registers.requirements.facts import (
    Answer,
    ApprovalFacts,
    Asked,
    CompanyFacts,
    EmploymentFacts,
    Facts,
    PermitFacts,
    PersonFacts,
)
from registers.requirements.findings import Found, holds, outcome
from registers.requirements.rules import RULES
from registers.requirements.texts import LINKS, REASONS, STEPS, TITLES, explain

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
        cleaning=Answer(asked, ApprovalFacts("approved_with_employees"), at),
        staffing=Answer(asked, ApprovalFacts("approved"), at),
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


def cleaner(status, form="AS", roles=None):
    """A cleaning company with this status; roles: those that the person holds there."""
    given = facts(company=CompanyFacts(OURS, name="X", form=form, vat_registered=True))
    held = None if roles is None else Answer(Asked.ANSWERED, frozenset(roles), AT)
    return replace(given, cleaning=Answer(Asked.ANSWERED, ApprovalFacts(status), AT), roles=held)


def agency(status, industries=("78.200",)):
    """A company that hires out labour, with this status."""
    return replace(
        company(industries=industries), staffing=Answer(Asked.ANSWERED, ApprovalFacts(status), AT)
    )


def permitted(access, bound_to="general", starts=None, ends=None, citizenship="UKR"):
    """A person of whom UDI says this."""
    told = PermitFacts(access, bound_to, starts, ends)
    return replace(person(citizenships=(citizenship,)), permit=Answer(Asked.ANSWERED, told, AT))


def posted(*rows, work=(), form="NUF"):
    """A foreign company that has reported this to OAR."""
    given = facts(
        company=CompanyFacts(OURS, name="X UAB", form=form, vat_registered=True),
        work=[("320010001", *row) for row in work],
    )
    told = tuple(EmploymentFacts(OURS, *row) for row in rows)
    return replace(given, posted_work=Answer(Asked.ANSWERED, told, AT))


def holds_role(*codes):
    return replace(works(), roles=Answer(Asked.ANSWERED, frozenset(codes), AT))


BYGG = "FOR-2007-03-30-366 § 3"
RENHOLD = "FOR-2012-05-08-408 §§ 5, 6"
BEMANNING = "forskrift om bemanningsforetak; F053"
OAR = "F051; RF-1199"
UDI = "FOR-2012-05-08-408 § 5 second paragraph; F052"
SILENCE = "004: nobody is wrongly refused because a register is silent"
CASES = [
    # requirement, facts, found, reason, source
    ("company_exists", company(), "met", "company_in_order", BYGG),
    ("company_exists", company(exists=False), "not_met", "company_not_found", BYGG),
    ("company_exists", company(deleted_on=day(-1)), "not_met", "company_deleted", BYGG),
    ("company_exists", company(deleted_on=day(1)), "met", "company_deleted", BYGG),
    ("company_exists", company(bankrupt=True), "not_met", "company_bankrupt", BYGG),
    ("vat_registered", company(), "met", "vat_registered", BYGG),
    ("vat_registered", company(vat_registered=False), "not_met", "not_vat_registered", BYGG),
    ("vat_registered", company(vat_registered=None), "unknown", "waiting", BYGG),
    ("staffing_approved", company(industries=("41.200", "78.200")), "met",
     "not_a_staffing_company", BYGG),
    ("staffing_approved", agency("approved"), "met", "staffing_approved", BEMANNING),
    ("staffing_approved", agency("approved", ("78.200", "41.200")), "met", "staffing_approved",
     BEMANNING),
    ("staffing_approved", agency("not_approved", ("41.200", "78.200")), "met",
     "not_a_staffing_company", BEMANNING),
    ("staffing_approved", agency("not_approved"), "not_met", "staffing_not_approved", BEMANNING),
    ("staffing_approved", agency("under_consideration"), "not_met",
     "staffing_under_consideration", BEMANNING),
    ("staffing_approved", agency(""), "not_met", "staffing_not_in_register", BEMANNING),
    ("staffing_approved", agency("unknown"), "unknown", "staffing_status_unknown",
     "REGISTERS 3b: the full list of codes is not public"),
    ("employed", holds_role("DAGL"), "not_met", "not_employed_with_role", "001 § 3.5.1; F050"),
    ("employed", holds_role(), "not_met", "not_employed", BYGG),
    ("employed", posted((OURS, day(-9))), "met", "posted", OAR),
    ("employed", posted((OURS, day(-9), day(0))), "met", "posted", OAR),
    ("employed", posted((OURS, day(10))), "met", "posted_soon", OAR),
    ("employed", posted((OURS, day(31))), "not_met", "posted_too_late", OAR),
    ("employed", posted((OURS, day(-9), day(-1))), "not_met", "posted_ended", OAR),
    ("employed", posted((THEIRS, day(-9))), "not_met", "not_reported", OAR),
    ("employed", posted(), "not_met", "not_reported", OAR),
    ("employed", posted(work=[(OURS, day(-9))]), "met", "employed", OAR),
    ("employed", posted((OURS, day(-9)), form="AS"), "not_met", "not_employed",
     "F051: foreign companies alone"),
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
    ("may_work_in_norway", person(citizenships=("UKR",)), "unknown", "waiting", UDI),
    ("may_work_in_norway", permitted("no", citizenship="POL"), "met", "citizen_of_eea", UDI),
    ("may_work_in_norway", permitted("yes"), "met", "may_work", UDI),
    ("may_work_in_norway", permitted("yes", ends=day(0)), "met", "may_work_until", UDI),
    ("may_work_in_norway", permitted("yes", ends=day(-1)), "not_met", "permit_ended", UDI),
    ("may_work_in_norway", permitted("yes", starts=day(1)), "not_met", "permit_not_begun", UDI),
    ("may_work_in_norway", permitted("no", ""), "not_met", "may_not_work", UDI),
    ("may_work_in_norway", permitted("not_found", ""), "not_met", "permit_not_found", UDI),
    ("may_work_in_norway", permitted("unclear", ""), "unknown", "unclear", UDI),
    ("may_work_in_norway", permitted("yes", "one_employer"), "unknown", "unclear", UDI),
    ("cleaning_approved", cleaner("approved_with_employees"), "met",
     "cleaning_approved_with_employees", RENHOLD),
    ("cleaning_approved", cleaner("ordering_cards"), "met", "cleaning_ordering_cards",
     "arbeidstilsynet.no; 001 § 3.3; F044"),
    ("cleaning_approved", cleaner("under_consideration"), "not_met",
     "cleaning_under_consideration", "F044"),
    ("cleaning_approved", cleaner("not_approved"), "not_met", "cleaning_not_approved", "F044"),
    ("cleaning_approved", cleaner(""), "not_met", "cleaning_not_in_register", RENHOLD),
    ("cleaning_approved", cleaner("unknown"), "unknown", "cleaning_status_unknown",
     "REGISTERS 3a: fail closed on unknown texts, refuse nobody"),
    ("cleaning_approved", cleaner("approved_without_employees", "ENK", ["INNH"]), "met",
     "cleaning_approved_without_employees", "001 § 3.3; F045"),
    ("cleaning_approved", cleaner("approved_without_employees", "ENK", []), "not_met",
     "cleaning_only_owner", "001 § 3.3; F045"),
    ("cleaning_approved", cleaner("approved_without_employees", "ENK"), "unknown", "waiting",
     "F045"),
    ("cleaning_approved", cleaner("approved_without_employees", "DA", ["DTPR"]), "met",
     "cleaning_approved_without_employees", "F045"),
    ("cleaning_approved", cleaner("approved_without_employees", "AS"), "met",
     "cleaning_approved_without_employees", "F045: owners of an AS are in no register"),
    ("person_exists", person(printable=False), "unknown", "person_incomplete",
     "§ 7: name and birth date stand on the card"),
    # A register that has not answered, or is silent, decides nothing of any requirement.
    *((name, facts(asked=asked), "unknown", str(asked), SILENCE)
      for name in sorted(RULES) for asked in (Asked.WAITING, Asked.SILENT)),
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


@pytest.mark.parametrize("requirement", sorted(RULES))
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
    unknown = RULES["cleaning_approved"](cleaner("unknown"), TODAY)
    not_met = RULES["employed"](works(), TODAY)
    assert outcome([unknown, not_met]) == Found.NOT_MET
    assert outcome([unknown]) == Found.UNKNOWN


@pytest.mark.parametrize(
    ("requirement", "given"), [(case[0], case[1]) for case in CASES if case[3] != "waiting"]
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
    assert {case[3] for case in CASES} - {"waiting"} <= set(REASONS)


@pytest.mark.parametrize("kind", sorted(REQUIREMENTS))
def test_the_table_covers_every_requirement_of_both_kinds_in_every_state(kind):
    shown = {(case[0], case[2]) for case in CASES}
    for name in REQUIREMENTS[kind]:
        assert {(name, "met"), (name, "not_met")} <= shown


@pytest.mark.feature("F010")
def test_every_reason_for_a_refusal_has_steps_and_a_register_to_turn_to():
    for requirement, given, found, _, _ in CASES:
        if found == "not_met":
            finding = RULES[requirement](given, TODAY)
            assert STEPS[finding.reason]
            assert LINKS[finding.source].startswith("https://")


@pytest.mark.parametrize(
    ("requirement", "given", "first", "last"),
    [
        ("may_work_in_norway", permitted("yes", starts=day(-9), ends=day(9)), day(-9), day(9)),
        ("employed", posted((OURS, day(-9), day(9))), day(-9), day(9)),
        ("employed", posted((OURS, day(3), day(9)), work=[(OURS, day(-9), day(2))]), day(-9),
         day(9)),
    ],
)  # fmt: skip
def test_a_permit_and_posted_work_hold_on_their_days(requirement, given, first, last):
    assert RULES[requirement](given, TODAY).holds == DateRanges.between(first, last)


@pytest.mark.parametrize("asked", [Asked.WAITING, Asked.SILENT])
def test_a_file_that_was_never_read_neither_refuses_nor_approves(asked):
    for name, given in (("cleaning", facts()), ("staffing", agency("approved"))):
        finding = RULES[f"{name}_approved"](replace(given, **{name: Answer(asked)}), TODAY)
        assert (finding.found, finding.reason) == (Found.UNKNOWN, asked)


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_answer_whose_content_is_not_there_yet_is_waited_for(name):
    """The register has answered, but what it said was read a moment before."""
    empty = Answer(Asked.ANSWERED, None, AT)
    given = Facts(OURS, empty, empty, empty, empty, empty, empty, empty, roles=empty)
    finding = RULES[name](given, TODAY)
    assert finding.found == Found.UNKNOWN
    assert explain(finding.as_json()).asking
