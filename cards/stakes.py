"""What changed facts would mean for cards, before anybody has been told of them."""

from collections.abc import Collection
from itertools import groupby
from operator import attrgetter

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from cards.models import Card
from cards.states import CardState
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction
from registers.models import CardKind
from registers.readings import Stakes
from registers.requirements.findings import Found, outcome
from registers.requirements.gathering import facts_of_people
from registers.requirements.judge import findings_on, requirements_of


@inside_transaction
def stakes(orgnrs: Collection[str]) -> Stakes:
    """How many cards are valid today, and how many of these main units' would be so no longer.

    On the facts as they stand in this transaction, which may yet be rolled back. What is unknown
    costs no card its validity, as when cards are judged.
    """
    today = clock.today()
    valid = Card.objects.filter(
        state=CardState.PRODUCED, expires_on__gte=today, valid_on__holds_on=today
    )
    of_these = RawSQL("orgnr = ANY(%s)", [list(orgnrs)], output_field=BooleanField())
    resting = (
        valid.filter(of_these).select_related("kind").order_by("orgnr", "unit_orgnr", "kind_id")
    )
    whose = attrgetter("orgnr", "unit_orgnr", "kind")
    lost = sum(_lost(*key, list(cards)) for key, cards in groupby(resting, key=whose))
    return Stakes(valid.count() if lost else 0, lost)


def _lost(orgnr: str, unit: str, kind: CardKind, cards: list[Card]) -> int:
    today = clock.today()
    names = requirements_of(kind, today)
    people = {card.person_id for card in cards}
    facts = facts_of_people(people, orgnr, unit=unit, last_known=True)
    return sum(
        outcome(findings_on(facts[card.person_id], names, today)) == Found.NOT_MET for card in cards
    )
