"""One row per person, whatever numbers they have had."""

from django.db import IntegrityError, transaction

from hmskort.common.sealed import fingerprint, seal
from registers.models import Person, PersonNumber


def person_with(national_id: str) -> Person | None:
    """The person who has or had this number, if we know of one.

    national_id: eleven digits, already validated.
    """
    number = (
        PersonNumber.objects.select_related("person")
        .filter(fingerprint=fingerprint(national_id))
        .first()
    )
    return number.person if number else None


def person_for(national_id: str) -> Person:
    """The person with this number; a row is made for a number not seen before.

    national_id: eleven digits, already validated. Two processes that ask at once get one row.
    """
    known = person_with(national_id)
    if known:
        return known
    try:
        with transaction.atomic():
            person = Person.objects.create()
            PersonNumber.objects.create(
                person=person, fingerprint=fingerprint(national_id), sealed=seal(national_id)
            )
            return person
    except IntegrityError:
        return PersonNumber.objects.get(fingerprint=fingerprint(national_id)).person
