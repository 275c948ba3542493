"""Whom a card can be ordered for now, and which card the new one takes over from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from cards.models import Card
from cards.second_card import cards_in_the_way
from cards.states import BlockReason, CardState
from hmskort.common import clock
from hmskort.common.templatetags.portal import dato
from orders.models import Line
from orders.states import LINE_OPEN, LineState
from registers.models import Person

Purpose = Line.Purpose


@dataclass(frozen=True)
class Instead:
    """Why a card is ordered, and the card that it takes over from, if there is one."""

    purpose: Purpose = Purpose.NEW
    card: Card | None = None


def instead_of(card: Card) -> Instead:
    """What ordering for the holder of this card is: by what happened to the card."""
    match card.state:
        case CardState.ISSUED | CardState.PRODUCED:
            return Instead(Purpose.RENEWAL, card)
        case CardState.LOST:
            return Instead(Purpose.LOST, card)
        case CardState.BLOCKED if card.blocked_for == BlockReason.DAMAGED:
            return Instead(Purpose.DAMAGED, card)
        case _:
            return Instead()


def cards_to_follow(people: Collection[Person], orgnr: str) -> dict[UUID, Instead]:
    """Why each of these people would get a card; those who have had none are left out."""
    former = Card.objects.filter(person__in=people, orgnr=orgnr, current=True)
    return {card.person_id: instead_of(card) for card in former}


def obstacles(people: Collection[Person], orgnr: str) -> dict[UUID, str]:
    """Why some of these people cannot be added to an order for this company, by person."""
    return _too_early(people, orgnr) | open_lines(people, orgnr)


def open_lines(people: Collection[Person], orgnr: str) -> dict[UUID, str]:
    """Of these people those who are in an order already, and in which."""
    lines = Line.objects.select_related("order").filter(
        person__in=people, orgnr=orgnr, state__in=sorted(LINE_OPEN)
    )
    return {line.person_id: in_an_order(line.state, line.order.reference) for line in lines}


def in_an_order(state: str, reference: str) -> str:
    """That there is a line for the person, and in which order."""
    if state == LineState.DRAFT:
        return _("Personen er allerede i handlekurven.")
    return _("Personen er allerede i bestilling %s.") % reference


def too_early(expires_on: date, renewable_from: date) -> str:
    """That the person has a card, and from when another can be ordered."""
    return _(
        "Personen har et kort som er gyldig til %(last)s. Du kan bestille nytt fra %(first)s."
    ) % {"last": dato(expires_on), "first": dato(renewable_from)}


def _too_early(people: Collection[Person], orgnr: str) -> dict[UUID, str]:
    return {
        card.person_id: too_early(card.expires_on, card.renewable_from)
        for card in cards_in_the_way(people, orgnr, clock.today())
    }
