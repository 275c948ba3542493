"""Ordered although a requirement is not met: paid for with the others, reviewed once it is met."""

from datetime import datetime

from django.utils.translation import gettext as _

from cards.public_check.actions import announce
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders import mails, rules
from orders.actions import promising
from orders.actions.surnames import settle_names
from orders.errors import CannotOrder
from orders.models import Line, Order
from orders.states import LINE_MOVES, LineState, OrderState
from registers import employers
from registers.models import Company
from registers.requirements.findings import Found
from registers.requirements.judge import judge


def is_not_met(line: Line) -> bool:
    """Does a register say that a requirement is not met?"""
    return line.verdict is not None and line.verdict.outcome == Found.NOT_MET


def may_wait(line: Line) -> bool:
    """May what is not met still come in order while the order waits?"""
    return not (unmet_reasons(line) & rules.NOT_WAITED_FOR)


def stays_behind(line: Line) -> bool:
    """Is the person left in the cart when it is paid for, because of a register?"""
    return is_not_met(line) and not (line.order_when_met_at and may_wait(line))


def unmet_reasons(line: Line) -> set[str]:
    """Why requirements are not met, by the codes of the findings."""
    found = line.verdict.findings if line.verdict else []
    return {str(each["reason"]) for each in found if each["found"] == Found.NOT_MET}


@owns_transaction
def order_when_met(*, line: Line, actor: Actor) -> None:
    """The person goes along when the cart is paid for, and waits for what is not met.

    Files may be uploaded from now on, though a requirement is not met.

    Raises:
        CannotOrder: the line is no longer in a cart, or what is not met will not come in order.
    """
    current = Line.objects.select_related("verdict").get(pk=line.pk)
    if not may_wait(current):
        raise CannotOrder(_("Vi kan ikke vente på at dette kommer i orden."))
    _choose(line, at=clock.now())
    record("line:when_met_chosen", actor=actor, subject=line, orgnr=line.orgnr)


@owns_transaction
def do_not_order_when_met(*, line: Line, actor: Actor) -> None:
    """The person stays behind in the cart while a requirement is not met.

    Raises:
        CannotOrder: the line is no longer in a cart.
    """
    _choose(line, at=None)
    record("line:when_met_undone", actor=actor, subject=line, orgnr=line.orgnr)


@inside_transaction
def follow_employer(*, line: Line) -> None:
    """Aa-registeret has no feed: the employer is read again for as long as the line may wait."""
    today = clock.today()
    employers.follow(orgnr=line.orgnr, until=today + rules.reservation_ends_after(today))


@inside_transaction
def wait_until_met(*, line: Line) -> None:
    """The line is paid for and waits; its price is reserved and will not be captured meanwhile."""
    move(line, LineState.AWAITING, LINE_MOVES)
    record("line:awaiting", actor=SYSTEM, subject=line, orgnr=line.orgnr)
    follow_employer(line=line)


@owns_transaction
def review_when_met(*, line: Line) -> None:
    """A line that waits goes to review when every requirement is met, and its orderer is told.

    A register without a feed is asked again when its answer is a day old.
    """
    line = (
        Line.objects.select_for_update(of=("self",))
        .select_related("order__kind", "person")
        .get(pk=line.pk)
    )
    if line.state != LineState.AWAITING:
        return
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        unit=line.order.unit_orgnr,
        kind=line.order.kind,
        on=clock.today(),
        not_older_than=clock.now() - rules.ASK_AGAIN_AFTER,
    )
    settle_names([line])
    line.save(update_fields=["verdict", "name_known"])
    if line.verdict.outcome == Found.MET:
        line.met_at = clock.now()
        line.save(update_fields=["met_at"])
        send_to_review(line=line)
        mails.met(line)


@inside_transaction
def send_to_review(*, line: Line) -> None:
    """A paid line waits for a reviewer, and the public check says that a card is ordered."""
    now = clock.now()
    move(line, LineState.IN_REVIEW, LINE_MOVES, in_review_since=now, **promising.started(line))
    record("line:submitted", actor=SYSTEM, subject=line, orgnr=line.orgnr)
    announce_order(line=line, at=now)


@inside_transaction
def announce_order(*, line: Line, at: datetime) -> None:
    """Anyone who asks for the line's reference is told that a card is ordered."""
    order = line.order
    form = Company.objects.filter(orgnr=line.orgnr).values_list("form", flat=True).first()
    announce(
        reference=line.reference,
        kind_code=order.kind_id,
        company_name=order.company_name,
        orgnr=order.orgnr,
        form=form or "",
        ordered_on=clock.oslo_date(at),
    )


def _choose(line: Line, *, at: object) -> None:
    """The cart is locked: whoever begins to pay for it sees the choice, or comes before it."""
    carts = Order.objects.select_for_update(of=("self",))
    cart = carts.filter(lines=line.pk, state=OrderState.CART).first()
    drafts = Line.objects.filter(pk=line.pk, state=LineState.DRAFT, order=cart)
    if not (cart and drafts.exists()):
        raise CannotOrder(_("Bestillingen er sendt og kan ikke endres her."))
    Line.objects.filter(pk=line.pk).update(order_when_met_at=at)
