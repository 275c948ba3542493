"""The table of requirements with its dates: on which days each holds, and for which card kinds.

The cases themselves, each with its source, are in `test_requirements.CASES`.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from hmskort.common.ranges import DateRanges
from registers.exemptions.kinds import KINDS as EXEMPTION_KINDS
from registers.kinds import REQUIREMENTS
from registers.requirements.facts import Exempt
from registers.requirements.findings import Found, holds, outcome
from registers.requirements.judge import findings_on
from registers.requirements.rules import RULES
from registers.requirements.texts import REASONS
from tests.registers.test_requirements import (
    BYGG,
    CASES,
    OAR,
    OURS,
    THEIRS,
    TODAY,
    UDI,
    agency,
    cleaner,
    company,
    day,
    holds_role,
    permitted,
    person,
    posted,
    works,
)

# What a register says of today alone holds on every day, or on none, until it says something else.
EVERY_DAY = {
    "company_in_order", "vat_registered", "in_foretaksregisteret", "no_duty_foretaksregisteret",
    "cleaning_approved_with_employees", "cleaning_approved_without_employees",
    "cleaning_ordering_cards", "staffing_approved", "not_a_staffing_company", "person_in_order",
    "citizen_of_eea", "may_work",
}  # fmt: skip
NO_DAY = {
    "company_not_found", "company_bankrupt", "not_vat_registered", "not_in_foretaksregisteret",
    "cleaning_under_consideration", "cleaning_not_approved", "cleaning_not_in_register",
    "cleaning_only_owner", "cleaning_status_unknown", "staffing_under_consideration",
    "staffing_not_approved", "staffing_not_in_register", "staffing_status_unknown",
    "person_incomplete", "person_not_found", "number_ended", "d_number_inactive", "not_employed",
    "not_employed_with_role", "not_reported", "may_not_work", "permit_not_found", "unclear",
    "waiting", "silent",
}  # fmt: skip
HERE = "edge case 3: any sub-unit of the same main unit"
DATED = [
    # requirement, facts, reason, first day, last day, source
    ("company_exists", company(deleted_on=day(-1)), "company_deleted", None, -2, BYGG),
    ("company_exists", company(deleted_on=day(0)), "company_deleted", None, -1, BYGG),
    ("company_exists", company(deleted_on=day(1)), "company_deleted", None, 0, BYGG),
    ("person_exists", person(register_status="doed", died_on=day(-3)), "dead", None, -3, BYGG),
    ("employed", works((OURS, day(-900))), "employed", -900, None, BYGG),
    ("employed", works((OURS, day(-900), day(0))), "employed", -900, 0, BYGG),
    ("employed", works((OURS, day(-9), day(9)), (OURS, day(10), day(20))), "employed", -9, 20,
     HERE),
    ("employed", works((OURS, day(-9), day(9)), (THEIRS, day(-9))), "employed", -9, 9, BYGG),
    ("employed", works((OURS, day(29))), "employed_soon", 29, None, "F059, edge case 2"),
    ("employed", works((OURS, day(31))), "starts_too_late", 31, None, "F059, edge case 2"),
    ("employed", works((OURS, day(-900), day(-1))), "employment_ended", -900, -1, BYGG),
    ("employed", posted((OURS, day(-9), day(9))), "posted", -9, 9, OAR),
    ("employed", posted((OURS, day(10), day(90))), "posted_soon", 10, 90, OAR),
    ("employed", posted((OURS, day(31))), "posted_too_late", 31, None, OAR),
    ("employed", posted((OURS, day(-9), day(-1))), "posted_ended", -9, -1, OAR),
    ("may_work_in_norway", permitted("yes", ends=day(0)), "may_work_until", None, 0, UDI),
    ("may_work_in_norway", permitted("yes", ends=day(-1)), "permit_ended", None, -1, UDI),
    ("may_work_in_norway", permitted("yes", starts=day(1), ends=day(9)), "permit_not_begun", 1, 9,
     UDI),
]  # fmt: skip


def days(first, last):
    return DateRanges.between(
        TODAY + timedelta(first) if first is not None else None,
        TODAY + timedelta(last) if last is not None else None,
    )


@pytest.mark.parametrize(("requirement", "given", "found", "reason", "source"), CASES)
def test_what_is_said_of_today_holds_on_every_day_or_on_none(
    requirement, given, found, reason, source
):
    held = RULES[requirement](given, TODAY).holds
    if reason in EVERY_DAY:
        assert held == DateRanges.always(), source
    if reason in NO_DAY:
        assert held == DateRanges.never(), source


@pytest.mark.parametrize(("requirement", "given", "reason", "first", "last", "source"), DATED)
def test_what_has_dates_holds_on_them(  # noqa: PLR0917 - the table
    requirement, given, reason, first, last, source
):
    finding = RULES[requirement](given, TODAY)
    assert finding.reason == reason
    assert finding.holds == days(first, last), source
    for offset in (first, last):  # the day itself, and those beside it, as the calendar goes on
        for on in () if offset is None else (offset - 1, offset, offset + 1):
            later = RULES[requirement](given, TODAY + timedelta(on))
            soon = later.reason in {"employed_soon", "posted_soon"}  # met ahead, holds from then
            assert (later.found == Found.MET) == (TODAY + timedelta(on) in finding.holds or soon)


@pytest.mark.parametrize("kind", sorted(REQUIREMENTS))
@pytest.mark.parametrize(("requirement", "given", "found", "reason", "source"), CASES)
def test_a_case_counts_for_the_kinds_that_require_it_and_for_no_others(  # noqa: PLR0917 - the table
    kind, requirement, given, found, reason, source
):
    judged = {row.requirement: row for row in findings_on(given, REQUIREMENTS[kind], TODAY)}
    assert list(judged) == list(REQUIREMENTS[kind])
    if requirement in judged:
        assert (judged[requirement].found, judged[requirement].reason) == (found, reason), source
    if requirement in judged and found == Found.NOT_MET:
        assert outcome(list(judged.values())) == Found.NOT_MET
        assert TODAY not in holds(list(judged.values()))


# Of each requirement a case in which it is not met: what an exemption is worth.
UNMET = {
    "company_exists": company(bankrupt=True),
    "vat_registered": company(vat_registered=False),
    "in_foretaksregisteret": company(in_foretaksregisteret=False),
    "cleaning_approved": cleaner("not_approved"),
    "staffing_approved": agency("not_approved"),
    "person_exists": person(register_status="inaktiv"),
    "employed": holds_role(),
    "may_work_in_norway": permitted("no", ""),
}
EXEMPT_ON = [
    # the exemption's first day, its last, what the requirement is today, source
    (0, 30, Found.EXEMPT, "F063: from its first day"),
    (-30, 0, Found.EXEMPT, "F063: to and with its last"),
    (-30, -1, Found.NOT_MET, "F063: the day after, orders fail"),
    (1, 30, Found.NOT_MET, "F063: not before it begins"),
]
REASONS_OF_EXEMPTIONS = {
    "exemption_granted": "unntak",
    "exemption_proven": "enhetsregisteret",
    "overridden": "unntak",
    "assessed_yes": "saksbehandler",
}


@pytest.mark.parametrize("kind", sorted(REQUIREMENTS))
@pytest.mark.parametrize(("first", "last", "found", "source"), EXEMPT_ON)
@pytest.mark.parametrize("reason", sorted(REASONS_OF_EXEMPTIONS))
def test_every_requirement_of_both_kinds_is_exempt_on_the_days_of_an_exemption(  # noqa: PLR0917 - the table
    kind, first, last, found, reason, source
):
    for name in REQUIREMENTS[kind]:
        exempt = Exempt(reason, days(first, last), REASONS_OF_EXEMPTIONS[reason])
        given = replace(UNMET[name], exempt={name: exempt})
        judged = {row.requirement: row for row in findings_on(given, REQUIREMENTS[kind], TODAY)}
        assert judged[name].found == found, (name, source)
        assert judged[name].holds == days(first, last) | RULES[name](UNMET[name], TODAY).holds
        assert (judged[name].reason == reason) is (found == Found.EXEMPT)


def test_no_reason_lacks_a_row():
    dated = {case[2] for case in DATED}
    told = {case[3] for case in CASES}
    other_policy = {"employed_in_another_unit"}  # `test_sub_units`
    assert told == EVERY_DAY | NO_DAY | dated
    assert not EVERY_DAY & NO_DAY
    assert not dated & (EVERY_DAY | NO_DAY)
    of_exemptions = {*REASONS_OF_EXEMPTIONS, "assessed_no"}  # the no: tests/desk/test_unclear.py
    assert set(REASONS) == told | of_exemptions | other_policy


def test_every_requirement_has_a_row_in_every_state():
    rows = {(case[0], case[2]) for case in CASES}
    states = [Found.MET, Found.NOT_MET, Found.UNKNOWN]
    assert rows == {(name, state) for name in RULES for state in states}
    assert set(UNMET) == set(RULES)
    assert {case[2] for case in EXEMPT_ON} == {Found.EXEMPT, Found.NOT_MET}


def test_every_row_names_its_source():
    assert all(case[4] for case in CASES)
    assert all(case[5] for case in DATED)
    assert all(case[3] for case in EXEMPT_ON)
    assert all(kind["source"] for kind in EXEMPTION_KINDS.values())
