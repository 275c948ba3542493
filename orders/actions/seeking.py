"""Somebody looks for a person by identity number; the history tells that they did."""

from uuid import UUID

from hmskort.accounts.models import ListedCompany
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common.transactions import owns_transaction
from orders.my_orders import listing
from registers.persons import people_with


@owns_transaction
def seek_person(*, orgnr: str, national_id: str, actor: Actor) -> UUID | None:
    """The person with that number, if the company has ordered for them.

    Whether others know the number is not told: the answer is the same for who is nobody and for who
    is somebody elsewhere.

    national_id: eleven digits, already validated.
    """
    person = people_with([national_id]).get(national_id)
    known = person is not None and listing.has_ordered_for(orgnr, person.pk)
    found = person.pk if person and known else None
    company = ListedCompany(orgnr=orgnr)
    record(
        "person:sought",
        actor=actor,
        subject=company,
        orgnr=orgnr,
        person=str(found) if found else "",
    )
    return found
