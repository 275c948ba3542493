"""Somebody without Norwegian electronic ID asks to act for a company; a caseworker lets them in.

What proves who they are is a scan of the passport. What proves that they are the company's is the
letter: the one-time code goes to the address that the company has in Enhetsregisteret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hmskort.accounts.models import Access, User
from hmskort.accounts.orderers.actions import codes
from hmskort.accounts.orderers.models import EntryCode
from hmskort.audit.actor import Actor
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import MoveNotAllowed, Superseded, move
from hmskort.desk import attachments, mails
from hmskort.desk.attachments import Pictures
from hmskort.desk.entries import attach, enter
from hmskort.desk.intake import name_of
from hmskort.desk.models import Attachment, Case, Entry
from hmskort.desk.states import CASE_MOVES, CaseState
from registers import lookups, naming
from registers.models import CardKind, Person
from registers.persons import person_for


class NotTheirs(Exception):
    """Folkeregisteret has not said that number, name and birth date are one person's.

    answered: it has said something else; False while it has not answered.
    """

    def __init__(self, *, answered: bool) -> None:
        super().__init__("not theirs" if answered else "not answered")
        self.answered = answered


@dataclass(frozen=True)
class Applicant:
    """Who asks, for which company, to order which kinds of card.

    national_id: of those who have one, a D-number in most cases; else empty.
    """

    orgnr: str
    given_names: str
    surname: str
    birth_date: date
    email: str
    phone: str
    position: str
    kinds: Sequence[str]
    national_id: str = ""

    @property
    def answers(self) -> dict[str, object]:
        """As the case keeps it: never an identity number."""
        return {
            "given_names": self.given_names,
            "surname": self.surname,
            "birth_date": self.birth_date.isoformat(),
            "phone": self.phone,
            "position": self.position,
            "kinds": list(self.kinds),
        }


def apply(*, applicant: Applicant, pictures: Pictures, language: str, actor: Actor) -> None:
    """A case waits for a caseworker with the passport, and a receipt is on its way.

    The same address and company that wait already make no second case.

    Raises:
        files.NoRoom: the documents cannot be kept now; nothing was.
    """
    try:
        with attachments.kept(pictures) as rows:
            _applied(applicant=applicant, rows=rows, language=language, actor=actor)
    except IntegrityError:
        if not _open_cases(applicant).exists():
            raise


@owns_transaction
def _applied(*, applicant: Applicant, rows: list[Attachment], language: str, actor: Actor) -> None:
    case = Case.objects.create(
        kind=Case.Kind.ADMISSION,
        orgnr=applicant.orgnr,
        company_name=name_of(applicant.orgnr),
        person=person_for(applicant.national_id) if applicant.national_id else None,
        answers=applicant.answers,
        contact_email=applicant.email,
        language=language,
    )
    asked = {("enhetsregisteret", applicant.orgnr)}
    if case.person:
        asked.add(("folkeregisteret", str(case.person.pk)))
    lookups.want(asked, not_older_than=lookups.EVER)
    attach(case, rows)
    enter(case, Entry.Kind.SENT, None, actor)
    mails.admission_received(case)


def _open_cases(applicant: Applicant) -> QuerySet[Case]:
    return Case.objects.filter(
        kind=Case.Kind.ADMISSION,
        orgnr=applicant.orgnr,
        contact_email=applicant.email,
        state=CaseState.SENT,
    )


@owns_transaction
def admit(*, case: Case, reason: str, user: User, actor: Actor) -> EntryCode | None:
    """The person may act for the company for a year, and a one-time code waits to be handed on.

    Raises:
        MoveNotAllowed: it is another kind of case.
        HasIdPorten: the person logs in with ID-porten, and needs no code.
        MayNotHaveCode: the account is more than this company's.
        NotTheirs: Folkeregisteret does not say that the number is the applicant's.
    """
    _must_be_one(case)
    _must_be_theirs(case)
    move(case, CaseState.GRANTED, CASE_MOVES, mail_at=None)
    person = case.person.survivor if case.person else _person_of(case)
    code = codes.admit(
        person=person,
        name=_name_in(case),
        email=case.contact_email,
        phone=str(case.answers["phone"]),
        language=case.language,
        orgnr=case.orgnr,
        company_name=case.company_name or case.orgnr,
        kinds=list(CardKind.objects.filter(code__in=case.answers["kinds"])),
        by=user,
        actor=actor,
    )
    Case.objects.filter(pk=case.pk).update(person=person)
    mails.admission_news(case, enter(case, Entry.Kind.GRANTED, user, actor, text=reason))
    return code


@owns_transaction
def refuse(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """The applicant is not let in, for a reason that they read."""
    _must_be_one(case)
    move(case, CaseState.REFUSED, CASE_MOVES, mail_at=None)
    mails.admission_news(case, enter(case, Entry.Kind.REFUSED, user, actor, text=reason))


@owns_transaction
def end(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """Whoever was let in may not act for the company any more, and no code opens the account."""
    _must_be_one(case)
    held = Access.objects.filter(
        person=case.person,
        main_orgnr=case.orgnr,
        source=Access.Source.DESK,
        ended_at=None,
    )
    if case.state != CaseState.GRANTED or not held.update(ended_at=clock.now()):
        raise MoveNotAllowed(f"nothing that {case.reference} granted holds")
    codes.void(person=case.person, orgnr=case.orgnr, actor=actor)
    mails.admission_news(case, enter(case, Entry.Kind.ENDED, user, actor, text=reason))


@owns_transaction
def renew(*, case: Case, reason: str, user: User, actor: Actor) -> EntryCode:
    """Who was let in and lost every way in has a new one-time code waiting to be handed on.

    reason: how the caseworker has seen who it is.

    Raises:
        MoveNotAllowed: nobody was let in by the case.
        MayNotHaveCode: as `codes.renew`.
    """
    _must_be_one(case)
    if case.state != CaseState.GRANTED or case.person is None:
        raise MoveNotAllowed(f"nobody was let in by {case.reference}")
    enter(case, Entry.Kind.RENEWED, user, actor, text=reason)
    return codes.renew(
        person=case.person.survivor,
        orgnr=case.orgnr,
        company_name=case.company_name or case.orgnr,
        by=user,
        actor=actor,
    )


@owns_transaction
def reopen(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """An application that was refused is in the queue again.

    Raises:
        Superseded: another from the same address for the same company waits.
    """
    _must_be_one(case)
    try:
        with transaction.atomic():
            move(case, CaseState.SENT, CASE_MOVES)
    except IntegrityError as error:
        raise Superseded("there is an open application from them") from error
    enter(case, Entry.Kind.REOPENED, user, actor, text=reason)


def _must_be_one(case: Case) -> None:
    if case.kind != Case.Kind.ADMISSION:
        raise MoveNotAllowed(f"{case.reference} asks for no admission")


def _must_be_theirs(case: Case) -> None:
    """The number that was typed belongs to somebody of that name, born that day.

    Whoever types a stranger's number must not be given the stranger's account.
    """
    if case.person is None or not case.person.survivor.numbers.exists():
        return
    known = case.person.survivor
    codes.require_no_id_porten(known)
    if known.state == Person.State.UNKNOWN:
        raise NotTheirs(answered=False)
    surname = str(case.answers["surname"])
    if (
        known.state != Person.State.FOUND
        or known.birth_date != date.fromisoformat(str(case.answers["birth_date"]))
        or not naming.agrees(surname, given_names=known.given_names, surname=known.surname)
    ):
        raise NotTheirs(answered=True)


@inside_transaction
def _person_of(case: Case) -> Person:
    """A row for somebody whom no Norwegian register knows: no number, named as in the passport."""
    return Person.objects.create(
        given_names=str(case.answers["given_names"]),
        surname=str(case.answers["surname"]),
        birth_date=date.fromisoformat(str(case.answers["birth_date"])),
    )


def _name_in(case: Case) -> str:
    return f"{case.answers['given_names']} {case.answers['surname']}"
