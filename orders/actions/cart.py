"""Putting an order together: people, their register requirements, files, and where it goes."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cards.models import Card
from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from orders import prices, queries, rules
from orders.actions import progress
from orders.actions.awaiting import follow_employer, is_not_met
from orders.errors import AlreadyOrdered, CannotOrder
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.models import Line, Order
from orders.second_card import Instead, cards_to_follow, obstacles, open_lines
from orders.states import LINE_MOVES, LineState, OrderState
from registers import lookups, units
from registers.approvals import is_cleaning_company
from registers.models import CardKind, Company, Person
from registers.requirements.judge import judge, judge_people, questions_for, sources_for


def may_order(orgnr: str, kind: CardKind) -> bool:
    """May the company order this kind of card today?"""
    return rules.may_order_kind(
        kind.code, clock.today(), in_cleaning_register=is_cleaning_company(orgnr)
    )


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
def add_people(*, order: Order, people: list[Person], actor: Actor) -> list[Line]:
    """Each person has a line in the cart, and their registers are being asked.

    Raises:
        AlreadyOrdered: somebody has an open line or a current card for this company.
        CannotOrder: the order is no longer a cart.
    """
    cart = _locked_cart(order)
    for reason in obstacles(people, cart.orgnr).values():
        raise AlreadyOrdered(reason)
    return _added(cart, people, cards_to_follow(people, cart.orgnr), actor)


@owns_transaction
def replace_faulty(*, order: Order, card: Card, actor: Actor) -> Line:
    """The holder of a card with a fault of ours has a line in the cart, however new the card is.

    Raises:
        AlreadyOrdered: they have an open line.
        CannotOrder: the order is no longer a cart.
    """
    cart = _locked_cart(order)
    for reason in open_lines([card.person], cart.orgnr).values():
        raise AlreadyOrdered(reason)
    instead = {card.person_id: Instead(Line.Purpose.FAULTY, card)}
    return _added(cart, [card.person], instead, actor)[0]


@inside_transaction
def _added(
    cart: Order, people: list[Person], instead: Mapping[UUID, Instead], actor: Actor
) -> list[Line]:
    """The lines, judged by what is known, while what is not is asked.

    People are locked in the order of their ids, as whoever stores a register's answer does.
    """
    keys = [person.pk for person in people]
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    lines = _written(cart, people, instead)
    record(
        "order:line_added",
        actor=actor,
        subject=cart,
        orgnr=cart.orgnr,
        lines=[line.position for line in lines],
    )
    questions = questions_for(people, cart.orgnr, cart.kind)
    lookups.want(questions, not_older_than=clock.now() - lookups.FRESH_ENOUGH)
    verdicts = judge_people(people=people, orgnr=cart.orgnr, kind=cart.kind, on=clock.today())
    for line, verdict in zip(lines, verdicts, strict=True):
        line.verdict = verdict
    Line.objects.bulk_update(lines, ["verdict"])
    return lines


def _written(cart: Order, people: list[Person], instead: Mapping[UUID, Instead]) -> list[Line]:
    """The lines stand in the database, unless it knows of an open line or a card in the way.

    Raises:
        AlreadyOrdered: somebody else was faster.
    """
    price = prices.price_of(cart.kind.code, clock.today())
    pieces = _usable_pieces(people, cart.orgnr)
    try:
        with transaction.atomic():
            return Line.objects.bulk_create(
                Line(
                    order=cart,
                    orgnr=cart.orgnr,
                    person=person,
                    position=position,
                    price_net_ore=price.net_ore,
                    price_vat_ore=price.vat_ore,
                    purpose=_instead(person, instead).purpose,
                    replaces=_instead(person, instead).card,
                    **pieces.get(person.pk, {}),
                )
                for position, person in enumerate(people, queries.next_position(cart))
            )
    except IntegrityError:
        raise AlreadyOrdered(_("En av personene er nettopp lagt til av en annen.")) from None


def _instead(person: Person, instead: Mapping[UUID, Instead]) -> Instead:
    return instead.get(person.pk, Instead())


def _usable_pieces(people: list[Person], orgnr: str) -> dict[UUID, dict[str, Piece | None]]:
    """Files that were uploaded for these people and this company and not refused are used again."""
    newest: dict[UUID, dict[str, Piece | None]] = {}
    for piece in Piece.objects.filter(person__in=people, orgnr=orgnr).order_by("uploaded_at"):
        usable = None if piece.state == Piece.State.REFUSED else piece
        newest.setdefault(piece.person_id, {})[piece.kind] = usable
    return newest


@owns_transaction
def remove_line(*, line: Line, actor: Actor) -> None:
    """The person is no longer in the cart."""
    cart = _locked_cart(line.order)
    move(line, LineState.WITHDRAWN, LINE_MOVES, ended_at=clock.now())
    record("order:line_removed", actor=actor, subject=cart, orgnr=cart.orgnr, line=line.position)


@owns_transaction
def recheck(*, line: Line, actor: Actor) -> None:
    """The registers are asked once more for this person; what was uploaded stays."""
    questions = sources_for(line.person, line.orgnr, line.order.kind)
    lookups.want(questions, not_older_than=clock.now())
    line.verdict = judge(
        person=line.person, orgnr=line.orgnr, kind=line.order.kind, on=clock.today()
    )
    line.save(update_fields=["verdict"])
    record("line:checked", actor=actor, subject=line, orgnr=line.orgnr, asked="again")


@owns_transaction
def judge_draft(*, line: Line) -> None:
    """The line's verdict is what the registers have said so far.

    While a requirement is not met its employer is read again, so that it turns by itself.
    """
    line = Line.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.state != LineState.DRAFT:
        return
    line.verdict = judge(
        person=line.person,
        orgnr=line.orgnr,
        kind=line.order.kind,
        on=clock.today(),
        not_older_than=line.created_at - lookups.FRESH_ENOUGH,
    )
    line.save(update_fields=["verdict"])
    if is_not_met(line):
        follow_employer(line=line)


@owns_transaction
def set_delivery(*, order: Order, address: dict[str, str], actor: Actor) -> None:
    """This order goes to this address and this e-mail; the company's own address stays as it was.

    address: fields of the order by name, deliver_to, street, postal_code and city among them.
    """
    cart = _locked_cart(order)
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
    _locked_cart(line.order)
    current = Line.objects.select_for_update(of=("self",)).select_related(kind).get(pk=line.pk)
    if current.state != LineState.DRAFT:
        raise CannotOrder(_("Filene kan ikke endres nå: personen er til kontroll eller ferdig."))
    piece: Piece | None = getattr(current, kind)
    setattr(current, kind, None)
    current.save(update_fields=[kind])
    if piece:
        evidence.discard(piece=piece, actor=actor)


@inside_transaction
def _locked_cart(order: Order) -> Order:
    cart = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if cart.state != OrderState.CART:
        raise CannotOrder(_("Bestillingen er sendt og kan ikke endres her."))
    return cart
