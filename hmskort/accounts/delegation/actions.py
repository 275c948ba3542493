"""Access given, changed, withdrawn, suspended and given back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from hmskort.accounts.delegation import leaving, mails
from hmskort.accounts.delegation.naming import surname_agrees
from hmskort.accounts.delegation.rules import WARNED_BEFORE
from hmskort.accounts.models import Access, Authorisation, Right, User
from hmskort.accounts.queries import authorisations_on
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.dated import in_force
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import employers, wanted
from registers.models import Person


class NotPossible(Exception):
    """The access cannot be given or changed so; the text says why, for a reader."""


@dataclass(frozen=True)
class Terms:
    """What is given: the rights besides seeing, the days, where to write, and in which language."""

    rights: Collection[str]
    from_on: date
    to_on: date | None
    contact_email: str = ""
    language: str = "nb"
    outside: bool = False


@owns_transaction
def give(
    *, person: Person, surname: str, orgnr: str, terms: Terms, given_by: User, actor: Actor
) -> Access:
    """The person may act for the company on these terms, once name and number agree.

    Raises:
        NotPossible: the name is another's, or the person has access already.
    """
    agrees = surname_agrees(person, surname)
    if agrees is False:
        raise NotPossible(_("Nummeret og etternavnet hører ikke til samme person."))
    _end_what_ran_out(person, orgnr)
    access, made = Access.objects.get_or_create(
        person=person,
        main_orgnr=orgnr,
        source=Access.Source.DELEGATION,
        ended_at=None,
        defaults={
            **_values(terms),
            "given_by": given_by,
            "surname": "" if agrees else surname,
            "warned_of": terms.to_on if _is_near(terms.to_on) else None,
        },
    )
    if not made:
        raise NotPossible(_("Personen har allerede fått tilgang. Endre den i stedet."))
    record("delegation:given", actor=actor, subject=access, orgnr=orgnr, **told(access))
    if agrees:
        mails.given(access)
    else:
        wanted.want([("folkeregisteret", str(person.pk))], not_older_than=wanted.EVER)
    watch(access=access)
    return access


@owns_transaction
def change(*, access: Access, terms: Terms, actor: Actor) -> None:
    """The rights and days are the new ones from the next request on; the history has the old.

    Raises:
        NotPossible: the authorisation says that the person blocks cards, which needs that right, or
            is not given for one of the rights.
    """
    access = _locked(access)
    _must_be_covered(access, terms)
    if Right.BLOCK not in terms.rights and _blocks_cards(access):
        raise NotPossible(
            _("Fullmakten sier at personen melder kort sperret eller tapt. Da trengs den retten.")
        )
    before = told(access)
    for name, value in _values(terms).items():
        setattr(access, name, value)
    access.save()
    if told(access) != before:
        record(
            "delegation:changed",
            actor=actor,
            subject=access,
            orgnr=access.main_orgnr,
            before=before,
            **told(access),
        )
        mails.changed(access)
    watch(access=access)


@owns_transaction
def withdraw(*, access: Access, actor: Actor) -> None:
    """The access is over at once; one that is over already stays as it was."""
    if _finish("delegation:withdrawn", access=access, actor=actor):
        mails.withdrawn(access)


@owns_transaction
def give_back(*, access: Access, actor: Actor) -> None:
    """The suspended access holds again: the person has left and goes on from outside.

    That takes an authorisation, where it was given here.
    """
    access = _locked(access)
    if access.suspended_at is None:
        return
    access.suspended_at, access.outside = None, True
    access.save(update_fields=["suspended_at", "outside"])
    record("access:given_back", actor=actor, subject=access, orgnr=access.main_orgnr)


@inside_transaction
def watch(*, access: Access) -> None:
    """Aa-registeret is asked whether the person works here, now and as long as they may act."""
    if access.outside:
        return
    today = clock.today()
    wanted.want([("aaregisteret", str(access.person_id))], not_older_than=wanted.EVER)
    employers.follow(orgnr=access.main_orgnr, until=access.to_on or today + timedelta(days=365))
    leaving.hear(access=access)


@inside_transaction
def _finish(event: str, *, access: Access, actor: Actor) -> bool:
    """The access is over; False if it was already."""
    open_one = Access.objects.filter(pk=access.pk, ended_at=None)
    if not open_one.update(ended_at=clock.now()):
        return False
    record(event, actor=actor, subject=access, orgnr=access.main_orgnr)
    return True


@owns_transaction
def warn_of_ends() -> None:
    """Who has access, and who gave it, are told once that its last day is near."""
    today = clock.today()
    near = today + in_force(WARNED_BEFORE, today).value
    running_out = Access.objects.select_for_update(of=("self",), skip_locked=True).filter(
        source=Access.Source.DELEGATION, ended_at=None, to_on__range=(today, near)
    )
    for access in running_out.exclude(warned_of__gte=near).select_related("person", "given_by"):
        if access.warned_of != access.to_on:
            Access.objects.filter(pk=access.pk).update(warned_of=access.to_on)
            record("delegation:warned", actor=SYSTEM, subject=access, orgnr=access.main_orgnr)
            mails.ends(access)


@owns_transaction
def settle_names(*, person: str) -> None:
    """Accesses that waited for the person's name hold, or are over."""
    waiting = Access.objects.filter(person_id=person, ended_at=None).exclude(surname="")
    for access in waiting.order_by("pk"):
        _settle_name(access)


@inside_transaction
def _settle_name(access: Access) -> None:
    """Folkeregisteret answered: name and number agree and the access holds, or it is over."""
    access = _locked(access)
    agrees = surname_agrees(access.person, access.surname) if access.surname else None
    if access.ended_at or agrees is None:
        return
    if not agrees:
        _finish("delegation:name_differed", access=access, actor=SYSTEM)
        mails.name_differed(access)
        return
    access.surname = ""
    access.save(update_fields=["surname"])
    record("delegation:name_agreed", actor=SYSTEM, subject=access, orgnr=access.main_orgnr)
    mails.given(access)


def _locked(access: Access) -> Access:
    return Access.objects.select_for_update(of=("self",)).get(pk=access.pk)


def as_stored(rights: Collection[str]) -> list[str]:
    """The rights in their order, with seeing, which goes with each of them."""
    return [right for right in Right.values if right in {Right.SEE, *rights}]


def _values(terms: Terms) -> dict[str, object]:
    return {
        "rights": as_stored(terms.rights),
        "from_on": terms.from_on,
        "to_on": terms.to_on,
        "contact_email": terms.contact_email,
        "language": terms.language,
        "outside": terms.outside,
    }


def told(access: Access) -> dict[str, object]:
    """What the history tells of an access."""
    return {
        "rights": access.rights,
        "since": access.from_on.isoformat(),
        "until": access.to_on.isoformat() if access.to_on else "",
        "outside": access.outside,
    }


def _is_near(last: date | None) -> bool:
    today = clock.today()
    return last is not None and last <= today + in_force(WARNED_BEFORE, today).value


@inside_transaction
def _end_what_ran_out(person: Person, orgnr: str) -> None:
    """A delegation whose last day has passed makes room for another."""
    held = Access.objects.filter(person=person, main_orgnr=orgnr, to_on__lt=clock.today())
    for access in held.filter(source=Access.Source.DELEGATION, ended_at=None):
        _finish("delegation:ran_out", access=access, actor=SYSTEM)


def _must_be_covered(access: Access, terms: Terms) -> None:
    """While an authorisation holds, somebody outside is given what it is for and nothing else."""
    holding = authorisations_on(clock.today()).filter(access=access)
    if not (terms.outside and access.outside and holding.exists()):
        return
    wanted = {Right.SEE, *terms.rights}
    if any(wanted <= set(held.rights) for held in holding):
        return
    beyond = wanted - set().union(*(held.rights for held in holding))
    what = ", ".join(str(right.label) for right in Right if right in (beyond or wanted))
    raise NotPossible(
        _("Fullmakten omfatter ikke å %(what)s. Signer en ny fullmakt som gjør det.")
        % {"what": what}
    )


def _blocks_cards(access: Access) -> bool:
    newest = access.authorisations.order_by("-pk").first()
    return (
        access.outside
        and newest is not None
        and newest.blocks_cards != (Authorisation.Blocks.COMPANY)
    )
