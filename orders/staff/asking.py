"""Everyone employed in a company: what must be asked about them, and what has been told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from hmskort.common import clock
from registers.lookups import Question
from registers.models import Employment, Lookup
from registers.questions import subject_of
from registers.requirements import needs
from registers.requirements.facts import Answer, Asked, EmploymentFacts, Facts
from registers.requirements.gathering import facts_of_people
from registers.requirements.judge import requirements_of
from registers.staff import employments_in


class EmployerAsked(Protocol):
    """Somebody asked about people of a company, and its employments are read at once for all."""

    orgnr: Any
    kind: Any
    read_at: Any  # when Aa-registeret last told who is employed; None while it has not


def employed(orgnr: str) -> list[UUID]:
    """Everyone with an employment in the main unit that has not ended."""
    rows = employments_in(orgnr, clock.today())
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def questions(asked: EmployerAsked, people: Sequence[UUID]) -> set[Question]:
    """What must be asked besides who is employed, as far as what is known shows."""
    on = clock.today()
    names = requirements_of(asked.kind, on)
    rows = employments_in(asked.orgnr, on).filter(person__in=people)
    return {
        (source, subject_of(source, person=pk, orgnr=asked.orgnr))
        for pk, facts in facts_as_read(asked, people, rows).items()
        for source in needs.sources(facts, names, on)
        if source != "aaregisteret"
    }


def first_questions(orgnr: str, people: Sequence[UUID]) -> QuerySet[Lookup]:
    """What was asked first, and shows what else must be asked."""
    subjects = [str(pk) for pk in people]
    return Lookup.objects.filter(
        Q(source="enhetsregisteret", subject=orgnr)
        | Q(source="folkeregisteret", subject__in=subjects)
    )


def facts_as_read(
    asked: EmployerAsked, people: Sequence[UUID], rows: Iterable[Employment]
) -> dict[UUID, Facts]:
    """What is stored, with employments in this company as its own reading told of them."""
    work: dict[UUID, list[EmploymentFacts]] = {pk: [] for pk in people}
    for row in rows:
        work[row.person_id].append(
            EmploymentFacts(row.orgnr, row.main_orgnr, row.starts_on, row.ends_on)
        )
    every = facts_of_people(people, asked.orgnr, last_known=True)
    how = Asked.ANSWERED if asked.read_at else Asked.WAITING
    return {
        pk: replace(
            facts,
            employments=Answer(how, tuple(work[pk]) if asked.read_at else None, asked.read_at),
        )
        for pk, facts in every.items()
    }
