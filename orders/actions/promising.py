"""When the card of a line must be in the post: the clock that half price is measured by."""

from datetime import date, datetime, time, timedelta

from cards.production.rules import SENT_WITHIN, Promise, last_day
from hmskort.accounts.orderers.queries import promise_days
from hmskort.common import clock, outbox
from hmskort.common.dated import in_force
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.models import Line
from orders.states import LineState
from registers.requirements.findings import Found
from registers.requirements.judge import judge

SHARES_ONE_LOOK = timedelta(hours=1)  # of cards issued later than that before it, each has its own
Clock = dict[str, datetime | date | None]


def started(line: Line) -> Clock:
    """The clock of a line that is paid and complete now: it runs once the requirements are met."""
    if line.verdict is None or line.verdict.outcome != Found.MET:
        return stopped()
    now = clock.now()
    return {"complete_at": now, "send_by": send_by(line, now)}


def stopped() -> Clock:
    """The clock of a line that lacks something again."""
    return {"complete_at": None, "send_by": None}


def running(line: Line) -> Clock:
    """The clock as it runs, or started now for a line that nothing has been missing in since."""
    if line.complete_at is None:
        return started(line)
    return {"complete_at": line.complete_at, "send_by": line.send_by}


def send_by(line: Line, at: datetime) -> date:
    """The last day in Oslo on which the card goes in time, if nothing is missing since `at`."""
    since = clock.oslo_date(at)
    return last_day(promise_of(line.orgnr, since), since)


def promise_of(orgnr: str, on: date) -> Promise:
    """What the company is promised that day: as its agreement says, else as everybody is."""
    agreed = promise_days(orgnr)
    return Promise(agreed) if agreed else in_force(SENT_WITHIN, on).value


def broken_at(send_by: date) -> datetime:
    """The moment when it is too late: midnight in Oslo after the last day."""
    return datetime.combine(send_by + timedelta(days=1), time(), clock.OSLO)


@owns_transaction
def note_met(*, line: Line) -> None:
    """The clock of a line in review runs since its requirements are known to be met."""
    line = (
        Line.objects.select_for_update(of=("self",))
        .select_related("order__kind", "person")
        .get(pk=line.pk)
    )
    if line.state != LineState.IN_REVIEW or line.complete_at:
        return
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        unit=line.order.unit_orgnr,
        kind=line.order.kind,
        on=clock.today(),
    )
    Line.objects.filter(pk=line.pk).update(verdict=line.verdict, **started(line))


@inside_transaction
def look_when_late(*, line: Line) -> None:
    """When its time is out, somebody looks whether the issued card has gone.

    Cards of an order with the same last day are looked at together. A card that is issued late, or
    so shortly before that the look might miss it, has a look of its own.
    """
    if line.send_by is None:
        return
    at, order = broken_at(line.send_by), line.order
    together = clock.now() < at - SHARES_ONE_LOOK
    outbox.enqueue(
        "order:promise_ended",
        key=f"{order.reference}:{line.send_by}" if together else line.reference,
        not_before=at,
        order=order.reference,
    )
