"""From a paid line to a card: review, the last look in the registers, capture, issue."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from cards import judging
from cards.actions import issue as issue_card
from cards.actions import pictures_of
from cards.public_check.actions import withdraw as withdraw_reference
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders import mails, prices, queries, rules
from orders.actions import promising
from orders.delivery.places import of_order
from orders.delivery.queries import sleeves_wait
from orders.errors import CannotOrder
from orders.evidence.models import Piece
from orders.evidence.serving import stored_bytes
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.actions import Item
from orders.payments.queries import is_captured, is_under_way
from orders.people.second_card import obstacles
from orders.states import LINE_ENDED, LINE_MOVES, ORDER_MOVES, LineState, OrderState
from registers import lookups
from registers.models import Company, Verdict
from registers.requirements.findings import Found
from registers.requirements.judge import judge, sources_for

TRIES = 4  # of a capture that nobody else makes good for: it is asked for again when refused
TOLD_OF = (LineState.ISSUED, LineState.REFUSED, LineState.HELD, LineState.AWAITING)
UNDER_WAY = (LineState.IN_REVIEW, LineState.APPROVED, LineState.CLEARED, LineState.CAPTURED)


@inside_transaction
def approve_line(*, line: Line, actor: Actor) -> None:
    """Photo, signature and ID are good: the registers are asked one last time."""
    now = clock.now()
    move(line, LineState.APPROVED, LINE_MOVES, approved_at=now)
    record("line:approved", actor=actor, subject=line, orgnr=line.orgnr)
    ask_registers_once_more(line)


@inside_transaction
def ask_registers_once_more(line: Line) -> None:
    """The line goes on when every register has answered since it was approved."""
    at = line.approved_at or clock.now()
    questions = sources_for(line.person, line.orgnr, line.order.kind, line.order.unit_orgnr)
    lookups.want(questions, not_older_than=at)
    outbox.enqueue("line:approved", key=f"{line.pk}:{at.isoformat()}", line=str(line.pk))


@inside_transaction
def refuse_line(*, line: Line, actor: Actor) -> None:
    """A piece must be mended; the rest is kept and the money stays reserved."""
    move(line, LineState.REFUSED, LINE_MOVES, **promising.stopped())
    record("line:refused", actor=actor, subject=line, orgnr=line.orgnr)
    tell_when_round_is_over(line.order)


@inside_transaction
def mend_if_whole(*, line: Line, actor: Actor) -> None:
    """A refused line none of whose files is refused any more waits for review again."""
    pieces = [piece for piece in (line.portrait, line.signature, line.id_copy) if piece]
    if any(piece.state == Piece.State.REFUSED for piece in pieces):
        return
    again = promising.started(line)
    move(line, LineState.IN_REVIEW, LINE_MOVES, in_review_since=clock.now(), **again)
    record("line:mended", actor=actor, subject=line, orgnr=line.orgnr)


@owns_transaction
def clear(*, line: Line) -> None:
    """An approved line is cleared when every register has answered and every requirement holds.

    It waits for the part of the portrait that goes on the card, too: a reviewer may be faster than
    the automatic check that finds it.

    Then its price, and the order's postage once, are captured. A requirement that does not hold
    keeps the line back, and so does a first working day that is too far ahead; one that nobody has
    answered for leaves it waiting.
    """
    line = _locked(line)
    if line.state not in queries.TO_BE_CLEARED or _awaits_crop(line):
        return
    verdict = _judge(line, not_older_than=line.approved_at)
    if verdict.outcome == Found.MET and not _too_early(verdict):
        move(line, LineState.CLEARED, LINE_MOVES, **promising.running(line))
        record("line:cleared", actor=SYSTEM, subject=line, orgnr=line.orgnr)
        _want_capture(line)
    elif verdict.outcome != Found.UNKNOWN and line.state == LineState.APPROVED:
        move(line, LineState.HELD, LINE_MOVES, **promising.stopped())
        record("line:held", actor=SYSTEM, subject=line, orgnr=line.orgnr)
        tell_when_round_is_over(line.order)


def _too_early(verdict: Verdict) -> bool:
    """Do the requirements hold only from a day for which a card is not made yet?"""
    today, starts_on = clock.today(), queries.starts_on(verdict)
    return starts_on is not None and today < rules.issue_from(starts_on, today)


def _awaits_crop(line: Line) -> bool:
    return line.portrait is not None and line.portrait.awaits_check


def _want_capture(line: Line) -> None:
    order = line.order
    if order.payment is None:  # free of charge: there is nothing to wait for
        outbox.enqueue("line:free", key=str(line.pk), line=str(line.pk))
        return
    payments.want_capture(
        payment=order.payment,
        key=f"card:{line.reference}",
        items=[card_item(line)],
        actor=SYSTEM,
    )
    if line.purpose != prices.FREE:
        payments.want_capture(
            payment=order.payment,
            key=f"postage:{order.reference}",
            items=[postage_item(order)],
            actor=SYSTEM,
            tries=TRIES,
        )


@owns_transaction
def issue_line(*, line: Line) -> None:
    """A line whose price was captured is a card."""
    line = _locked(line)
    if line.state != LineState.CLEARED:
        return
    move(line, LineState.CAPTURED, LINE_MOVES)
    record("line:captured", actor=SYSTEM, subject=line, orgnr=line.orgnr)
    judging.hold_back()
    verdict = _judge(line, last_known=True)
    if verdict.outcome == Found.UNKNOWN:
        raise outbox.TryLater("a register has not answered about the person's newest row")
    if verdict.outcome != Found.MET:  # a register changed while the money was on its way
        _pay_back(line)
        return
    portrait, signature = _pictures(line)
    card = issue_card(
        issue_key=f"line:{line.pk}",
        kind=line.order.kind,
        person=line.person,
        company=Company.objects.get(orgnr=line.orgnr),
        verdict=verdict,
        portrait=portrait,
        signature=signature,
        ordered_on=clock.oslo_date(line.met_at or line.order.submitted_at or clock.now()),
        delivery={
            "shipment": line.order.reference,
            "address": address_lines(_kept_still(line.order)),
            "language": line.order.language,
        },
        actor=SYSTEM,
        reference=line.reference,
    )
    now = clock.now()
    move(line, LineState.ISSUED, LINE_MOVES, card=card, ended_at=now, name_known=True)
    record("line:issued", actor=SYSTEM, subject=line, orgnr=line.orgnr, card=card.number)
    promising.look_when_late(line=line)
    complete_if_ended(line.order)
    tell_when_round_is_over(line.order)


def _pictures(line: Line) -> tuple[bytes, bytes | None]:
    """Portrait and signature of the line's files; of a faulty card's replacement, of that card."""
    if line.portrait:
        signature = stored_bytes(line.signature) if line.signature else None
        return stored_bytes(line.portrait), signature
    assert line.replaces is not None  # any other line has its files reviewed  # noqa: S101
    return pictures_of(line.replaces)


def _kept_still(order: Order) -> Order:
    """The order as it is now, and stays: its address is changed before this card is, or after."""
    return Order.objects.select_for_update(of=("self",)).get(pk=order.pk)


def _pay_back(line: Line) -> None:
    """The price is paid back: the card could not be issued after all."""
    payment, paid_for = line.order.payment, bool(line.price.gross_ore)
    if payment is not None and paid_for:
        payments.want_refund(
            payment=payment,
            key=f"refund:{line.reference}",
            items=[card_item(line)],
            actor=SYSTEM,
        )
    move(line, LineState.WITHDRAWN, LINE_MOVES, ended_at=clock.now())
    record("line:withdrawn", actor=SYSTEM, subject=line, orgnr=line.orgnr, paid_back=paid_for)
    withdraw_reference(reference=line.reference)
    complete_if_ended(line.order)
    if paid_for:
        mails.paid_back(line)
    tell_when_round_is_over(line.order)


@owns_transaction
def withdraw_line(*, line: Line, actor: Actor) -> None:
    """The orderer takes a person out of a paid order; nothing is captured for them.

    Raises:
        CannotOrder: it is too late, the card is being made.
    """
    line = _locked(line)
    if (
        line.state == LineState.DRAFT
        or LineState.WITHDRAWN not in LINE_MOVES[LineState(line.state)]
    ):
        raise CannotOrder(gettext("Det er for sent å trekke tilbake: kortet lages allerede."))
    was_under_way = line.state in UNDER_WAY
    move(line, LineState.WITHDRAWN, LINE_MOVES, ended_at=clock.now())
    record("line:withdrawn", actor=actor, subject=line, orgnr=line.orgnr)
    withdraw_reference(reference=line.reference)
    complete_if_ended(line.order)
    if was_under_way:
        tell_when_round_is_over(line.order)


@owns_transaction
def release_line(*, line: Line) -> None:
    """The reservation is about to run out: the person is back in the company's cart."""
    line = _locked(line)
    if LineState.RELEASED not in LINE_MOVES[LineState(line.state)]:
        return
    was_under_way = line.state in UNDER_WAY
    move(line, LineState.RELEASED, LINE_MOVES, ended_at=clock.now())
    record("line:released", actor=SYSTEM, subject=line, orgnr=line.orgnr)
    withdraw_reference(reference=line.reference)
    _back_in_cart(line)
    complete_if_ended(line.order)
    mails.released(line)
    if was_under_way:
        tell_when_round_is_over(line.order)


def _back_in_cart(line: Line) -> None:
    """The person waits in the company's cart with every file that was not refused.

    Not where they have got another card meanwhile: two numbers turned out to be one person's.
    """
    if line.purpose != Line.Purpose.FAULTY and obstacles([line.person], line.orgnr):
        return
    cart = company_cart(line.order)
    Line.objects.create(
        order=cart,
        orgnr=line.orgnr,
        person=line.person,
        position=queries.next_position(cart),
        verdict=line.verdict,
        price_net_ore=line.price_net_ore,
        price_vat_ore=line.price_vat_ore,
        order_when_met_at=line.order_when_met_at,
        purpose=line.purpose,
        replaces=line.replaces,
        stated_surname=line.stated_surname,
        name_known=line.name_known,
        **{
            kind: piece
            for kind in Piece.Kind.values
            if (piece := getattr(line, kind)) and piece.state != Piece.State.REFUSED
        },
    )


@inside_transaction
def company_cart(order: Order) -> Order:
    """The cart beside an order that is no longer one: same company, kind, receiver and orderer.

    It is locked, so that it stays a cart until who is put in it stands there: somebody who begins
    to pay for it in the same moment comes before, and then there is another, or after.
    """
    kept = (
        "company_name", "orderer", "contact_email", "language", "unit_orgnr", "unit_name",
        "address_choice", "deliver_to", "street", "postal_code", "city", "country_code",
    )  # fmt: skip
    while True:
        cart, created = Order.objects.get_or_create(
            orgnr=order.orgnr,
            kind=order.kind,
            state=OrderState.CART,
            defaults={name: getattr(order, name) for name in kept},
        )
        if created:
            record("order:started", actor=SYSTEM, subject=cart, orgnr=cart.orgnr, kind=cart.kind_id)
        locked = Order.objects.select_for_update(of=("self",)).filter(pk=cart.pk)
        if still := locked.filter(state=OrderState.CART).first():
            return still


@inside_transaction
def complete_if_ended(order: Order) -> None:
    """An order is completed when every line and its sleeves have ended; the rest is given back."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state != OrderState.SUBMITTED:
        return
    if order.lines.exclude(state__in=sorted(LINE_ENDED)).exists() or sleeves_wait(order):
        return
    move(order, OrderState.COMPLETED, ORDER_MOVES, completed_at=clock.now())
    record("order:completed", actor=SYSTEM, subject=order, orgnr=order.orgnr)
    if order.payment is not None:
        payments.want_release(payment=order.payment, key=f"rest:{order.reference}", actor=SYSTEM)
    _pay_postage_back(order)
    outbox.enqueue("order:completed", key=order.reference, order=str(order.pk))


@owns_transaction
def pay_idle_postage_back(*, order: Order) -> None:
    """Postage that was captured after the order ended without a card is paid back.

    Raises:
        TryLater: it is being captured.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state != OrderState.COMPLETED or order.payment is None:
        return
    if is_under_way(order.payment, key=f"postage:{order.reference}"):
        raise outbox.TryLater("postage is being captured")
    _pay_postage_back(order)


@inside_transaction
def _pay_postage_back(order: Order) -> None:
    """Postage is for cards that are sent: an order that ended without one has it back, once.

    A card that replaces one with a fault of ours is sent at our cost.
    """
    sent = order.lines.filter(state=LineState.ISSUED).exclude(purpose=prices.FREE)
    if order.payment is None or sent.exists():
        return
    if is_captured(order.payment, key=f"postage:{order.reference}"):
        payments.want_refund(
            payment=order.payment,
            key=f"refund:{order.reference}-P",
            items=[postage_item(order)],
            actor=SYSTEM,
        )


@inside_transaction
def tell_when_round_is_over(order: Order) -> None:
    """When no line is under way the orderer is told what is produced and what must be mended.

    Where everybody was withdrawn or released there is nothing to tell that was not told already.
    """
    Order.objects.select_for_update().get(pk=order.pk)  # two last lines at once: one of them tells
    if order.lines.filter(state__in=UNDER_WAY).exists():
        return
    if not order.lines.filter(state__in=TOLD_OF).exists():
        return
    mails.result(order, key=f"{order.reference}:{clock.now():%Y%m%d%H%M%S%f}")


def card_item(line: Line) -> Item:
    """What the payment page and the bank statement call a line; never the person's number."""
    with translation.override(line.order.language):
        name = gettext("HMS-kort – %s") % line.order.kind.name
    return Item(reference=line.reference, name=name, amount=line.price)


def postage_item(order: Order) -> Item:
    """Postage for the order's one shipment."""
    with translation.override(order.language):
        return Item(reference=f"{order.reference}-P", name=gettext("Porto"), amount=order.postage)


def address_lines(order: Order) -> list[str]:
    """The address as it stands on a letter."""
    return of_order(order).lines


def _judge(
    line: Line, *, last_known: bool = False, not_older_than: datetime | None = None
) -> Verdict:
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        unit=line.order.unit_orgnr,
        kind=line.order.kind,
        on=clock.today(),
        last_known=last_known,
        not_older_than=not_older_than,
    )
    line.save(update_fields=["verdict"])
    return line.verdict


def _locked(line: Line) -> Line:
    return (
        Line.objects.select_for_update(of=("self",))
        .select_related("order__kind", "order__payment", "person", "portrait", "replaces")
        .get(pk=line.pk)
    )
