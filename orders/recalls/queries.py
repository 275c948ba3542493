"""Questions about faulty cards: which can be replaced, and how far each replacement has come."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cards.models import Card
from cards.production.models import Batch
from cards.states import ALIVE
from hmskort.common import clock
from orders.models import Line
from orders.recalls.models import Recall, RecalledCard
from orders.states import LINE_OPEN

MOST = 2_000  # cards in one recall


@dataclass(frozen=True)
class Found:
    """A card that somebody says is faulty. why_not: the code of why it is not replaced, or ""."""

    card: Card
    line: Line | None  # of the order that it was made for
    why_not: str = ""


def cards_of(numbers: Collection[str]) -> QuerySet[Card]:
    """The cards with these numbers."""
    return Card.objects.filter(number__in=numbers)


def cards_in(batch: Batch) -> QuerySet[Card]:
    """The cards that were made in the batch."""
    return Card.objects.filter(chip_job__batch=batch)


def looked_at(cards: QuerySet[Card]) -> list[Found]:
    """Each card, and whether it can be replaced, in the order of companies and names.

    The number of questions does not grow with the cards.
    """
    rows = list(
        cards.select_related("kind", "person").order_by("company_name", "surname", "id")[:MOST]
    )
    keys = [card.pk for card in rows]
    made_for = {
        line.card_id: line
        for line in Line.objects.filter(card__in=keys).select_related("order", "person")
    }
    recalled = set(RecalledCard.objects.filter(card__in=keys).values_list("card", flat=True))
    ordered = _who_has_an_order(rows)
    return [
        Found(card, made_for.get(card.pk), _why_not(card, made_for, recalled, ordered))
        for card in rows
    ]


def _who_has_an_order(cards: list[Card]) -> set[tuple[UUID, str]]:
    """The people, each with the company, who are in an order that has not ended."""
    lines = Line.objects.filter(
        orgnr__in={card.orgnr for card in cards},
        person__in=[card.person_id for card in cards],
        state__in=sorted(LINE_OPEN),
    )
    return set(lines.values_list("person", "orgnr"))


def _why_not(
    card: Card,
    made_for: dict[UUID | None, Line],
    recalled: set[UUID],
    ordered: set[tuple[UUID, str]],
) -> str:
    reasons = {
        "recalled": card.pk in recalled,
        "not_in_use": card.state not in ALIVE or not card.current,
        "expired": card.expires_on < clock.today(),
        "ordered": (card.person_id, card.orgnr) in ordered,
        "taken_over": card.pk not in made_for,
        "no_picture": not card.portrait,
    }
    return next((code for code, holds in reasons.items() if holds), "")


def recall_of(reference: str) -> QuerySet[Recall]:
    """The recall of that reference."""
    return Recall.objects.filter(reference=reference)


def recalls() -> QuerySet[Recall]:
    """The newest recalls, with how many cards each has, and how many are replaced."""
    return Recall.objects.annotate(
        many=Count("cards"),
        issued=Count("cards", filter=Q(cards__line__card__isnull=False)),
        sent=Count("cards", filter=Q(cards__line__card__dispatched_on__isnull=False)),
    ).order_by("-id")[:50]


def cards_of_recall(recall: Recall) -> QuerySet[RecalledCard]:
    """The cards of the recall with what replaces them."""
    return recall.cards.select_related("card", "former", "line__card", "line__order").order_by("id")


def to_replace(recall: Recall, former: UUID) -> QuerySet[RecalledCard]:
    """Those of the recall that were made for the order, and that nothing was done about yet."""
    waiting = recall.cards.filter(former=former, line=None, left_out="")
    return waiting.select_related("card__person", "card__kind").order_by("id")
