"""How a rule says what it found."""

from datetime import date

from hmskort.common.ranges import DateRanges
from registers.requirements.facts import Answer, Asked, Fact
from registers.requirements.findings import Finding, Found

ALWAYS = DateRanges.always()
NEVER = DateRanges.never()
OF_THE_PERSON = frozenset({"person_exists", "may_work_in_norway"})


def judged(  # noqa: PLR0917 - the parts of a finding
    requirement: str,
    answer: Answer[Fact],
    days: DateRanges,
    reason: str,
    told: dict[str, str],
    on: date,
    source: str = "",
) -> Finding:
    """The requirement is met that day if it is among the days on which it holds.

    source: the register that answered, where it is not the one that most rules rest on.
    """
    found = Found.MET if on in days else Found.NOT_MET
    usual = "folkeregisteret" if requirement in OF_THE_PERSON else "enhetsregisteret"
    return Finding(requirement, found, reason, days, source or usual, answer.answered_at, told)


def no_answer(requirement: str, answer: Answer[Fact], source: str) -> Finding:
    """The register has not answered, or not this: it neither refuses nor approves."""
    asked = Asked.SILENT if answer.asked == Asked.SILENT else Asked.WAITING
    return Finding(requirement, Found.UNKNOWN, str(asked), NEVER, source, answer.answered_at)


def undecided(requirement: str, answer: Answer[Fact], reason: str, source: str) -> Finding:
    """The register has answered, but not with a yes or a no: a person must look at it."""
    return Finding(requirement, Found.UNKNOWN, reason, NEVER, source, answer.answered_at)


def has_answered(answer: Answer[Fact]) -> bool:
    return answer.asked == Asked.ANSWERED and answer.fact is not None
