"""What a register granted for a period is asked about again near its end, so that more is known.

UDI and OAR have no feed. Each answer that has an end carries the next day on which to ask
(`Lookup.again_on`); nothing else is looked at, so the work follows what ends and not what there is.
"""

from datetime import date, timedelta

from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from registers.models import Lookup
from registers.wanted import want

# Days from the last day: an application takes weeks, and is sometimes granted after the end.
AROUND_THE_END = (-30, -7, 0, 1, 7, 30)


def next_asking(last_day: date | None, today: date) -> date | None:
    """The next day, after today, on which to ask about what ends on its last day; None: no more."""
    if last_day is None:
        return None
    days = (last_day + timedelta(days=days) for days in AROUND_THE_END)
    return next((day for day in days if day > today), None)


@owns_transaction
def ask_again(budget: int) -> int:
    """Those that have waited longest are being asked about; as many as the budget allows."""
    due = list(
        Lookup.objects.select_for_update(skip_locked=True)
        .filter(again_on__lte=clock.today())
        .order_by("again_on", "pk")[:budget]
    )
    Lookup.objects.filter(pk__in=[lookup.pk for lookup in due]).update(again_on=None)
    questions = {(lookup.source, lookup.subject) for lookup in due}
    want(questions, not_older_than=clock.now())
    return len(due)
