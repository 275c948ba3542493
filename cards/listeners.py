"""What cards do when something happened on a lower floor."""

import uuid
from collections.abc import Collection, Iterable

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from cards import actions, judging
from cards.models import Card
from cards.states import ALIVE
from hmskort.common import clock
from registers.models import Company, Person

ORGNR = 9  # digits; a person's id never has so few


def judge_cards(*, source: str, subject: str) -> None:
    """The cards that rest on what a register now says of the subject are judged again.

    source: the register. subject: an orgnr, or a person's id.
    """
    judge_cards_of_many(source=source, subjects=[subject])


def judge_cards_of_many(*, source: str, subjects: Collection[str]) -> None:
    """The cards that rest on what a register now says of any of the subjects are judged again."""
    judging.judge(cards=resting_on(*subjects))


def judge_kind(*, kind: str, change: str) -> None:
    """All cards of a kind that requires something else are judged by what it requires today."""
    judging.judge_kinds(kinds=[kind])


def merge_person(*, person: str, into: str) -> None:
    """Cards of an old number are those of the person who has the new one."""
    actions.merge_person(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def resting_on(*subjects: str) -> QuerySet[Card]:
    """Cards that may still be valid, of the companies or of the people.

    A card may still be of a row that turned out to be another's.
    """
    companies = {each for each in subjects if each.isdigit() and len(each) == ORGNR}
    people = [str(uuid.UUID(each)) for each in set(subjects) - companies]
    whose = RawSQL(
        """(cards_card.orgnr = ANY(%s::text[]) OR cards_card.person_id = ANY(ARRAY(
            SELECT unnest(%s::uuid[])
            UNION SELECT id FROM registers_person WHERE same_as_id = ANY(%s::uuid[]))))""",
        [_array(_main_units(companies)), _array(people), _array(people)],
        output_field=BooleanField(),
    )
    return Card.objects.filter(whose, state__in=ALIVE, expires_on__gte=clock.today())


def _array(texts: Iterable[str]) -> str:
    """As PostgreSQL reads arrays of what needs no quotes: one text costs less than a thousand."""
    return f"{{{','.join(texts)}}}"


def _main_units(orgnrs: Collection[str]) -> set[str]:
    units = Company.objects.filter(pk__in=orgnrs).values_list("orgnr", "main_orgnr")
    known = {orgnr: main for orgnr, main in units if main}
    return {known.get(orgnr, orgnr) for orgnr in orgnrs}
