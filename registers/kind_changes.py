"""A card kind requires something else from a date: what rests on it is judged again that day."""

from datetime import date, datetime, time, timedelta

from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction
from registers.models import CardKind, KindRequirement


@inside_transaction
def begins(*, row: KindRequirement) -> None:
    """Cards and orders of the kind are judged again once, when the requirement begins to hold."""
    _judge_from(row.since, row, "since")


@inside_transaction
def ends(*, row: KindRequirement) -> None:
    """They are judged again once, on the day after the requirement's last."""
    if row.until:
        _judge_from(row.until + timedelta(days=1), row, f"until:{row.until}")


@inside_transaction
def exemptions_changed(*, requirement: str, what: str) -> None:
    """What the registers prove to be exempt is another: cards that require it are judged again.

    what: unique for the change.
    """
    having = CardKind.objects.filter(requirements__requirement=requirement).distinct()
    for kind in having:
        change = f"{kind.pk}:{what}"
        outbox.enqueue("kind:changed", key=change, kind=kind.pk, change=change)


def _judge_from(day: date, row: KindRequirement, what: str) -> None:
    change = f"{row.pk}:{what}"
    outbox.enqueue(
        "kind:changed",
        key=change,
        not_before=datetime.combine(day, time(), clock.OSLO),
        kind=row.kind_id,
        change=change,
    )
