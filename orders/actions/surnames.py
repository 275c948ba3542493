"""Whose name the company sees: who it knows already, or can name beside the number."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from cards.models import Card
from hmskort.accounts.models import Access
from hmskort.audit.actor import Actor
from hmskort.audit.models import Event
from hmskort.audit.record import record_each
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
    orgnr = unsettled[0].orgnr
    known, tries = known_people(people, orgnr), tries_for(people, orgnr)
    for line in unsettled:
        tried = tries.get(line.person_id, 0)
        line.name_known = line.person_id in known or (tried <= MOST_TRIES and _is_named(line))


@owns_transaction
def state_surname(*, line: Line, surname: str, actor: Actor) -> None:
    """The name is shown if this is the surname of who has the number.

    Raises:
        CannotOrder: the line is no longer in a cart, or too many surnames were tried.
    """
    line = Line.objects.select_for_update(of=("self",)).select_related("person").get(pk=line.pk)
    if line.state != LineState.DRAFT:
        raise CannotOrder(_("Bestillingen er sendt og kan ikke endres her."))
    if tries_for([line.person_id], line.orgnr).get(line.person_id, 0) >= MOST_TRIES:
        raise CannotOrder(
            _("Det er prøvd for mange etternavn til dette nummeret i dag. Prøv igjen i morgen.")
        )
    line.stated_surname = surname
    tell_of_surnames([line.person], line.orgnr, actor)
    settle_names([line])
    line.save(update_fields=["stated_surname", "name_known"])


@inside_transaction
def tell_of_surnames(people: Iterable[Person], orgnr: str, actor: Actor) -> None:
    """It stands in the history that a surname was tried for each, not which.

    Of the person, and not of a line or a row that may be gone tomorrow: what was tried is counted
    wherever it was typed.
    """
    record_each("line:surname_stated", actor=actor, subjects=people, orgnr=orgnr)


def tries_for(people: Collection[UUID], orgnr: str) -> dict[UUID, int]:
    """How many surnames the company has tried lately for each of the people; in one query."""
    tried = Event.objects.filter(
        name=STATED,
        subject_type="registers.person",
        subject_id__in=[str(person) for person in people],
        orgnr=orgnr,
        at__gt=clock.now() - WITHIN,
    )
    counts = tried.order_by().values_list("subject_id").annotate(Count("pk"))
    return {UUID(person): count for person, count in counts}


def surname_is_wrong(line: Line) -> bool:
    """Was a surname written that is not the person's, for somebody whom the company knows not?"""
    told = line.person.state == Person.State.FOUND
    return bool(line.stated_surname) and told and not line.name_known


def _is_named(line: Line) -> bool:
    person = line.person
    if not line.stated_surname or person.state != Person.State.FOUND:
        return False
    return agrees(line.stated_surname, given_names=person.given_names, surname=person.surname)
