"""Whose name the company sees: who it knows already, or can name beside the number."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from cards.models import Card
from hmskort.accounts.models import Access
from hmskort.audit.actor import Actor
from hmskort.audit.models import Event
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.errors import CannotOrder
from orders.models import Line
from orders.states import LineState
from registers.models import Employment, Person
from registers.naming import agrees

MOST_TRIES, WITHIN = 5, timedelta(days=1)  # surnames for one person, so that none is guessed
STATED = "line:surname_stated"


def known_people(people: Collection[UUID], orgnr: str) -> set[UUID]:
    """Those of the people whom the company knows by name already.

    They are or were employed in it, have or had a card for it, or may act for it.
    """
    rows = (
        Employment.objects.filter(person__in=people, main_orgnr=orgnr),
        Card.objects.filter(person__in=people, orgnr=orgnr),
        Access.objects.filter(person__in=people, main_orgnr=orgnr, ended_at=None),
    )
    return {person for found in rows for person in found.values_list("person", flat=True)}


def named_people(people: Collection[UUID], orgnr: str) -> set[UUID]:
    """Those of the people whose name the company sees: it knows them, or has named them."""
    named = Line.objects.filter(person__in=people, orgnr=orgnr, name_known=True)
    return known_people(people, orgnr) | set(named.values_list("person", flat=True))


@inside_transaction
def settle_names(lines: Iterable[Line]) -> None:
    """Each line of a company knows whether its name may be shown; not stored yet.

    A name that was shown once is not hidden again.
    """
    unsettled = [line for line in lines if not line.name_known]
    if not unsettled:
        return
    people = {line.person_id for line in unsettled}
    known = known_people(people, unsettled[0].orgnr)
    for line in unsettled:
        line.name_known = line.person_id in known or _is_named(line)


@owns_transaction
def state_surname(*, line: Line, surname: str, actor: Actor) -> None:
    """The name is shown if this is the surname of who has the number.

    Raises:
        CannotOrder: the line is no longer in a cart, or too many surnames were tried.
    """
    line = Line.objects.select_for_update(of=("self",)).select_related("person").get(pk=line.pk)
    if line.state != LineState.DRAFT:
        raise CannotOrder(_("Bestillingen er sendt og kan ikke endres her."))
    if _tries(line) >= MOST_TRIES:
        raise CannotOrder(
            _("Det er prøvd for mange etternavn til dette nummeret i dag. Prøv igjen i morgen.")
        )
    line.stated_surname = surname
    tell_of_surname(line, actor)
    settle_names([line])
    line.save(update_fields=["stated_surname", "name_known"])


@inside_transaction
def tell_of_surname(line: Line, actor: Actor) -> None:
    """It stands in the history that a surname was tried, not which."""
    record("line:surname_stated", actor=actor, subject=line, orgnr=line.orgnr)


def surname_is_wrong(line: Line) -> bool:
    """Was a surname written that is not the person's, for somebody whom the company knows not?"""
    told = line.person.state == Person.State.FOUND
    return bool(line.stated_surname) and told and not line.name_known


def _is_named(line: Line) -> bool:
    person = line.person
    if not line.stated_surname or person.state != Person.State.FOUND:
        return False
    right = agrees(line.stated_surname, given_names=person.given_names, surname=person.surname)
    return right and _tries(line) <= MOST_TRIES


def _tries(line: Line) -> int:
    """How many surnames the company has tried lately for this person."""
    lines = Line.objects.filter(person=line.person_id, orgnr=line.orgnr).values_list(
        "pk", flat=True
    )
    return Event.objects.filter(
        name=STATED,
        subject_type="orders.line",
        subject_id__in=[str(pk) for pk in lines],
        at__gt=clock.now() - WITHIN,
    ).count()
