"""What a register answered becomes stored facts. Only here are facts written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hmskort.common import outbox
from hmskort.common.clock import oslo_date
from hmskort.common.sealed import fingerprint, seal
from hmskort.common.transactions import inside_transaction
from registers.aaregisteret.answers import Employment as EmploymentAnswer
from registers.answers import NotFound
from registers.enhetsregisteret.answers import Company as CompanyAnswer
from registers.enhetsregisteret.answers import Deleted, PersonHolder
from registers.enhetsregisteret.answers import Role as RoleAnswer
from registers.folkeregisteret.answers import Person as PersonAnswer
from registers.models import (
    Company,
    Employment,
    Lookup,
    Person,
    PersonNumber,
    PostedWork,
    RightToWork,
    Role,
)
from registers.oar.answers import PostedWork as PostedWorkAnswer
from registers.udi.answers import RightToWork as RightToWorkAnswer

TOLD_AT_ONCE = 1_000  # people in one effect


@inside_transaction
def store_company(orgnr: str, answer: CompanyAnswer | Deleted | NotFound, at: datetime) -> None:
    """The company's row says what the register said, and nothing that it did not say."""
    values: dict[str, object] = {"main_orgnr": orgnr, "answered_at": at}
    match answer:
        case NotFound():
            values |= {"state": Company.State.NOT_FOUND}
        case Deleted():
            since = answer.deleted_on or oslo_date(at)
            values |= {"state": Company.State.DELETED, "deleted_on": since}
            values |= {"name": answer.name} if answer.name else {}
        case CompanyAnswer():
            values |= _company_values(answer)
    Company.objects.update_or_create(orgnr=orgnr, defaults=values)


def _company_values(answer: CompanyAnswer) -> dict[str, object]:
    address = answer.address
    return {
        "state": Company.State.FOUND,
        "name": answer.name,
        "form": answer.form,
        "main_orgnr": answer.main_orgnr or answer.orgnr,
        "registered_on": answer.registered_on,
        "deleted_on": answer.closed_on,
        "bankrupt": answer.bankrupt,
        "vat_registered": answer.vat_registered,
        "in_foretaksregisteret": answer.in_foretaksregisteret,
        "sector_code": answer.sector_code,
        "industries": list(answer.industries),
        "street": list(address.lines) if address else [],
        "postal_code": address.postal_code if address else "",
        "city": address.city if address else "",
        "country_code": address.country_code if address else "",
        "municipality": address.municipality if address else "",
    }


@inside_transaction
def store_subunits(orgnr: str, answer: Iterable[CompanyAnswer], at: datetime) -> None:
    """The main unit's sub-units are as the register said, and are followed on its feed.

    What was answered of one of them later than that stands.
    """
    told = {unit.orgnr: unit for unit in answer}
    newer = Company.objects.filter(orgnr__in=told, answered_at__gte=at)
    for known in newer.values_list("orgnr", flat=True):
        del told[known]
    for unit, each in told.items():
        store_company(unit, each, at)
    Lookup.objects.bulk_create(
        (
            Lookup(source="enhetsregisteret", subject=unit, wanted_at=at, answered_at=at)
            for unit in sorted(told)
        ),
        ignore_conflicts=True,
    )


@inside_transaction
def store_roles(orgnr: str, answer: Iterable[RoleAnswer] | NotFound, at: datetime) -> None:
    """The company's roles are those that living people hold today, as the register told."""
    Role.objects.filter(orgnr=orgnr).delete()
    if isinstance(answer, NotFound):
        return
    Role.objects.bulk_create(
        Role(
            orgnr=orgnr,
            code=role.code,
            given_names=role.holder.given_names,
            surname=role.holder.surname,
            birth_date=role.holder.birth_date,
            answered_at=at,
        )
        for role in answer
        if isinstance(role.holder, PersonHolder) and role.holder.birth_date and not role.holder.dead
    )


@inside_transaction
def store_person(person: Person, answer: PersonAnswer | NotFound, at: datetime) -> None:
    """The person's row says what the register said; a new number joins the old ones.

    When the number is that of somebody we know, both rows say so, and that one is the person.
    """
    if isinstance(answer, NotFound):
        Person.objects.filter(pk=person.pk).update(state=Person.State.NOT_FOUND, answered_at=at)
        return
    one = _with_number(person, answer.national_id)
    Person.objects.filter(pk__in={person.pk, one.pk}).update(
        state=Person.State.FOUND,
        given_names=answer.given_names,
        surname=answer.surname,
        birth_date=answer.birth_date,
        sex=answer.sex,
        citizenships=list(answer.citizenships),
        register_status=answer.status,
        number_in_use=answer.number_in_use,
        died_on=answer.died_on,
        answered_at=at,
    )


def _with_number(person: Person, national_id: str) -> Person:
    """The row whose current number is this one: a D-number may have become a fødselsnummer.

    It is the person's own, or that of somebody we knew by this number and who is the same person.
    """
    mark = fingerprint(national_id)
    number = PersonNumber.objects.select_related("person").filter(fingerprint=mark).first()
    if number and number.person_id != person.pk:
        _be_the_same(person, number.person)
        person = number.person
    if number and number.current:
        return person
    person.numbers.update(current=False)
    PersonNumber.objects.update_or_create(
        fingerprint=mark,
        defaults={"person": person, "sealed": seal(national_id), "current": True},
    )
    return person


def _be_the_same(old: Person, one: Person) -> None:
    """What we know of the old row is known of the one that stays; nothing points past that one."""
    old.numbers.update(person=one, current=False)
    old.employments.update(person=one)
    old.posted_work.update(person=one)
    Person.objects.filter(Q(pk=old.pk) | Q(same_as=old)).update(same_as=one)
    old.same_as = one


@inside_transaction
def store_employments(
    person: Person, rows: Sequence[EmploymentAnswer], at: datetime, *, main_orgnr: str | None = None
) -> None:
    """The person's employments, in one main unit or in all, are those that the register told of.

    The register answers with active and coming ones, so one that is missing has ended: it is kept,
    with yesterday as its last day unless an earlier one was known.
    """
    told = {row.register_id for row in rows}
    for row in rows:
        Employment.objects.update_or_create(
            register_id=row.register_id,
            defaults={
                "person": person,
                "orgnr": row.orgnr,
                "main_orgnr": row.main_orgnr,
                "kind": row.kind,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "answered_at": at,
            },
        )
    gone = person.employments.exclude(register_id__in=told)
    gone = gone.filter(main_orgnr=main_orgnr) if main_orgnr else gone
    _have_ended(gone, at)


def _have_ended(gone: QuerySet[Employment], at: datetime) -> None:
    today = oslo_date(at)
    yesterday = today - timedelta(days=1)
    gone.filter(starts_on__gte=today).delete()  # was to begin, and was taken back
    gone.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=yesterday)).update(
        ends_on=yesterday, answered_at=at
    )


@inside_transaction
def store_staff(
    main_orgnr: str, told: Mapping[Person, Sequence[EmploymentAnswer]], at: datetime
) -> None:
    """Everybody's employments in a main unit are those that the register told of.

    As `store_employments`, for a whole company in a fixed number of queries.
    """
    every = {
        row.register_id: Employment(
            person=person,
            register_id=row.register_id,
            orgnr=row.orgnr,
            main_orgnr=row.main_orgnr,
            kind=row.kind,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            answered_at=at,
        )
        for person, rows in told.items()
        for row in rows
    }
    Employment.objects.bulk_create(
        [every[key] for key in sorted(every)],  # two at once lock in the same order
        update_conflicts=True,
        unique_fields=["register_id"],
        update_fields=[
            "person", "orgnr", "main_orgnr", "kind", "starts_on", "ends_on", "answered_at",
        ],
    )  # fmt: skip
    gone = Employment.objects.filter(main_orgnr=main_orgnr).exclude(register_id__in=every)
    _have_ended(gone, at)


@inside_transaction
def store_posted_work(
    person: Person, main_orgnr: str, answer: Sequence[PostedWorkAnswer] | NotFound
) -> None:
    """What the company has reported of the person is what OAR told, and nothing more."""
    person.posted_work.filter(main_orgnr=main_orgnr).delete()
    if isinstance(answer, NotFound):
        return
    PostedWork.objects.bulk_create(
        PostedWork(
            person=person,
            main_orgnr=main_orgnr,
            assignment_id=row.assignment_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in answer
    )


@inside_transaction
def store_right_to_work(person: Person, answer: RightToWorkAnswer | NotFound, at: datetime) -> None:
    """The person may work as UDI said; one whom UDI does not know is kept as such."""
    values: dict[str, object] = {
        "access": "not_found", "bound_to": "", "starts_on": None, "ends_on": None
    }  # fmt: skip
    if isinstance(answer, RightToWorkAnswer):
        values = {
            "access": answer.access,
            "bound_to": answer.kind,
            "starts_on": answer.starts_on,
            "ends_on": answer.ends_on,
        }
    RightToWork.objects.update_or_create(person=person, defaults=values)


@inside_transaction
def tell_of_work(people: Sequence[str], *, key: str, at: datetime) -> None:
    """Whoever rests on these people's employments hears that they changed, some hundred at a time.

    people: ids. key: unique, with the time, for the reading that told of them.
    """
    for first in range(0, len(people), TOLD_AT_ONCE):
        outbox.enqueue(
            "facts:changed_many",
            key=f"{key}:{first}:{at.isoformat()}",
            source="aaregisteret",
            subjects=list(people[first : first + TOLD_AT_ONCE]),
        )
