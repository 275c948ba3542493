"""What cards do when something happened on a lower floor."""

import uuid

from django.db.models import Q, QuerySet

from cards import actions
from cards.models import Card
from cards.states import ALIVE
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from registers import lookups
from registers.models import Company, Person
from registers.requirements.judge import judge

CHUNK = 200


def judge_cards(*, source: str, subject: str) -> None:
    """The cards that rest on what a register now says of the subject are judged again.

    source: the register. subject: an orgnr, or a person's id.
    """
    for card in resting_on(subject).iterator(chunk_size=CHUNK):
        judge_card(card=card)


def merge_person(*, person: str, into: str) -> None:
    """Cards of an old number are those of the person who has the new one."""
    actions.merge_person(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def resting_on(subject: str) -> QuerySet[Card]:
    """Cards that may still be valid, of the company or of the person."""
    is_orgnr = subject.isdigit() and len(subject) == 9
    whose = Q(orgnr=_main_unit(subject)) if is_orgnr else Q(person=subject)
    return (
        Card.objects.filter(whose, state__in=ALIVE, expires_on__gte=clock.today())
        .select_related("person", "kind")
        .order_by("pk")
    )


def _main_unit(orgnr: str) -> str:
    unit = Company.objects.filter(pk=orgnr).only("main_orgnr").first()
    return unit.main_orgnr if unit and unit.main_orgnr else orgnr


@owns_transaction
def judge_card(*, card: Card) -> None:
    """One card a transaction: the last one judged does not wait for the first.

    The card is locked before its facts are read, so an older judgement never replaces a newer one.
    """
    card = (
        Card.objects.select_for_update(of=("self",))
        .select_related("person", "kind")
        .get(pk=card.pk)
    )
    verdict = judge(
        person=card.person,
        orgnr=card.orgnr,
        kind=card.kind,
        on=clock.today(),
        last_known=True,
        not_older_than=lookups.EVER,
    )
    actions.judge(card=card, verdict=verdict, actor=SYSTEM)
