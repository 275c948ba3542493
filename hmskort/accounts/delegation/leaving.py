"""Access ends when the person leaves: Aa-registeret says so, and nobody need remember it."""

from datetime import date, datetime, time, timedelta

from hmskort.accounts.delegation.rules import Work, work
from hmskort.accounts.models import Access
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import employers
from registers.models import Employment, Lookup

# A role is Enhetsregisteret's to end; what was given by somebody else follows the employment.
GIVEN = (Access.Source.DELEGATION, Access.Source.ALTINN)


@owns_transaction
def hear_of(*, person: str) -> None:
    """Every access of the person stands as what Aa-registeret last said of their work."""
    given = Access.objects.filter(person_id=person, source__in=GIVEN, ended_at=None)
    for access in given.order_by("pk"):
        hear(access=access)


@inside_transaction
def hear(*, access: Access) -> None:
    """The access is suspended if the person has left, and holds again if they are back.

    One who was never employed is from outside: that takes an authorisation, and ends nothing. One
    from outside who is employed is outside no longer, so their leaving is heard of. What is not
    known changes nothing, and nobody with a role in the company is suspended.
    """
    access = Access.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if access.ended_at:
        return
    match _work_of(access):
        case Work.WORKS:
            _look_again_at_the_end(access)
            _works(access)
        case _ if access.outside or _has_role(access):
            pass
        case Work.LEFT if access.suspended_at is None:
            _suspend(access)
        case Work.NEVER if access.source == Access.Source.DELEGATION:
            access.outside = True
            access.save(update_fields=["outside"])
            _noted("delegation:from_outside", access)
        case _:
            pass


def _works(access: Access) -> None:
    if access.suspended_at:
        _noted("access:given_back", access)
    if access.outside:
        employers.follow(
            orgnr=access.main_orgnr, until=access.to_on or clock.today() + timedelta(days=365)
        )
        _noted("delegation:employed", access)
    if access.suspended_at or access.outside or not access.employed_at:
        access.employed_at, access.suspended_at = access.employed_at or clock.now(), None
        access.outside = False
        access.save(update_fields=["employed_at", "suspended_at", "outside"])


def _suspend(access: Access) -> None:
    access.suspended_at = clock.now()
    access.save(update_fields=["suspended_at"])
    _noted("access:suspended", access)
    key = f"{access.pk}:{access.suspended_at.isoformat()}"
    outbox.enqueue("access:suspended", key=key, access=access.pk)


def _look_again_at_the_end(access: Access) -> None:
    """An employment that ends on a day ends without the register saying anything more."""
    periods = _periods(access)
    lasts = [last for _, last in periods if last is not None]
    if len(lasts) < len(periods):
        return
    end = max(lasts)
    if end == date.max:
        return
    after = datetime.combine(end + timedelta(days=1), time(), tzinfo=clock.OSLO)
    outbox.enqueue(
        "access:work_ends",
        key=f"{access.pk}:{end}",
        not_before=after,
        person=str(access.person_id),
    )


def _work_of(access: Access) -> Work:
    asked = Lookup.objects.filter(source="aaregisteret", subject=str(access.person_id))
    return work(
        _periods(access),
        answered=asked.filter(answered_at__isnull=False).exists(),
        employed=access.employed_at is not None,
        on=clock.today(),
    )


def _periods(access: Access) -> list[tuple[date, date | None]]:
    held = Employment.objects.filter(person=access.person_id, main_orgnr=access.main_orgnr)
    return list(held.values_list("starts_on", "ends_on"))


def _has_role(access: Access) -> bool:
    held = Access.objects.filter(person=access.person_id, main_orgnr=access.main_orgnr)
    return held.filter(source=Access.Source.ROLE, ended_at=None).exists()


def _noted(event: str, access: Access) -> None:
    record(event, actor=SYSTEM, subject=access, orgnr=access.main_orgnr)
