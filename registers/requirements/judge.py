"""From stored facts to a verdict: the same rules for an order line and for a card."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction
from registers import lookups
from registers.models import CardKind, KindRequirement, Person, Verdict
from registers.questions import subject_of
from registers.requirements import findings, needs
from registers.requirements.facts import Facts
from registers.requirements.findings import Finding
from registers.requirements.gathering import facts_of_people
from registers.requirements.rules import RULES


def sources_for(
    person: Person, orgnr: str, kind: CardKind, unit: str = ""
) -> set[lookups.Question]:
    """The questions that a card of this kind for this person in this company rests on."""
    return questions_for([person], orgnr, kind, unit)


def questions_for(
    people: Sequence[Person], orgnr: str, kind: CardKind, unit: str = ""
) -> set[lookups.Question]:
    """The questions (source, subject) that cards of this kind for these people rest on.

    A source that is asked only when it is needed is among them once the others have shown that.
    """
    on = clock.today()
    names = requirements_of(kind, on)
    every = facts_of_people([person.pk for person in people], orgnr, unit=unit, last_known=True)
    ones = _rows_of_facts(people)
    return {
        (source, subject_of(source, person=ones[pk], orgnr=orgnr))
        for pk, facts in every.items()
        for source in needs.sources(facts, names, on)
    }


@inside_transaction
def judge(
    *,
    person: Person,
    orgnr: str,
    kind: CardKind,
    on: date,
    unit: str = "",
    last_known: bool = False,
    not_older_than: datetime | None = None,
) -> Verdict:
    """A verdict on one person; see `judge_people`."""
    return judge_people(
        people=[person],
        orgnr=orgnr,
        kind=kind,
        on=on,
        unit=unit,
        last_known=last_known,
        not_older_than=not_older_than,
    )[0]


@inside_transaction
def judge_people(
    *,
    people: Sequence[Person],
    orgnr: str,
    kind: CardKind,
    on: date,
    unit: str = "",
    last_known: bool = False,
    not_older_than: datetime | None = None,
) -> list[Verdict]:
    """A verdict on each person on the facts as stored, with every requirement's reason and age.

    orgnr: of the main unit; unit: the sub-unit that the cards are for, where one was chosen.
    last_known: an answer older than what was asked for still counts, as
    it does for a card that has been issued. not_older_than: a source that turns out to be needed
    is asked, unless it has answered since then; None asks nobody. The number of queries does not
    grow with the people.
    """
    names, ids = requirements_of(kind, on), [person.pk for person in people]
    every = facts_of_people(ids, orgnr, unit=unit, last_known=last_known)
    missing = _missing(every, people, names, on, not_older_than) if not_older_than else set()
    if not_older_than and missing:
        lookups.want(missing, not_older_than=not_older_than)
        every = facts_of_people(ids, orgnr, unit=unit, last_known=last_known)
    judged = [findings_on(every[person.pk], names, on) for person in people]
    verdicts = Verdict.objects.bulk_create(
        _verdict(person, kind, found, every[person.pk])
        for person, found in zip(people, judged, strict=True)
    )
    for verdict, found in zip(verdicts, judged, strict=True):
        if any(finding.reason in findings.UNCLEAR for finding in found):
            outbox.enqueue("verdict:unclear", key=str(verdict.pk), verdict=verdict.pk)
    return verdicts


def findings_of(
    person: UUID, orgnr: str, kind: CardKind, on: date, unit: str = ""
) -> list[Finding]:
    """Each requirement by the last that is known of a person; nothing is stored, nobody asked."""
    facts = facts_of_people([person], orgnr, unit=unit, last_known=True)[person]
    return findings_on(facts, requirements_of(kind, on), on)


def findings_on(facts: Facts, requirements: Iterable[str], on: date) -> list[Finding]:
    """Each requirement as its rule finds it that day, or exempt."""
    return [
        findings.with_exemption(RULES[name](facts, on), facts.exempt.get(name), on)
        for name in requirements
    ]


def _missing(
    every: dict[UUID, Facts],
    people: Sequence[Person],
    names: Iterable[str],
    on: date,
    not_older_than: datetime,
) -> set[lookups.Question]:
    """The questions without an answer that new."""
    ones = _rows_of_facts(people)
    return {
        (source, subject_of(source, person=ones[pk], orgnr=facts.orgnr))
        for pk, facts in every.items()
        for source in needs.sources(facts, names, on)
        if (needs.answered_at(facts, source) or lookups.EVER) < not_older_than
        or needs.answered_at(facts, source) is None
    }


def _rows_of_facts(people: Sequence[Person]) -> dict[UUID, UUID]:
    """By person, the row that their facts are in: their own, or that of the same person."""
    return {person.pk: person.same_as_id or person.pk for person in people}


def _verdict(person: Person, kind: CardKind, judged: list[Finding], facts: Facts) -> Verdict:
    return Verdict(
        person=person,
        main_orgnr=facts.orgnr,
        unit=facts.unit,
        kind=kind,
        outcome=findings.outcome(judged),
        valid_on=findings.holds(judged),
        findings=[finding.as_json() for finding in judged],
    )


def requirements_of(kind: CardKind, on: date) -> list[str]:
    """The requirements in force for a kind on a day, in the order they are shown."""
    in_force = KindRequirement.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), kind=kind, since__lte=on
    )
    return list(in_force.order_by("position").values_list("requirement", flat=True))
