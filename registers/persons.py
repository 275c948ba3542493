"""One row per person, whatever numbers they have had."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from hmskort.common.sealed import fingerprint, seal
from registers.models import Person, PersonNumber


def people_with(national_ids: Collection[str]) -> dict[str, Person]:
    """The people who have or had these numbers, by number; those we do not know are left out.

    One person is one row: a former number finds the row that has the current one.

    national_ids: eleven digits each, already validated.
    """
    marks = {fingerprint(number): number for number in national_ids}
    known = PersonNumber.objects.select_related("person__same_as").filter(fingerprint__in=marks)
    return {marks[number.fingerprint]: number.person.survivor for number in known}


def person_for(national_id: str) -> Person:
    """The person with this number; a row is made for a number not seen before."""
    return people_for([national_id])[0]


def people_for(national_ids: Collection[str]) -> list[Person]:
    """The people with these numbers, in that order; rows are made for numbers not seen before.

    Two processes that ask for the same number at once get one row.
    """
    known = people_with(national_ids)
    unseen = [number for number in dict.fromkeys(national_ids) if number not in known]
    try:
        with transaction.atomic():
            _make(unseen)
    except IntegrityError:  # somebody made one of them meanwhile: each by itself then
        for number in unseen:
            _make_alone(number)
    known = people_with(national_ids) if unseen else known
    return [known[number] for number in national_ids]


def _make(national_ids: Collection[str]) -> None:
    people = Person.objects.bulk_create([Person() for _ in national_ids])
    PersonNumber.objects.bulk_create(
        PersonNumber(person=person, fingerprint=fingerprint(number), sealed=seal(number))
        for person, number in zip(people, national_ids, strict=True)
    )


def _make_alone(national_id: str) -> None:
    if national_id in people_with([national_id]):
        return
    try:
        with transaction.atomic():
            _make([national_id])
    except IntegrityError:
        return  # it is there now, which is all that was wanted
