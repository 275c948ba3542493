"""What Renholdsregisteret tells, as far as the portal needs it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a cleaning company stands. Source: FOR-2012-05-08-408 § 6, letters a to e."""

    APPROVED_WITH_EMPLOYEES = "approved_with_employees"
    APPROVED_WITHOUT_EMPLOYEES = "approved_without_employees"
    UNDER_CONSIDERATION = "under_consideration"
    ORDERING_CARDS = "ordering_cards"
    NOT_APPROVED = "not_approved"
    UNKNOWN = "unknown"  # a text that is not documented: neither a yes nor a no


APPROVED = frozenset({Status.APPROVED_WITH_EMPLOYEES, Status.APPROVED_WITHOUT_EMPLOYEES})

# A new company is told to order cards before it is approved: "Først når virksomheten har HMS-kort
# til alle renholdere, vil den få endelig status som godkjent" (arbeidstilsynet.no).
MAY_ORDER = APPROVED | {Status.ORDERING_CARDS}


@dataclass(frozen=True)
class CleaningCompany:
    """A unit of the register. Only main units have a status; their sub-units have it from them."""

    orgnr: str
    main_orgnr: str
    name: str
    status: Status
