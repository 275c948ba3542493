"""People are put into the cart: each once, with what is known of them and what they had before."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cards.models import Card
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders import prices, queries
from orders.actions.cart import locked_cart
from orders.actions.surnames import settle_names, tell_of_surnames
from orders.errors import AlreadyOrdered
from orders.evidence.queries import usable_pieces
from orders.models import Line, Order
from orders.people.second_card import Instead, cards_to_follow, obstacles, open_lines
from registers import lookups
from registers.models import Person
from registers.requirements.judge import judge_people, questions_for


@owns_transaction
def add_people(
    *, order: Order, people: list[Person], actor: Actor, surnames: Mapping[UUID, str] | None = None
) -> list[Line]:
    """Each person has a line in the cart, and their registers are being asked.

    surnames: as they were written, by person.

    Raises:
        AlreadyOrdered: somebody has an open line or a current card for this company.
        CannotOrder: the order is no longer a cart.
    """
    cart = locked_cart(order)
    for reason in obstacles(people, cart.orgnr).values():
        raise AlreadyOrdered(reason)
    tried = [person for person in people if (surnames or {}).get(person.pk)]
    tell_of_surnames(tried, cart.orgnr, actor)
    return put_in(cart, people, cards_to_follow(people, cart.orgnr), actor, surnames)


@owns_transaction
def add_who_can(
    *, order: Order, people: list[Person], actor: Actor
) -> tuple[list[Line], dict[UUID, str]]:
    """Whom a card can be ordered for now has a line in the cart; why the others have none.

    Raises:
        AlreadyOrdered: somebody else was faster about one of them.
        CannotOrder: the order is no longer a cart.
    """
    cart = locked_cart(order)
    hindered = obstacles(people, cart.orgnr)
    ready = [person for person in people if person.pk not in hindered]
    instead = cards_to_follow(ready, cart.orgnr)
    return put_in(cart, ready, instead, actor) if ready else [], hindered


@owns_transaction
def replace_faulty(*, order: Order, card: Card, actor: Actor) -> Line:
    """The holder of a card with a fault of ours has a line in the cart, however new the card is.

    Raises:
        AlreadyOrdered: they have an open line.
        CannotOrder: the order is no longer a cart.
    """
    cart = locked_cart(order)
    for reason in open_lines([card.person], cart.orgnr).values():
        raise AlreadyOrdered(reason)
    instead = {card.person_id: Instead(Line.Purpose.FAULTY, card)}
    return put_in(cart, [card.person], instead, actor)[0]


@inside_transaction
def put_in(
    cart: Order,
    people: list[Person],
    instead: Mapping[UUID, Instead],
    actor: Actor,
    surnames: Mapping[UUID, str] | None = None,
) -> list[Line]:
    """The people stand in a locked cart, judged by what is known, while what is not is asked.

    surnames: as they were written, by person; that they were is in the history already.
    People are locked in the order of their ids, as whoever stores a register's answer does.
    """
    keys = [person.pk for person in people]
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    lines = _written(cart, people, instead)
    for line in lines:
        line.stated_surname = (surnames or {}).get(line.person_id, "")
    record(
        "order:line_added",
        actor=actor,
        subject=cart,
        orgnr=cart.orgnr,
        lines=[line.position for line in lines],
    )
    questions = questions_for(people, cart.orgnr, cart.kind, cart.unit_orgnr)
    lookups.want(questions, not_older_than=clock.now() - lookups.FRESH_ENOUGH)
    verdicts = judge_people(
        people=people,
        orgnr=cart.orgnr,
        unit=cart.unit_orgnr,
        kind=cart.kind,
        on=clock.today(),
    )
    for line, verdict in zip(lines, verdicts, strict=True):
        line.verdict = verdict
    settle_names(lines)
    Line.objects.bulk_update(lines, ["verdict", "stated_surname", "name_known"])
    return lines


def _written(cart: Order, people: list[Person], instead: Mapping[UUID, Instead]) -> list[Line]:
    """The lines stand in the database, unless it knows of an open line or a card in the way.

    Raises:
        AlreadyOrdered: somebody else was faster.
    """
    today = clock.today()
    why = {person.pk: instead.get(person.pk, Instead()) for person in people}
    price = {
        purpose: prices.price_for(cart.kind.code, purpose, today)
        for purpose in {each.purpose for each in why.values()}
    }
    pieces = usable_pieces(people, cart.orgnr)
    try:
        with transaction.atomic():
            return Line.objects.bulk_create(
                Line(
                    order=cart,
                    orgnr=cart.orgnr,
                    person=person,
                    position=position,
                    price_net_ore=price[why[person.pk].purpose].net_ore,
                    price_vat_ore=price[why[person.pk].purpose].vat_ore,
                    purpose=why[person.pk].purpose,
                    replaces=why[person.pk].card,
                    **pieces.get(person.pk, {}),
                )
                for position, person in enumerate(people, queries.next_position(cart))
            )
    except IntegrityError:
        raise AlreadyOrdered(_("En av personene er nettopp lagt til av en annen.")) from None
