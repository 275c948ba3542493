"""Whom a card could be ordered for again: from a card, from many cards, or from an earlier order.

A look: nothing is stored. In a number of queries that does not grow with the people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cards.models import Card
from hmskort.common import clock
from hmskort.common.money import Amount
from orders import prices
from orders.actions.cart import may_order
from orders.evidence.models import Piece
from orders.evidence.queries import usable_pieces
from orders.models import Line
from orders.people.second_card import obstacles
from registers.models import CardKind, Person


@dataclass(frozen=True)
class Wish:
    """A person who had a card of a kind, or was to have one. name: as the company knows it."""

    person: Person
    kind: CardKind
    name: str
    card: Card | None = None


@dataclass(frozen=True)
class Candidate:
    """A wish, and what comes of it. obstacle: why no card can be ordered now, in words."""

    wish: Wish
    obstacle: str = ""
    missing: tuple[str, ...] = ()  # kinds of files that must be uploaded

    @property
    def person(self) -> Person:
        return self.wish.person

    @property
    def lacks(self) -> str:
        """What must be uploaded, in words; empty where every file is used again."""
        return ", ".join(str(Piece.Kind(kind).label) for kind in self.missing)


@dataclass(frozen=True)
class Group:
    """Those whose cards are of one kind and so come in one order."""

    kind: CardKind
    candidates: list[Candidate]
    price: Amount  # of the cards

    @property
    def people(self) -> list[Person]:
        return [one.person for one in self.candidates]


@dataclass(frozen=True)
class Again:
    """What would be ordered, and who would be left out."""

    groups: list[Group]
    left_out: list[Candidate]

    @property
    def count(self) -> int:
        return sum(len(group.candidates) for group in self.groups)


def from_cards(orgnr: str, cards: Sequence[Card]) -> list[Candidate]:
    """The holders of the company's cards, each once."""
    prefetch_related_objects(cards, "person")
    wishes = [Wish(card.person, card.kind, card.holder_name, card) for card in cards]
    return _candidates(orgnr, wishes)


def from_lines(orgnr: str, lines: Sequence[Line]) -> list[Candidate]:
    """The people of the company's earlier order, each once."""
    return _candidates(
        orgnr, [Wish(line.person, line.order.kind, line.shown_name, line.card) for line in lines]
    )


def weighed(candidates: Iterable[Candidate]) -> Again:
    """Those who can be ordered for, by kind, with what they cost today; and the others."""
    by_kind: dict[CardKind, list[Candidate]] = {}
    left_out = []
    for one in candidates:
        if one.obstacle:
            left_out.append(one)
        else:
            by_kind.setdefault(one.wish.kind, []).append(one)
    today = clock.today()
    groups = []
    for kind, many in by_kind.items():
        one_card = prices.price_of(kind.code, today)
        net_ore, vat_ore = one_card.net_ore * len(many), one_card.vat_ore * len(many)
        groups.append(Group(kind, many, Amount(net_ore, vat_ore)))
    return Again(groups, left_out)


def _candidates(orgnr: str, wishes: Sequence[Wish]) -> list[Candidate]:
    people = [wish.person for wish in wishes]
    prefetch_related_objects(people, "numbers")
    kinds = {kind: _closed(orgnr, kind) for kind in {wish.kind for wish in wishes}}
    hindered, pieces = obstacles(people, orgnr), usable_pieces(people, orgnr)
    seen: set[UUID] = set()
    found = []
    for wish in wishes:
        if wish.person.pk in seen:
            continue
        seen.add(wish.person.pk)
        why = kinds[wish.kind] or hindered.get(wish.person.pk, "")
        has = pieces.get(wish.person.pk, {})
        found.append(
            Candidate(wish, why, tuple(kind for kind in _needed(wish.kind) if kind not in has))
        )
    return found


def _needed(kind: CardKind) -> list[str]:
    signature = [Piece.Kind.SIGNATURE] if kind.signature_required else []
    return [Piece.Kind.PORTRAIT, *signature, Piece.Kind.ID_COPY]


def _closed(orgnr: str, kind: CardKind) -> str:
    """Why the company can order no card of this kind, or an empty text."""
    if not kind.open_for_orders:
        return _("Denne korttypen kan ikke bestilles nå.")
    if not may_order(orgnr, kind):
        return _("Virksomheten kan ikke bestille denne korttypen.")
    return ""
