"""Putting an order together: people, their register requirements, files, and where it goes."""

from django.db.models import Exists
from django.utils.translation import gettext as _

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders import rules
from orders.actions import progress
from orders.actions.awaiting import follow_employer, is_not_met
from orders.actions.surnames import settle_names
from orders.errors import CannotOrder
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.models import Line, Order
from orders.states import LINE_MOVES, LineState, OrderState
from registers import lookups, units
from registers.approvals import cleaning_approvals, is_cleaning_company
from registers.models import CardKind, Company
from registers.requirements.judge import judge, sources_for


def may_order(orgnr: str, kind: CardKind) -> bool:
    """May the company order this kind of card today?"""
    return rules.may_order_kind(
        kind.code, clock.today(), in_cleaning_register=is_cleaning_company(orgnr)
    )


def kinds_for(orgnr: str) -> list[CardKind]:
    """The kinds that the company may order today, in one query."""
    today = clock.today()
    kinds = CardKind.objects.filter(open_for_orders=True)
    return [
        kind
        for kind in kinds.annotate(cleans=Exists(cleaning_approvals(orgnr)))
        if rules.may_order_kind(kind.code, today, in_cleaning_register=kind.cleans)
    ]


@owns_transaction
def open_cart(*, orgnr: str, company_name: str, kind: CardKind, user: User, actor: Actor) -> Order:
    """The company's cart for this kind of card: the one there is, or a new one.

    Raises:
        CannotOrder: the company may not order this kind.
    """
    if not may_order(orgnr, kind):
        raise CannotOrder(_("Virksomheten kan ikke bestille denne korttypen."))
    company = Company.objects.filter(orgnr=orgnr).first()
    order, created = Order.objects.get_or_create(
        orgnr=orgnr,
        kind=kind,
        state=OrderState.CART,
        defaults={
            "company_name": company.name if company and company.name else company_name,
            "orderer": user,
            "contact_email": user.email,
            "language": user.language,
        },
    )
    units.ask(orgnr)
    if created:
        record("order:started", actor=actor, subject=order, orgnr=orgnr, kind=kind.code)
    return order


@owns_transaction
def remove_line(*, line: Line, actor: Actor) -> None:
    """The person is no longer in the cart."""
    cart = locked_cart(line.order)
    move(line, LineState.WITHDRAWN, LINE_MOVES, ended_at=clock.now())
    record("order:line_removed", actor=actor, subject=cart, orgnr=cart.orgnr, line=line.position)


@owns_transaction
def recheck(*, line: Line, actor: Actor) -> None:
    """The registers are asked once more for this person; what was uploaded stays."""
    questions = sources_for(line.person, line.orgnr, line.order.kind, line.order.unit_orgnr)
    lookups.want(questions, not_older_than=clock.now())
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        unit=line.order.unit_orgnr,
        kind=line.order.kind,
        on=clock.today(),
    )
    line.save(update_fields=["verdict"])
    record("line:checked", actor=actor, subject=line, orgnr=line.orgnr, asked="again")


@owns_transaction
def judge_draft(*, line: Line) -> None:
    """The line's verdict is what the registers have said so far.

    While a requirement is not met its employer is read again, so that it turns by itself.
    """
    line = Line.objects.select_for_update(of=("self",)).select_related("person").get(pk=line.pk)
    if line.state != LineState.DRAFT:
        return
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        unit=line.order.unit_orgnr,
        kind=line.order.kind,
        on=clock.today(),
        not_older_than=line.created_at - lookups.FRESH_ENOUGH,
    )
    settle_names([line])
    line.save(update_fields=["verdict", "name_known"])
    if is_not_met(line):
        follow_employer(line=line)


@owns_transaction
def set_delivery(*, order: Order, address: dict[str, str], actor: Actor) -> None:
    """This order goes to this address and this e-mail; the company's own address stays as it was.

    address: fields of the order by name, deliver_to, street, postal_code and city among them.
    """
    cart = locked_cart(order)
    for name, value in address.items():
        setattr(cart, name, value)
    cart.save(update_fields=list(address))
    record("order:address_changed", actor=actor, subject=cart, orgnr=cart.orgnr)


@owns_transaction
def attach(*, line: Line, piece: Piece, actor: Actor) -> None:
    """The line uses this file from now on.

    A refused line goes back to review when none of its files is refused any more.

    Raises:
        CannotOrder: the line is not waiting for files.
    """
    put_on_line(line=line, piece=piece, actor=actor)


@inside_transaction
def put_on_line(*, line: Line, piece: Piece, actor: Actor) -> None:
    """The same, in the transaction of what brought the file.

    Raises:
        CannotOrder: the line is not waiting for files.
    """
    current = Line.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if current.state not in {LineState.DRAFT, LineState.REFUSED}:
        raise CannotOrder(_("Filene kan ikke endres nå: personen er til kontroll eller ferdig."))
    if piece.person_id != current.person_id or piece.orgnr != current.orgnr:
        raise CannotOrder(_("Filen hører ikke til denne personen."))
    setattr(current, str(piece.kind), piece)
    current.save(update_fields=[str(piece.kind)])
    setattr(line, str(piece.kind), piece)
    if current.state == LineState.REFUSED:
        progress.mend_if_whole(line=current, actor=actor)
        line.state = current.state


@owns_transaction
def detach(*, line: Line, kind: str, actor: Actor) -> None:
    """The line in the cart has no such file any more, and neither have we.

    Raises:
        CannotOrder: the order is no longer a cart, or the line no longer in it.
    """
    locked_cart(line.order)
    current = Line.objects.select_for_update(of=("self",)).select_related(kind).get(pk=line.pk)
    if current.state != LineState.DRAFT:
        raise CannotOrder(_("Filene kan ikke endres nå: personen er til kontroll eller ferdig."))
    piece: Piece | None = getattr(current, kind)
    setattr(current, kind, None)
    current.save(update_fields=[kind])
    if piece:
        evidence.discard(piece=piece, actor=actor)


@inside_transaction
def locked_cart(order: Order) -> Order:
    """The order, locked, while it is a cart.

    Raises:
        CannotOrder: it is not one any more.
    """
    cart = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if cart.state != OrderState.CART:
        raise CannotOrder(_("Bestillingen er sendt og kan ikke endres her."))
    return cart
