"""What Bemanningsforetaksregisteret tells, as far as the portal needs it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a staffing agency stands. To be in the register is not to be approved."""

    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    UNDER_CONSIDERATION = "under_consideration"
    UNKNOWN = "unknown"  # a text that is not documented: neither a yes nor a no


@dataclass(frozen=True)
class StaffingAgency:
    """A unit of the register. A sub-unit has a status of its own, which may differ."""

    orgnr: str
    main_orgnr: str
    name: str
    status: Status
