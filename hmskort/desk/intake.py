"""Mail becomes part of a case: the firm's open one, or a new one. Once per Message-ID."""

import hashlib
from collections.abc import Collection, Iterator, Sequence

from django.db import IntegrityError
from django.db.models import QuerySet

from hmskort.accounts.models import ListedCompany, User
from hmskort.audit.actor import Actor, ActorKind, Channel
from hmskort.common import clock
from hmskort.common.sealed import seal
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import MoveNotAllowed, move
from hmskort.common.uploads import decoder
from hmskort.common.uploads.limits import MOST_BYTES, Picture, Rejected
from hmskort.desk import attachments, incoming, mails
from hmskort.desk.attachments import OTHER
from hmskort.desk.entries import attach, enter
from hmskort.desk.incoming import MOST_ATTACHMENTS, Enclosed, Incoming, without_numbers
from hmskort.desk.models import Attachment, Case, Entry, Mail
from hmskort.desk.states import CASE_MOVES, CASE_OPEN, CaseState
from registers import lookups
from registers.models import Company

FROM_OUTSIDE = Actor(ActorKind.ANONYMOUS, channel=Channel.API)


def take_in(raw: bytes) -> Mail | None:
    """The mail stands in a case, and so it does when it comes again; None for automatic answers.

    Raises:
        incoming.TooBig: nothing was kept.
        files.NoRoom: nothing could be kept now; send it again.
    """
    read = incoming.read(raw)
    key = hashlib.sha256(read.message_id.encode() or raw).hexdigest()
    known = Mail.objects.filter(key=key).first()
    if known or read.automatic:
        return known
    pictures, left_out = _pictures(read.attachments)
    try:
        with attachments.kept_each((OTHER, picture) for picture in pictures) as rows:
            return _taken_in(read=read, key=key, rows=rows, left_out=left_out)
    except IntegrityError:  # the same mail was taken in beside this one
        return Mail.objects.get(key=key)


@owns_transaction
def _taken_in(*, read: Incoming, key: str, rows: list[Attachment], left_out: list[str]) -> Mail:
    orgnr = _main_unit(read.orgnr) if read.orgnr else ""
    case = _case_of(read, orgnr) or _new_case(read, orgnr)
    mail = Mail.objects.create(
        case=case,
        key=key,
        sender=read.sender,
        subject=without_numbers(read.subject),
        sealed_text=seal(read.text),
        left_out=left_out,
    )
    for row in rows:
        row.mail = mail
    attach(case, rows)
    Case.objects.filter(pk=case.pk).update(mail_at=clock.now())
    enter(case, Entry.Kind.MAILED, None, FROM_OUTSIDE)  # what it says goes when the mail goes
    return mail


@owns_transaction
def place(*, case: Case, orgnr: str, user: User, actor: Actor) -> Case:
    """What came by mail is the company's: in its open case, else as one of its own.

    The case that now holds the mail is given back.

    Raises:
        MoveNotAllowed: the case did not come by mail.
    """
    if case.kind != Case.Kind.MAIL:
        raise MoveNotAllowed("only mail is moved")
    main = _main_unit(orgnr)
    other = _open_cases(main).exclude(pk=case.pk).first()
    if other is None:
        Case.objects.filter(pk=case.pk).update(orgnr=main, company_name=name_of(main))
        case.refresh_from_db()
        enter(case, Entry.Kind.PLACED, user, actor)
        return case
    Mail.objects.filter(case=case).update(case=other)
    Attachment.objects.filter(case=case).update(case=other)
    Case.objects.filter(pk=other.pk).update(mail_at=clock.now())
    enter(other, Entry.Kind.PLACED, user, actor, text=case.reference)
    move(case, CaseState.CLOSED, CASE_MOVES, mail_at=None)
    enter(case, Entry.Kind.CLOSED, user, actor, text=other.reference)
    return other


@owns_transaction
def reply(*, case: Case, text: str, user: User, actor: Actor) -> None:
    """Who wrote last has an answer by mail, and the case is closed.

    Raises:
        MoveNotAllowed: the case did not come by mail, or nobody can be answered.
    """
    mail = case.mails.exclude(sender="").order_by("-received_at").first()
    if case.kind != Case.Kind.MAIL or mail is None:
        raise MoveNotAllowed("there is nobody to answer by mail")
    move(case, CaseState.CLOSED, CASE_MOVES, mail_at=None)
    entry = enter(case, Entry.Kind.REPLIED, user, actor, text=without_numbers(text))
    mails.reply(case, mail, entry)


@owns_transaction
def note_revealed(*, case: Case, reason: str, user: User, actor: Actor) -> None:
    """It stands in the history that the numbers of the mails were shown, and why."""
    enter(case, Entry.Kind.REVEALED, user, actor, text=without_numbers(reason))


@owns_transaction
def name_companies(*, orgnrs: Collection[str]) -> None:
    """Cases of a company that nobody knew when the mail came have its name."""
    for case in Case.objects.filter(orgnr__in=orgnrs, company_name=""):
        Case.objects.filter(pk=case.pk).update(company_name=name_of(case.orgnr))


def _pictures(enclosed: Sequence[Enclosed]) -> tuple[list[Picture], list[str]]:
    """Each attachment as a picture of its pages; why others are left out, save for logos."""
    found: list[Picture] = []
    left_out: list[str] = []
    for one in enclosed[:MOST_ATTACHMENTS]:
        picture = _picture(one)
        if isinstance(picture, Picture):
            found.append(picture)
        elif not one.inline:
            left_out.append(picture)
    return found, left_out + ["too_many"] * max(0, len(enclosed) - MOST_ATTACHMENTS)


def _picture(one: Enclosed) -> Picture | str:
    if len(one.content) > MOST_BYTES:
        return "too_big"
    try:
        return decoder.cleaned(one.content, "attachment")
    except Rejected:
        return "unreadable"


def _case_of(read: Incoming, orgnr: str) -> Case | None:
    """The company's open case: the one that the subject names, else the one that waits for it."""
    if not orgnr:
        return None
    cases = list(_open_cases(orgnr))
    named = (case for case in cases if case.reference in read.references)
    asked = (case for case in cases if case.state == CaseState.NEEDS_MORE)
    return next(_first_of(named, asked, iter(cases)), None)


def _first_of(*every: Iterator[Case]) -> Iterator[Case]:
    for each in every:
        yield from each


def _open_cases(orgnr: str) -> QuerySet[Case]:
    return Case.objects.filter(orgnr=orgnr, state__in=CASE_OPEN).order_by("-sent_at")


@inside_transaction
def _new_case(read: Incoming, orgnr: str) -> Case:
    """A case of mail alone; a company that nobody knows is looked up."""
    name = name_of(orgnr) if orgnr else ""
    if orgnr and not name:
        lookups.want({("enhetsregisteret", orgnr)}, not_older_than=lookups.EVER)
    return Case.objects.create(
        kind=Case.Kind.MAIL, orgnr=orgnr, company_name=name, contact_email=read.sender
    )


def _main_unit(orgnr: str) -> str:
    unit = Company.objects.filter(pk=orgnr).only("main_orgnr").first()
    return unit.main_orgnr if unit and unit.main_orgnr else orgnr


def name_of(orgnr: str) -> str:
    """The company's name as far as it is known here; empty until a register has told it."""
    company = Company.objects.filter(pk=orgnr).only("name").first()
    if company and company.name:
        return company.name
    listed = ListedCompany.objects.filter(orgnr=orgnr).only("name").first()
    return listed.name if listed else ""
