"""What a requirement was found to be, and why."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from hmskort.common.ranges import DateRanges
from registers.requirements.facts import Exempt


class Found(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"  # no register has answered; never a refusal
    EXEMPT = "exempt"


# Answers that are neither yes nor no, by whether they are of a person or of the whole company.
UNCLEAR_OF_PERSON = frozenset({"unclear"})
UNCLEAR_OF_COMPANY = frozenset({"cleaning_status_unknown", "staffing_status_unknown"})
ASSESSED = "saksbehandler"  # the source of what caseworkers made of them
UNCLEAR = UNCLEAR_OF_PERSON | UNCLEAR_OF_COMPANY


@dataclass(frozen=True)
class Finding:
    """One requirement, judged.

    reason: a code with a text in `texts`; holds: the days on which the requirement holds;
    told: plain values that the text names; answered_at: how old the facts are.
    """

    requirement: str
    found: Found
    reason: str
    holds: DateRanges
    source: str
    answered_at: datetime | None = None
    told: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {
            "requirement": self.requirement,
            "found": str(self.found),
            "reason": self.reason,
            "holds": [[_iso(first), _iso(last)] for first, last in self.holds],
            "source": self.source,
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "told": self.told,
        }


def with_exemption(finding: Finding, exempt: Exempt | None, on: date) -> Finding:
    """The requirement holds on its own days and on those of the exemption.

    It is *exempt* on a day on which the exemption is what makes it hold. An unclear answer that a
    caseworker has read as a no is not met while that reading lasts.
    """
    if exempt is None:
        return finding
    days = finding.holds | exempt.holds
    if on not in exempt.holds and on in exempt.refused and finding.reason in UNCLEAR:
        told = {"until": _iso(_last_of(exempt.refused, on)) or ""}
        found, reason = Found.NOT_MET, "assessed_no"
        return Finding(finding.requirement, found, reason, days, ASSESSED, exempt.since, told)
    if finding.found == Found.MET or on not in exempt.holds:
        return replace(finding, holds=days)
    return Finding(
        finding.requirement,
        Found.EXEMPT,
        exempt.reason,
        days,
        exempt.source,
        exempt.since,
        exempt.told,
    )


def outcome(findings: list[Finding]) -> Found:
    """Not met if anything is, else unknown if anything is, else met."""
    every = {finding.found for finding in findings}
    if Found.NOT_MET in every:
        return Found.NOT_MET
    return Found.UNKNOWN if Found.UNKNOWN in every else Found.MET


def holds(findings: list[Finding]) -> DateRanges:
    """The days on which every requirement holds."""
    days = DateRanges.always()
    for finding in findings:
        days &= finding.holds
    return days


def _last_of(days: DateRanges, on: date) -> date | None:
    """The last day of the range that the day is in."""
    return next((end for start, end in days if on in DateRanges.between(start, end)), None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
