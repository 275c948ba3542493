"""From stored facts to a verdict: the same rules for an order line and for a card."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hmskort.common.transactions import inside_transaction
from registers.exemptions.queries import exemptions_for
from registers.models import CardKind, Company, Employment, KindRequirement, Lookup, Person, Verdict
from registers.requirements import findings
from registers.requirements.facts import (
    Answer,
    Asked,
    CompanyFacts,
    EmploymentFacts,
    Facts,
    PersonFacts,
)
from registers.requirements.findings import Finding
from registers.requirements.rules import RULES


def sources_for(person: Person, orgnr: str) -> tuple[tuple[str, str], ...]:
    """The questions (source, subject) that a card for this person in this company rests on."""
    return (
        ("enhetsregisteret", orgnr),
        ("roller", orgnr),
        ("folkeregisteret", str(person.pk)),
        ("aaregisteret", str(person.pk)),
    )


@inside_transaction
def judge(
    *, person: Person, orgnr: str, kind: CardKind, on: date, last_known: bool = False
) -> Verdict:
    """A verdict on one person; see `judge_people`."""
    return judge_people(people=[person], orgnr=orgnr, kind=kind, on=on, last_known=last_known)[0]


@inside_transaction
def judge_people(
    *,
    people: Sequence[Person],
    orgnr: str,
    kind: CardKind,
    on: date,
    last_known: bool = False,
) -> list[Verdict]:
    """A verdict on each person on the facts as stored, with every requirement's reason and age.

    orgnr: of the main unit. last_known: an answer older than what was asked for still counts, as
    it does for a card that has been issued. The number of queries does not grow with the people.
    """
    names = requirements_of(kind, on)
    every = facts_of_people([person.pk for person in people], orgnr, last_known=last_known)
    return Verdict.objects.bulk_create(
        _verdict(person, kind, findings_on(every[person.pk], names, on), orgnr) for person in people
    )


def findings_on(facts: Facts, requirements: Iterable[str], on: date) -> list[Finding]:
    """Each requirement as its rule finds it that day, or exempt."""
    return [
        findings.with_exemption(RULES[name](facts, on), facts.exempt.get(name), on)
        for name in requirements
    ]


def _verdict(person: Person, kind: CardKind, judged: list[Finding], orgnr: str) -> Verdict:
    return Verdict(
        person=person,
        main_orgnr=orgnr,
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


def facts_of(person: Person, orgnr: str, *, last_known: bool = False) -> Facts:
    """All that is stored of a person and a company, with how each question stands."""
    return facts_of_people([person.pk], orgnr, last_known=last_known)[person.pk]


def facts_of_people(
    ids: Collection[UUID], orgnr: str, *, last_known: bool = False
) -> dict[UUID, Facts]:
    """All that is stored of some people and a company, by person, in a fixed number of queries."""
    lookups = {
        (row.source, row.subject): row
        for row in Lookup.objects.filter(subject__in=[orgnr, *map(str, ids)])
    }
    company = Company.objects.filter(orgnr=orgnr).first()
    people = Person.objects.in_bulk(list(ids))
    work: dict[UUID, list[Employment]] = {pk: [] for pk in ids}
    for row in Employment.objects.filter(person__in=ids):
        work[row.person_id].append(row)

    def answered(source: str, subject: str) -> tuple[Asked, datetime | None]:
        return _asked(lookups.get((source, subject)), last_known=last_known)

    of_company = answered("enhetsregisteret", orgnr)
    exempt = exemptions_for(ids, orgnr)
    found = {}
    for pk in ids:
        of_person, of_work = answered("folkeregisteret", str(pk)), answered("aaregisteret", str(pk))
        found[pk] = Facts(
            orgnr=orgnr,
            company=Answer(of_company[0], _company(company), of_company[1]),
            person=Answer(of_person[0], _person(people[pk]), of_person[1]),
            employments=Answer(
                of_work[0], _employments(work[pk]) if of_work[1] else None, of_work[1]
            ),
            exempt=exempt[pk],
        )
    return found


def _asked(lookup: Lookup | None, *, last_known: bool) -> tuple[Asked, datetime | None]:
    if lookup is None:
        return Asked.WAITING, None
    if lookup.answered or (last_known and lookup.answered_at):
        return Asked.ANSWERED, lookup.answered_at
    return (Asked.SILENT if lookup.trouble else Asked.WAITING), lookup.answered_at


def _company(row: Company | None) -> CompanyFacts | None:
    if row is None:
        return None
    return CompanyFacts(
        orgnr=row.orgnr,
        exists=row.state != Company.State.NOT_FOUND,
        name=row.name,
        form=row.form,
        deleted_on=row.deleted_on,
        bankrupt=row.bankrupt,
        vat_registered=row.vat_registered,
        in_foretaksregisteret=row.in_foretaksregisteret,
        industries=tuple(row.industries),
    )


def _person(row: Person) -> PersonFacts | None:
    if row.state == Person.State.UNKNOWN:
        return None
    return PersonFacts(
        exists=row.state == Person.State.FOUND,
        register_status=row.register_status,
        number_in_use=row.number_in_use,
        died_on=row.died_on,
        citizenships=tuple(row.citizenships),
    )


def _employments(rows: Iterable[Employment]) -> tuple[EmploymentFacts, ...]:
    return tuple(
        EmploymentFacts(row.orgnr, row.main_orgnr, row.starts_on, row.ends_on) for row in rows
    )
