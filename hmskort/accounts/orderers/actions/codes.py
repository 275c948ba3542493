"""One-time codes: made by the desk, sent by letter or handed out, good for opening an account."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password

from hmskort.accounts.models import Access, User
from hmskort.accounts.orderers import mails
from hmskort.accounts.orderers.actions.contact import want_address
from hmskort.accounts.orderers.actions.passwords import set_up_inside
from hmskort.accounts.orderers.actions.registering import enrol
from hmskort.accounts.orderers.errors import CodeNotOpen, HasIdPorten, MayNotHaveCode
from hmskort.accounts.orderers.models import EntryCode, Orderer
from hmskort.accounts.orderers.rules import admitted_until, code_expires_on
from hmskort.audit.actor import Actor, ActorKind
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.references import ALPHABET, new_reference
from hmskort.common.sealed import fingerprint, seal, unseal
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers.models import CardKind, Person

LENGTH, GROUP = 12, 4  # 57 bits: nobody guesses one within its month


def canonical(typed: str) -> str:
    """The code as it is hashed: no spaces or hyphens, capital letters."""
    return "".join(mark for mark in typed.upper() if mark in ALPHABET)


def shown(code: str) -> str:
    """The code as people read it: `HXK7-2P4W-QRS3`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


@inside_transaction
def admit(  # noqa: PLR0913 - who, for whom, and who says so
    *,
    person: Person,
    name: str,
    email: str,
    phone: str,
    language: str,
    orgnr: str,
    company_name: str,
    kinds: Collection[CardKind],
    by: User,
    actor: Actor,
) -> EntryCode | None:
    """The person may act for the company and order these kinds once they have opened the account.

    person: their row; one without a number is somebody whom no Norwegian register knows. The answer
    is the code that opens the account; None for who has a password already: a second company's
    letter must not open what the first one's did.

    Raises:
        HasIdPorten: the person has logged in with ID-porten, and needs no code.
        MayNotHaveCode: they work here, or act for another company and have no password yet.
    """
    require_no_id_porten(person)
    user, _ = User.objects.get_or_create(
        person=person,
        defaults={"name": name, "language": language, "password": make_password(None)},
    )
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.staff_roles:
        raise MayNotHaveCode
    user.name, user.phone = user.name or name, user.phone or phone
    user.save(update_fields=["name", "phone"])
    Access.objects.update_or_create(
        person=person,
        main_orgnr=orgnr,
        source=Access.Source.DESK,
        ended_at=None,
        defaults={
            "to_on": admitted_until(clock.today()),
            "given_by": by,
            "confirmed_at": clock.now(),
        },
    )
    record("user:admitted", actor=actor, subject=user, orgnr=orgnr)
    for kind in kinds:
        orderer = enrol(user=user, orgnr=orgnr, company_name=company_name, kind=kind, actor=actor)
        Orderer.objects.filter(pk=orderer.pk, settled_at=None).update(settled_at=clock.now())
    if user.has_usable_password():
        _mail_numbers(user)
        return None
    _require_may_have_code(user, orgnr)
    want_address(user=user, email=email)
    return _made(user=user, orgnr=orgnr, company_name=company_name, by=by, actor=actor)


@owns_transaction
def make_anew(*, code: EntryCode, by: User, actor: Actor) -> EntryCode:
    """Another code instead of one that was lost or is too old; the one before opens nothing.

    Raises:
        MayNotHaveCode: it was used, or would open more than that company's letter may.
    """
    if code.used_at:
        raise MayNotHaveCode
    _require_may_have_code(code.user, code.orgnr)
    return _made(
        user=code.user, orgnr=code.orgnr, company_name=code.company_name, by=by, actor=actor
    )


@inside_transaction
def renew(*, person: Person, orgnr: str, company_name: str, by: User, actor: Actor) -> EntryCode:
    """Who lost telephone and recovery codes has a code that opens the account anew.

    The desk has seen who it is. What they had goes on working until the code is used; then they
    choose password and second factor anew, and every other session is over.

    Raises:
        MayNotHaveCode: they work here, log in with ID-porten, or act for the company no longer.
    """
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is None or not may_be_handed_code(user, orgnr):
        raise MayNotHaveCode
    code = _made(
        user=user,
        orgnr=orgnr,
        company_name=company_name,
        by=by,
        actor=actor,
        by_hand=not may_have_code(user, orgnr),
    )
    mails.password_news(user, "code_renewed", at=clock.now())
    return code


def require_no_id_porten(person: Person) -> None:
    """Nobody who logs in with ID-porten is given another way in by a letter.

    Raises:
        HasIdPorten: the person does.
    """
    if SocialAccount.objects.filter(user__person=person).exists():
        raise HasIdPorten


def may_have_code(user: User, orgnr: str) -> bool:
    """May a letter to that company open the person's account?

    Only while they act for that company alone, by the desk's word, and have never shown at
    ID-porten who they are: the letter proves nothing to anybody else.
    """
    elsewhere = Access.objects.filter(person=user.person, ended_at=None).exclude(main_orgnr=orgnr)
    return may_be_handed_code(user, orgnr) and not elsewhere.exists()


def may_be_handed_code(user: User, orgnr: str) -> bool:
    """May somebody whom the desk has seen, and whom it let in there, open the account anew?"""
    if user.staff_roles or SocialAccount.objects.filter(user=user).exists():
        return False
    here = Access.objects.filter(person=user.person, main_orgnr=orgnr, ended_at=None)
    return here.filter(source=Access.Source.DESK, to_on__gte=clock.today()).exists()


def _require_may_have_code(user: User, orgnr: str) -> None:
    if not may_have_code(user, orgnr):
        raise MayNotHaveCode


@inside_transaction
def _made(
    *,
    user: User,
    orgnr: str,
    company_name: str,
    by: User,
    actor: Actor,
    by_hand: bool = False,
) -> EntryCode:
    before = EntryCode.objects.filter(user=user, used_at=None, voided_at=None)
    before.update(voided_at=clock.now(), sealed="")
    text = new_reference(LENGTH)
    code = EntryCode.objects.create(
        user=user,
        orgnr=orgnr,
        company_name=company_name,
        fingerprint=fingerprint(text),
        sealed=seal(text),
        made_by=by,
        expires_on=code_expires_on(clock.today()),
        by_hand=by_hand,
    )
    record("code:made", actor=actor, subject=code, orgnr=orgnr)
    return code


@owns_transaction
def void_all(*, user: User, actor: Actor) -> None:
    """No code opens the account of somebody who has shown at ID-porten who they are."""
    waiting = EntryCode.objects.filter(user=user, used_at=None, voided_at=None)
    for code in waiting.select_for_update(of=("self",)):
        EntryCode.objects.filter(pk=code.pk).update(voided_at=clock.now(), sealed="")
        record("code:voided", actor=actor, subject=code, orgnr=code.orgnr)


@inside_transaction
def void(*, person: Person | None, orgnr: str, actor: Actor) -> None:
    """No code that was made for the person and this company opens anything."""
    waiting = EntryCode.objects.filter(
        user__person=person, orgnr=orgnr, used_at=None, voided_at=None
    )
    for code in waiting.select_for_update(of=("self",)):
        EntryCode.objects.filter(pk=code.pk).update(voided_at=clock.now(), sealed="")
        record("code:voided", actor=actor, subject=code, orgnr=orgnr)


def text_of(code: EntryCode) -> str:
    """The code in clear, for the letter.

    Raises:
        CodeNotOpen: it was handed on already, or is good for nothing any more.
    """
    if not code.sealed or not code.is_open(clock.today()):
        raise CodeNotOpen
    return shown(unseal(code.sealed))


@owns_transaction
def note_sent(*, code: EntryCode, actor: Actor) -> None:
    """The letter is in the post, and nobody here can read the code any more."""
    sent = EntryCode.objects.filter(pk=code.pk, sent_at=None, voided_at=None, by_hand=False)
    if sent.update(sent_at=clock.now(), sealed=""):
        record("code:sent", actor=actor, subject=code, orgnr=code.orgnr)


@owns_transaction
def hand_out(*, code: EntryCode, actor: Actor) -> str:
    """The code in clear, once, for somebody who hands it to the person.

    Raises:
        CodeNotOpen: it was handed on already, or is good for nothing any more.
    """
    code = EntryCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    text = text_of(code)
    code.shown_at, code.sealed = clock.now(), ""
    code.save(update_fields=["shown_at", "sealed"])
    record("code:handed_out", actor=actor, subject=code, orgnr=code.orgnr)
    return text


def open_code(typed: str) -> EntryCode | None:
    """The code, while it opens an account."""
    found = EntryCode.objects.select_related("user__person").filter(
        fingerprint=fingerprint(canonical(typed))
    )
    code = found.first()
    return code if code and code.is_open(clock.today()) and code.user.is_active else None


@owns_transaction
def open_account(*, code: EntryCode, password: str, secret: str, step: int = 0) -> list[str]:
    """The person has this password and second factor, and the BestillerIDs are e-mailed.

    The code is used. The answer is the recovery codes. step: as of `passwords.set_up`.

    Raises:
        CodeNotOpen: it was used meanwhile, or replaced.
        MayNotHaveCode: the access has ended, or the account is more than that company's by now.
    """
    code = EntryCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    if not code.is_open(clock.today()):
        raise CodeNotOpen
    user = User.objects.select_for_update(of=("self",)).get(pk=code.user_id)
    may = may_be_handed_code if code.by_hand else may_have_code
    if not may(user, code.orgnr):
        raise MayNotHaveCode
    actor = Actor(ActorKind.PERSON, id=str(user.pk))
    recovery = set_up_inside(user=user, password=password, secret=secret, actor=actor, step=step)
    code.used_at, code.sealed = clock.now(), ""
    code.save(update_fields=["used_at", "sealed"])
    record("code:used", actor=actor, subject=code, orgnr=code.orgnr)
    _mail_numbers(user)
    return recovery


@inside_transaction
def _mail_numbers(user: User) -> None:
    """Each BestillerID that was not e-mailed yet is, once."""
    address = EmailAddress.objects.filter(user=user, verified=False).first()
    to = user.email or (address.email if address else "")
    unsent = Orderer.objects.filter(user=user, sent_at=None).select_related("user", "kind")
    for orderer in unsent:
        orderer.sent_at = clock.now()
        orderer.save(update_fields=["sent_at"])
        wanted = None if user.email else address
        mails.registered(orderer, to=to, key=str(orderer.pk), address=wanted)
