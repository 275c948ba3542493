"""What happens in a case: sent, asked about, answered, granted, refused, or set aside by two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import MoveNotAllowed, Superseded, move
from hmskort.desk import attachments, mails
from hmskort.desk.attachments import Pictures
from hmskort.desk.models import Attachment, Case, Entry
from hmskort.desk.states import CASE_MOVES, CaseState
from registers.exemptions import actions as exemptions
from registers.exemptions.models import Exemption, ExemptionKind
from registers.exemptions.queries import running_out
from registers.models import Person, Verdict


@dataclass(frozen=True)
class Sent:
    """What an employer sends. Company and number come from the order, not from the form."""

    kind: Case.Kind
    orgnr: str
    company_name: str
    requirement: str
    exemption_kind: ExemptionKind
    verdict: Verdict
    person: Person | None  # None: it is for the whole company
    contact_email: str
    text: str = ""
    people: Sequence[Person] = ()
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """From and with, to and with."""

    from_on: date
    to_on: date


def send(*, sent: Sent, pictures: Pictures, user: User, language: str, actor: Actor) -> Case:
    """A case waits for a caseworker, its documents are kept, and a receipt is on its way.

    Raises:
        Superseded: the company has an open case about this.
        files.NoRoom: the documents cannot be kept now; nothing was.
    """
    with attachments.kept(pictures) as rows:
        try:
            return _sent(sent=sent, rows=rows, user=user, language=language, actor=actor)
        except IntegrityError as error:
            raise Superseded("there is an open case about this") from error


@owns_transaction
def _sent(*, sent: Sent, rows: list[Attachment], user: User, language: str, actor: Actor) -> Case:
    case = Case.objects.create(
        kind=sent.kind,
        orgnr=sent.orgnr,
        company_name=sent.company_name,
        requirement=sent.requirement,
        exemption_kind=sent.exemption_kind,
        verdict=sent.verdict,
        person=sent.person,
        contact_email=sent.contact_email,
        answers=sent.answers,
        sender=user,
        language=language,
    )
    case.people.set(sent.people)
    _attach(case, rows)
    _enter(case, Entry.Kind.SENT, user, actor, text=sent.text)
    mails.received(case)
    return case


def answer(*, case: Case, text: str, pictures: Pictures, user: User, actor: Actor) -> None:
    """The employer has answered, and the case waits for a caseworker again."""
    with attachments.kept(pictures) as rows:
        _answered(case=case, text=text, rows=rows, user=user, actor=actor)


@owns_transaction
def _answered(*, case: Case, text: str, rows: list[Attachment], user: User, actor: Actor) -> None:
    if case.state != CaseState.NEEDS_MORE:
        raise MoveNotAllowed(f"{case.reference} was not asked about")
    move(case, CaseState.SENT, CASE_MOVES)
    _attach(case, rows)
    _enter(case, Entry.Kind.ANSWERED, user, actor, text=text)


@owns_transaction
def ask(*, case: Case, text: str, user: User, actor: Actor) -> None:
    """The employer is asked for more."""
    move(case, CaseState.NEEDS_MORE, CASE_MOVES)
    mails.news(case, _enter(case, Entry.Kind.ASKED, user, actor, text=text))


@owns_transaction
def refuse(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """The case is closed without an exemption, for a reason that the employer reads."""
    move(case, CaseState.REFUSED, CASE_MOVES)
    mails.news(case, _enter(case, Entry.Kind.REFUSED, user, actor, text=reason))


@owns_transaction
def grant(*, case: Case, period: Period, reason: str, user: User, actor: Actor) -> None:
    """The exemption holds for the period, and what rests on it is judged again at once.

    Raises:
        MoveNotAllowed: it is a dispute: those are settled by two.
    """
    if case.kind != Case.Kind.EXEMPTION:
        raise MoveNotAllowed("a dispute is settled by two")
    move(case, CaseState.GRANTED, CASE_MOVES)
    entry = _enter(case, Entry.Kind.GRANTED, user, actor, text=reason, period=period)
    _grant(case, period, reason, granted_by=user, actor=actor)
    mails.news(case, entry)


@owns_transaction
def propose(*, case: Case, period: Period, reason: str, user: User, actor: Actor) -> None:
    """A second caseworker is asked to confirm that the refusal is set aside."""
    if case.kind != Case.Kind.DISPUTE:
        raise MoveNotAllowed("an application is granted by one")
    move(
        case,
        CaseState.PROPOSED,
        CASE_MOVES,
        proposed_by_id=user.pk,
        proposed_from=period.from_on,
        proposed_to=period.to_on,
        proposed_reason=reason,
    )
    _enter(case, Entry.Kind.PROPOSED, user, actor, text=reason, period=period)


@owns_transaction
def decline(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """The second caseworker does not confirm: the case is back in the queue."""
    if case.state != CaseState.PROPOSED:
        raise MoveNotAllowed(f"nothing is proposed in {case.reference}")
    move(case, CaseState.SENT, CASE_MOVES)
    _enter(case, Entry.Kind.DECLINED, user, actor, text=reason)


@owns_transaction
def confirm(*, case: Case, user: User, actor: Actor) -> None:
    """The refusal is set aside for the person, for the proposed period.

    Raises:
        MoveNotAllowed: nothing is proposed, or the proposer is who confirms.
    """
    if case.state != CaseState.PROPOSED or case.proposed_by is None:
        raise MoveNotAllowed(f"nothing is proposed in {case.reference}")
    if case.proposed_by_id == user.pk:
        raise MoveNotAllowed("nobody confirms their own proposal")
    if case.proposed_from is None or case.proposed_to is None:
        raise MoveNotAllowed("the proposal has no period")
    period, reason = Period(case.proposed_from, case.proposed_to), case.proposed_reason
    move(case, CaseState.GRANTED, CASE_MOVES, confirmed_by_id=user.pk)
    entry = _enter(case, Entry.Kind.CONFIRMED, user, actor, text=reason, period=period)
    _grant(case, period, reason, granted_by=case.proposed_by, actor=actor, confirmed_by=user)
    mails.news(case, entry)


@owns_transaction
def end(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """What the case granted does not hold any more."""
    for exemption in _exemptions(case):
        exemptions.end(exemption=exemption, reason=reason, actor=actor)
    mails.news(case, _enter(case, Entry.Kind.ENDED, user, actor, text=reason))


@owns_transaction
def note_view(*, case: Case, attachment: Attachment, actor: Actor) -> None:
    """It stands in the history that staff looked at the document."""
    document = attachment.document
    record("case:document_viewed", actor=actor, subject=case, orgnr=case.orgnr, document=document)


def warn_expiring() -> int:
    """Who has an exemption that soon runs out is told, once; how many were told."""
    return sum(_warn(exemption) for exemption in running_out(clock.today()))


@owns_transaction
def _warn(exemption: Exemption) -> bool:
    case = Case.objects.filter(reference=exemption.case_reference).first()
    if case is None or not exemptions.note_warned(exemption=exemption):
        return False
    mails.runs_out(case, exemption)
    return True


@inside_transaction
def _grant(
    case: Case,
    period: Period,
    reason: str,
    *,
    granted_by: User,
    actor: Actor,
    confirmed_by: User | None = None,
) -> None:
    terms = exemptions.Terms(
        kind=case.exemption_kind,
        requirement=case.requirement,
        orgnr=case.orgnr,
        people=list(case.people.all()),
        from_on=period.from_on,
        to_on=period.to_on,
        reason=reason,
        case_reference=case.reference,
        granted_by=str(granted_by.pk),
        confirmed_by=str(confirmed_by.pk) if confirmed_by else "",
    )
    exemptions.grant(terms=terms, actor=actor)


@inside_transaction
def _attach(case: Case, rows: list[Attachment]) -> None:
    for row in rows:
        row.case = case
    Attachment.objects.bulk_create(rows)


@inside_transaction
def _enter(
    case: Case,
    kind: Entry.Kind,
    user: User,
    actor: Actor,
    *,
    text: str = "",
    period: Period | None = None,
) -> Entry:
    """The case's history and the journal have the same line."""
    dates = (
        {"from_on": period.from_on.isoformat(), "to_on": period.to_on.isoformat()} if period else {}
    )
    record(f"case:{kind}", actor=actor, subject=case, orgnr=case.orgnr, **dates)
    return Entry.objects.create(
        case=case,
        kind=kind,
        by=user,
        text=text,
        from_on=period.from_on if period else None,
        to_on=period.to_on if period else None,
    )


def _exemptions(case: Case) -> list[Exemption]:
    rows = Exemption.objects.filter(case_reference=case.reference, ended_at=None)
    return list(rows)
