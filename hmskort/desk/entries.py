"""What stands in a case: its lines of history, and its documents. Used by every action here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common.transactions import inside_transaction
from hmskort.desk.models import Attachment, Case, Entry


@dataclass(frozen=True)
class Period:
    """From and with, to and with."""

    from_on: date
    to_on: date


@inside_transaction
def enter(
    case: Case,
    kind: Entry.Kind,
    user: User | None,
    actor: Actor,
    *,
    text: str = "",
    period: Period | None = None,
) -> Entry:
    """The case's history and the journal have the same line. user: None for the portal itself."""
    dates = (
        {"from_on": period.from_on.isoformat(), "to_on": period.to_on.isoformat()} if period else {}
    )
    record(f"case:{kind}", actor=actor, subject=case, orgnr=case.orgnr, **dates)
    return Entry.objects.create(
        case=case,
        kind=kind,
        by=user,
        text=text,
        from_on=period.from_on if period else None,
        to_on=period.to_on if period else None,
    )


@inside_transaction
def attach(case: Case, rows: Sequence[Attachment]) -> None:
    """The documents are the case's."""
    for row in rows:
        row.case = case
    Attachment.objects.bulk_create(rows)
