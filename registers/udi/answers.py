"""What UDI answers of a person's right to work."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Access(StrEnum):
    """Whether the person may work. `UNCLEAR` is for a person to look at, never a refusal."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Kind(StrEnum):
    """What the right is bound to. Only `GENERAL` can be relied on without looking at papers."""

    GENERAL = "general"
    ONE_EMPLOYER = "one_employer"
    ONE_KIND_OF_WORK = "one_kind_of_work"
    EMPLOYER_AND_WORK = "employer_and_work"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class RightToWork:
    """What UDI says today. Dates are None where it says none; `ends_on` is the last day."""

    access: Access
    kind: Kind
    starts_on: date | None
    ends_on: date | None
