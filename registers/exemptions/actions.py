"""What changes an exemption: granted, ended, warned of. Each makes its cards be judged again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction
from registers.exemptions.models import ASSESSED, Exemption, ExemptionKind
from registers.models import Person

SOURCE = "unntak"  # of `facts:changed`


@dataclass(frozen=True)
class Terms:
    """What is granted: to the company, or to each of the people in it.

    granted_by, confirmed_by: users' ids; what sets a register aside needs two different ones.
    answer: a no is what a caseworker made of an unclear answer, by one alone.
    """

    kind: ExemptionKind
    requirement: str
    orgnr: str
    from_on: date
    to_on: date
    reason: str
    case_reference: str
    granted_by: str
    confirmed_by: str = ""
    people: Sequence[Person] = ()
    answer: Exemption.Answer = Exemption.Answer.EXEMPT


@inside_transaction
def grant(*, terms: Terms, actor: Actor) -> list[Exemption]:
    """The company, or each of the people, has the exemption; judged again after commit."""
    holders: Sequence[Person | None] = terms.people or [None]
    granted = [
        Exemption.objects.create(
            kind=terms.kind,
            requirement=terms.requirement,
            answer=terms.answer,
            orgnr=terms.orgnr,
            person=person,
            from_on=terms.from_on,
            to_on=terms.to_on,
            reason=terms.reason,
            case_reference=terms.case_reference,
            granted_by=terms.granted_by,
            confirmed_by=terms.confirmed_by,
        )
        for person in holders
    ]
    for exemption in granted:
        dates = {"from_on": terms.from_on.isoformat(), "to_on": terms.to_on.isoformat()}
        _tell_history("exemption:granted", exemption, actor, **dates)
        _changed(exemption, "granted")
    return granted


@inside_transaction
def end(*, exemption: Exemption, reason: str, actor: Actor) -> None:
    """The exemption does not hold from now on; ending twice changes nothing."""
    ended = Exemption.objects.filter(pk=exemption.pk, ended_at=None).update(ended_at=clock.now())
    if ended:
        _tell_history("exemption:ended", exemption, actor, reason=reason)
        _changed(exemption, "ended")


@inside_transaction
def note_warned(*, exemption: Exemption) -> bool:
    """True for the one who is to warn; False when that is done."""
    noted = Exemption.objects.filter(pk=exemption.pk, warned_at=None).update(warned_at=clock.now())
    if noted:
        _tell_history("exemption:warned", exemption, SYSTEM)
    return bool(noted)


@inside_transaction
def end_assessments_before(on: date) -> int:
    """Readings of unclear answers that have run out are ended, and their cards judged anew."""
    past = Exemption.objects.filter(kind=ASSESSED, ended_at=None, to_on__lt=on)
    rows = list(past.select_related("person__same_as"))
    for exemption in rows:
        end(exemption=exemption, reason="", actor=SYSTEM)
    return len(rows)


def _tell_history(name: str, exemption: Exemption, actor: Actor, **data: object) -> None:
    record(
        name,
        actor=actor,
        subject=exemption,
        orgnr=exemption.orgnr,
        kind=exemption.kind_id,
        case=exemption.case_reference,
        **data,
    )


def _changed(exemption: Exemption, what: str) -> None:
    person = exemption.person
    subject = str(person.survivor.pk) if person else exemption.orgnr
    outbox.enqueue(
        "facts:changed", key=f"exemption:{exemption.pk}:{what}", source=SOURCE, subject=subject
    )
