"""Two numbers turned out to be one person's: what was ordered for both is one person's too."""

from cards.public_check.actions import withdraw as withdraw_reference
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders.actions.progress import complete_if_ended
from orders.actions.staff import judge_employees
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.importing.models import Row
from orders.models import Line, Order
from orders.queries import SAME_PERSON, TO_BE_CLEARED
from orders.states import LINE_MOVES, LINE_OPEN, LineState, OrderState
from registers.models import Person
from registers.requirements.judge import judge


@owns_transaction
def merge_person(*, old: Person, one: Person) -> None:
    """Every file and line of the old row is the one's, with one open line for each company.

    Of two open lines for a company the one in the cart gives way, else the one that can still be
    withdrawn. The history says why, nothing is captured for it, and nobody is written to.

    Raises:
        TryLater: both are being paid for; nothing has changed.
    """
    _keep_carts_still(old, one)
    evidence.reassign(old=old, one=one)
    for line in _open_lines(old):
        _settle(line, one)
    Line.objects.filter(person=old).update(person=one)
    Row.objects.filter(person=old).update(person=one)
    for line in _open_lines(one):
        _judge_as(line, one)
    judge_employees(subjects=[str(old.pk), str(one.pk)])


@inside_transaction
def _keep_carts_still(*people: Person) -> None:
    """Their carts are locked before their lines are, as by whoever begins to pay for one."""
    drafts = Line.objects.filter(person__in=people, state=LineState.DRAFT).values("order")
    list(Order.objects.select_for_update(of=("self",)).filter(pk__in=drafts).order_by("pk"))


def _settle(line: Line, one: Person) -> None:
    """At most one of the line and what the person has with the same company is open."""
    doubles = [line, *_open_lines(one, orgnr=line.orgnr)]
    if len(doubles) == 1:
        return
    least = sorted(doubles, key=lambda each: each.state != LineState.DRAFT)
    gone = next((each for each in least if _may_end(each)), None)
    if gone is None:
        raise outbox.TryLater("two lines of one person are being paid for")
    kept = next(each for each in doubles if each is not gone)
    _end(gone)
    if kept.state == LineState.DRAFT:
        _fill(kept, gone)


def _may_end(line: Line) -> bool:
    at_the_payment_page = line.state == LineState.DRAFT and line.order.state == OrderState.PAYING
    return LineState.WITHDRAWN in LINE_MOVES[LineState(line.state)] and not at_the_payment_page


@inside_transaction
def _end(line: Line) -> None:
    paid_for = line.state != LineState.DRAFT
    move(line, LineState.WITHDRAWN, LINE_MOVES, ended_at=clock.now())
    record("order:line_removed", actor=SYSTEM, subject=line.order, orgnr=line.orgnr,
           line=line.position, reason=SAME_PERSON)  # fmt: skip
    if paid_for:
        record("line:withdrawn", actor=SYSTEM, subject=line, orgnr=line.orgnr, reason=SAME_PERSON)
        withdraw_reference(reference=line.reference)
        complete_if_ended(line.order)


@inside_transaction
def _fill(kept: Line, gone: Line) -> None:
    """What was uploaded for the double need not be uploaded again."""
    for kind in Piece.Kind.values:
        piece = getattr(gone, kind)
        if piece and piece.state != Piece.State.REFUSED and getattr(kept, kind) is None:
            setattr(kept, kind, piece)
    kept.save(update_fields=Piece.Kind.values)


@inside_transaction
def _judge_as(line: Line, one: Person) -> None:
    """The line's verdict is on the one; an approved line that waited for answers is tried again."""
    if line.state in {LineState.DRAFT, LineState.AWAITING}:
        line.verdict = judge(
            person=one,
            orgnr=line.orgnr,
            unit=line.order.unit_orgnr,
            kind=line.order.kind,
            on=clock.today(),
        )
        line.save(update_fields=["verdict"])
    elif line.state in TO_BE_CLEARED:
        key = f"{line.pk}:{clock.now().isoformat()}"
        outbox.enqueue("line:approved", key=key, line=str(line.pk))


def _open_lines(person: Person, orgnr: str = "") -> list[Line]:
    """The person's open lines, the oldest first, locked."""
    lines = (
        Line.objects.select_for_update(of=("self",))
        .select_related("order__kind", "portrait", "signature", "id_copy")
        .filter(person=person, state__in=sorted(LINE_OPEN))
        .order_by("created_at", "id")
    )
    return list(lines.filter(orgnr=orgnr) if orgnr else lines)
