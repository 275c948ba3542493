"""What happens in a case: sent, asked about, answered, granted, refused, or set aside by two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import MoveNotAllowed, Superseded, move
from hmskort.desk import attachments, mails
from hmskort.desk.attachments import Pictures
from hmskort.desk.entries import Period, attach, enter
from hmskort.desk.models import Attachment, Case, Entry
from hmskort.desk.states import CASE_MOVES, CaseState
from registers.exemptions import actions as exemptions
from registers.exemptions.models import Exemption, ExemptionKind
from registers.exemptions.queries import running_out
from registers.models import Person, Verdict

Answer = Exemption.Answer
BY_TWO = frozenset({Case.Kind.DISPUTE, Case.Kind.UNCLEAR})
CLOSABLE = frozenset({Case.Kind.UNCLEAR, Case.Kind.MAIL})
NOTHING_PROPOSED: dict[str, Any] = {
    "proposed_by_id": None,
    "proposed_from": None,
    "proposed_to": None,
    "proposed_reason": "",
}


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
    if sent.verdict._state.adding:  # noqa: SLF001 - documented; a card is judged without a row
        sent.verdict.save(force_insert=True)
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
    attach(case, rows)
    enter(case, Entry.Kind.SENT, user, actor, text=sent.text)
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
    attach(case, rows)
    enter(case, Entry.Kind.ANSWERED, user, actor, text=text)


@owns_transaction
def ask(*, case: Case, text: str, user: User, actor: Actor) -> None:
    """The employer is asked for more."""
    if case.kind == Case.Kind.MAIL:
        raise MoveNotAllowed("mail is answered by mail")
    move(case, CaseState.NEEDS_MORE, CASE_MOVES, mail_at=None)
    mails.news(case, enter(case, Entry.Kind.ASKED, user, actor, text=text))


@owns_transaction
def refuse(
    *, case: Case, reason: str, user: User, actor: Actor, period: Period | None = None
) -> None:
    """The case is closed without an exemption, for a reason that the employer reads.

    period: of an unclear answer, the days on which it is read as a no; judged again at once.

    Raises:
        MoveNotAllowed: a period is missing, or is given where there is nothing to read.
    """
    if (period is not None) != (case.kind == Case.Kind.UNCLEAR):
        raise MoveNotAllowed("an unclear answer is read for a period, and nothing else is")
    move(case, CaseState.REFUSED, CASE_MOVES, mail_at=None)
    entry = enter(case, Entry.Kind.REFUSED, user, actor, text=reason, period=period)
    if period:
        _grant(case, period, reason, granted_by=user, actor=actor, answer=Answer.NOT_MET)
    mails.news(case, entry)


@owns_transaction
def grant(*, case: Case, period: Period, reason: str, user: User, actor: Actor) -> None:
    """The exemption holds for the period, and what rests on it is judged again at once.

    Raises:
        MoveNotAllowed: it is a dispute: those are settled by two.
    """
    if case.kind != Case.Kind.EXEMPTION:
        raise MoveNotAllowed("a dispute is settled by two")
    move(case, CaseState.GRANTED, CASE_MOVES, mail_at=None)
    entry = enter(case, Entry.Kind.GRANTED, user, actor, text=reason, period=period)
    _grant(case, period, reason, granted_by=user, actor=actor)
    mails.news(case, entry)


@owns_transaction
def propose(*, case: Case, period: Period, reason: str, user: User, actor: Actor) -> None:
    """A second caseworker is asked to confirm that the register is set aside."""
    if case.kind not in BY_TWO:
        raise MoveNotAllowed("an application is granted by one")
    move(
        case,
        CaseState.PROPOSED,
        CASE_MOVES,
        mail_at=None,
        proposed_by_id=user.pk,
        proposed_from=period.from_on,
        proposed_to=period.to_on,
        proposed_reason=reason,
    )
    enter(case, Entry.Kind.PROPOSED, user, actor, text=reason, period=period)


@owns_transaction
def decline(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """The second caseworker does not confirm, or the first thinks again: it is in the queue."""
    if case.state != CaseState.PROPOSED:
        raise MoveNotAllowed(f"nothing is proposed in {case.reference}")
    move(case, CaseState.SENT, CASE_MOVES)
    enter(case, Entry.Kind.DECLINED, user, actor, text=reason)


@owns_transaction
def confirm(*, case: Case, user: User, actor: Actor) -> None:
    """The register is set aside for the proposed period.

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
    entry = enter(case, Entry.Kind.CONFIRMED, user, actor, text=reason, period=period)
    _grant(case, period, reason, granted_by=case.proposed_by, actor=actor, confirmed_by=user)
    mails.news(case, entry)


@owns_transaction
def end(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """What the case granted does not hold any more.

    Raises:
        MoveNotAllowed: nothing that it granted is left to end.
    """
    granted = _exemptions(case)
    if not granted:
        raise MoveNotAllowed(f"nothing that {case.reference} granted holds")
    for exemption in granted:
        exemptions.end(exemption=exemption, reason=reason, actor=actor)
    mails.news(case, enter(case, Entry.Kind.ENDED, user, actor, text=reason))


@owns_transaction
def close(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """Nothing is left to decide: the mail was dealt with, or nobody needs the answer any more.

    Raises:
        MoveNotAllowed: an employer waits for an answer to it.
    """
    if case.kind not in CLOSABLE:
        raise MoveNotAllowed("an employer waits for an answer")
    move(case, CaseState.CLOSED, CASE_MOVES, mail_at=None)
    enter(case, Entry.Kind.CLOSED, user, actor, text=reason)


@owns_transaction
def reopen(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """A case that was refused or closed is in the queue again, and a no that was read is undone.

    Raises:
        Superseded: there is an open case about the same.
    """
    try:
        with transaction.atomic():
            move(case, CaseState.SENT, CASE_MOVES, **NOTHING_PROPOSED)
    except IntegrityError as error:
        raise Superseded("there is an open case about this") from error
    for exemption in _exemptions(case):
        exemptions.end(exemption=exemption, reason=reason, actor=actor)
    entry = enter(case, Entry.Kind.REOPENED, user, actor, text=reason)
    if case.kind != Case.Kind.MAIL:
        mails.news(case, entry)


@owns_transaction
def note_mail_read(*, case: Case) -> None:
    """The mail that came to the case has been read: it does not wait in the queue for that."""
    Case.objects.filter(pk=case.pk).update(mail_at=None)


@owns_transaction
def note_view(*, case: Case, attachment: Attachment, actor: Actor) -> None:
    """It stands in the history that staff looked at the document."""
    document = attachment.document
    record("case:document_viewed", actor=actor, subject=case, orgnr=case.orgnr, document=document)


def warn_expiring() -> int:
    """Who has an exemption that soon runs out is told, once; how many were told."""
    return sum(_warn(exemption) for exemption in running_out(clock.today()))


@owns_transaction
def end_past_assessments() -> int:
    """Readings of unclear answers that have run out: judged anew, each opens a case again."""
    return exemptions.end_assessments_before(clock.today())


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
    answer: Exemption.Answer = Exemption.Answer.EXEMPT,
) -> None:
    if case.exemption_kind is None:
        raise MoveNotAllowed(f"{case.reference} is about no exemption")
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
        answer=answer,
    )
    exemptions.grant(terms=terms, actor=actor)


def _exemptions(case: Case) -> list[Exemption]:
    """What it led to and is not ended, locked: of two who end it, one does."""
    rows = Exemption.objects.filter(case_reference=case.reference, ended_at=None)
    return list(rows.select_for_update().order_by("id"))
