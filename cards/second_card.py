"""A second card for the same company: which card stands in its way."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cards.models import Card
from cards.states import USABLE


def usable_cards(people: Collection[Any], orgnr: str, on: date) -> QuerySet[Card]:
    """The card that each of these people has for the company and may use, or soon will have."""
    return all_usable_cards(orgnr, on).filter(person__in=people)


def all_usable_cards(orgnr: str, on: date) -> QuerySet[Card]:
    """The same of everyone who has one, at most one for each."""
    return Card.objects.filter(
        orgnr=orgnr, current=True, state__in=sorted(USABLE), expires_on__gte=on
    )


def cards_in_the_way(people: Collection[Any], orgnr: str, on: date) -> QuerySet[Card]:
    """Those of the usable cards beside which no other may be ordered yet that day.

    `orders.models` says the same to the database, which holds it.
    """
    return usable_cards(people, orgnr, on).filter(renewable_from__gt=on)
