"""Two numbers turned out to be one person's: the desk goes on with one."""

from django.db import IntegrityError, transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import move
from hmskort.desk.entries import enter
from hmskort.desk.models import Case, Entry
from hmskort.desk.states import CASE_MOVES, CASE_OPEN, CaseState
from registers.models import Person


@owns_transaction
def merge(*, old: Person, one: Person) -> None:
    """Every case of the old row is the one's. Of two open ones about the same, one goes on."""
    for case in Case.objects.select_for_update().filter(person=old).order_by("sent_at"):
        _move_over(case, one)
    for case in Case.objects.filter(people=old):
        case.people.remove(old)
        case.people.add(one)


def _move_over(case: Case, one: Person) -> None:
    try:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(person=one)
    except IntegrityError:  # the one has a case about the same
        other = Case.objects.filter(
            orgnr=case.orgnr,
            requirement=case.requirement,
            exemption_kind=case.exemption_kind,
            person=one,
            state__in=CASE_OPEN,
        ).get()
        _close_for(case, other)
        Case.objects.filter(pk=case.pk).update(person=one)


def _close_for(case: Case, other: Case) -> None:
    """The case ends, and says which one goes on."""
    move(case, CaseState.CLOSED, CASE_MOVES)
    enter(case, Entry.Kind.CLOSED, None, SYSTEM, text=other.reference)
