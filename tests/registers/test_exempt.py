"""An exemption adds its days to those of the requirement, and says so where it decides."""

from datetime import UTC, date, datetime, timedelta

from hmskort.common.ranges import DateRanges
from registers.requirements.facts import Exempt
from registers.requirements.findings import Finding, Found, outcome, with_exemption

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEVER = DateRanges.never()


def finding(found, holds=NEVER):
    return Finding("employed", found, "not_employed", holds, "aaregisteret", AT)


def exempt(first, last):
    days = DateRanges.between(TODAY + timedelta(first), TODAY + timedelta(last))
    return Exempt("chair", days, "enhetsregisteret")


def test_a_requirement_that_fails_is_exempt_on_the_days_of_the_exemption():
    for found in (Found.NOT_MET, Found.UNKNOWN):
        judged = with_exemption(finding(found), exempt(-1, 9), TODAY)
        assert (judged.found, judged.reason) == (Found.EXEMPT, "chair")
        assert judged.holds == exempt(-1, 9).holds
        assert outcome([judged]) == Found.MET


def test_an_exemption_of_other_days_changes_nothing_today_but_gives_its_days():
    judged = with_exemption(finding(Found.NOT_MET), exempt(3, 9), TODAY)
    assert (judged.found, judged.reason) == (Found.NOT_MET, "not_employed")
    assert judged.holds == exempt(3, 9).holds


def test_a_requirement_that_is_met_stays_so_and_holds_on_both_days():
    met = DateRanges.between(TODAY, TODAY + timedelta(5))
    judged = with_exemption(finding(Found.MET, met), exempt(3, 9), TODAY)
    assert judged.found == Found.MET
    assert judged.holds == DateRanges.between(TODAY, TODAY + timedelta(9))


def test_without_an_exemption_the_rule_stands():
    assert with_exemption(finding(Found.NOT_MET), None, TODAY) == finding(Found.NOT_MET)
