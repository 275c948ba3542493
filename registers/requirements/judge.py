"""From stored facts to a verdict: the same rules for an order line and for a card."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from hmskort.common.transactions import inside_transaction
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
from registers.requirements.rules import RULES


def sources_for(person: Person, orgnr: str) -> tuple[tuple[str, str], ...]:
    """The questions (source, subject) that a card for this person in this company rests on."""
    return (
        ("enhetsregisteret", orgnr),
        ("folkeregisteret", str(person.pk)),
        ("aaregisteret", str(person.pk)),
    )


@inside_transaction
def judge(
    *, person: Person, orgnr: str, kind: CardKind, on: date, last_known: bool = False
) -> Verdict:
    """A verdict on the facts as stored, with every requirement's reason and age.

    orgnr: of the main unit. last_known: an answer older than what was asked for still counts, as
    it does for a card that has been issued.
    """
    facts = facts_of(person, orgnr, last_known=last_known)
    judged = [RULES[name](facts, on) for name in requirements_of(kind, on)]
    return Verdict.objects.create(
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
    wanted = sources_for(person, orgnr)
    lookups = {
        (row.source, row.subject): row
        for row in Lookup.objects.filter(
            source__in={source for source, _ in wanted}, subject__in={who for _, who in wanted}
        )
    }
    of_company, of_person, of_work = (
        _asked(lookups.get(question), last_known=last_known) for question in wanted
    )
    work = _employments(Employment.objects.filter(person=person)) if of_work[1] else None
    return Facts(
        orgnr=orgnr,
        company=Answer(
            of_company[0], _company(Company.objects.filter(orgnr=orgnr).first()), of_company[1]
        ),
        person=Answer(of_person[0], _person(Person.objects.get(pk=person.pk)), of_person[1]),
        employments=Answer(of_work[0], work, of_work[1]),
    )


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
