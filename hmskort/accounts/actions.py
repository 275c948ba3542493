"""Logging in and out, and learning whom a person may act for."""

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase

from hmskort.accounts import rules
from hmskort.accounts.altinn.client import Altinn
from hmskort.accounts.altinn.parsing import Answer
from hmskort.accounts.id_porten.errors import Reason
from hmskort.accounts.id_porten.provider import PROVIDER
from hmskort.accounts.models import Access, ListedCompany, OpenLogin, StaffRole, User
from hmskort.accounts.requests import Acting
from hmskort.audit.actor import SYSTEM, Actor, ActorKind
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.outbox import TryLater
from hmskort.common.services import ServiceError, client_from
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers.models import Person
from registers.persons import person_for

log = logging.getLogger(__name__)

FROM_ALTINN = (Access.Source.ROLE, Access.Source.ALTINN)
ANSWER_IS_FRESH = timedelta(minutes=5)
SILENCE_IS_LEFT_ALONE = timedelta(seconds=30)
Wanted = dict[tuple[str, str], str]  # (orgnr, source) -> role


@owns_transaction
def know_user(*, sub: str, national_id: str) -> User:
    """The user with that identity number, made at the first login; the number alone decides.

    An account that was opened without ID-porten is theirs alone from now on: the password and the
    second factor that somebody chose for it are gone, and so are the sessions that began with them.
    """
    user, is_new = User.objects.get_or_create(
        person=person_for(national_id), defaults={"password": make_password(None)}
    )
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not is_new and not SocialAccount.objects.filter(user=user).exists():
        _close_other_ways_in(user)
    SocialAccount.objects.update_or_create(
        provider=PROVIDER, uid=sub, defaults={"user": user, "extra_data": {}}
    )
    return user


@inside_transaction
def _close_other_ways_in(user: User) -> None:
    outbox.enqueue("user:first_at_id_porten", key=str(user.pk), user=str(user.pk))
    Authenticator.objects.filter(user=user).delete()
    if user.has_usable_password():
        user.password = make_password(None)
        user.save(update_fields=["password"])
        record("user:password_removed", actor=SYSTEM, subject=user)


@owns_transaction
def log_in(*, user: User, sid: str | None, session_key: str) -> None:
    """The login stands in the history, and ID-porten can end it by its `sid`."""
    over = clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    OpenLogin.objects.filter(since__lt=over).delete()
    if sid:
        OpenLogin.objects.update_or_create(
            sid=sid, defaults={"session_key": session_key, "user": user, "since": clock.now()}
        )
    record("user:logged_in", actor=_themselves(user), subject=user)


@owns_transaction
def refuse_login(*, user: User, reason: Reason) -> None:
    """The history says that the user was turned away, and why."""
    record("user:login_refused", actor=_themselves(user), subject=user, reason=reason)


@owns_transaction
def log_out(*, user: User, session_key: str | None, actor: Actor) -> None:
    """The session is no longer one that ID-porten can end, and the history says why."""
    OpenLogin.objects.filter(session_key=session_key).delete()
    record("user:logged_out", actor=actor, subject=user)


@owns_transaction
def follow_session(*, before: str, now: str) -> None:
    """ID-porten's login belongs to the session that took over from the one before."""
    OpenLogin.objects.filter(session_key=before).update(session_key=now)


@owns_transaction
def end_login(*, sid: str) -> None:
    """The session of that login at ID-porten is over; a `sid` not known changes nothing."""
    login = OpenLogin.objects.select_for_update().filter(sid=sid).first()
    if login is None:
        return
    _session_store()(login.session_key).delete()
    login.delete()
    record("user:logged_out", actor=_themselves(login.user), subject=login.user, at="ID-porten")


@owns_transaction
def forget_old_sessions() -> None:
    """Sessions that have run out are gone, and the sealed token of ID-porten in each with them."""
    _session_store().clear_expired()


def _session_store() -> type[SessionBase]:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store


@owns_transaction
def choose_company(*, user: User, company: Acting, actor: Actor) -> None:
    """The history says that the person acts for the company, and why they may."""
    record("company:chosen", actor=actor, subject=user, orgnr=company.orgnr, source=company.source)


def refresh_accesses(*, user: User) -> None:
    """What Altinn says now is what the person may do; while it is silent, what it last said.

    No answer neither gives nor takes anything. The user's row tells when Altinn was asked and when
    it answered.
    """
    if user.person is None or not _is_time_to_ask(user):
        return
    if not user.person.survivor.numbers.exists():
        return  # somebody from abroad, whom neither Altinn nor any register knows
    user.accesses_asked_at = clock.now()
    user.save(update_fields=["accesses_asked_at"])
    try:
        answer = _altinn().parties(user.person.national_id)
    except ServiceError as error:
        log.warning("no list of companies: %s", error)
        return
    _keep(user, answer)


def refresh_accesses_to(*, orgnr: str) -> None:
    """Each who may act for the company has what Altinn says now, however new the last answer is.

    Raises:
        TryLater: Altinn did not answer for all of them.
    """
    acting = Access.objects.filter(main_orgnr=orgnr, source__in=FROM_ALTINN, ended_at=None)
    silent = 0
    for user in User.objects.filter(person__in=acting.values("person")).select_related("person"):
        user.accesses_asked_at = None
        refresh_accesses(user=user)
        user.refresh_from_db()
        silent += user.altinn_is_silent
    if silent:
        raise TryLater("Altinn is silent")


def _is_time_to_ask(user: User) -> bool:
    if user.accesses_asked_at is None:
        return True
    wait = SILENCE_IS_LEFT_ALONE if user.altinn_is_silent else ANSWER_IS_FRESH
    return user.accesses_asked_at + wait < clock.now()


def _altinn() -> Altinn:
    config = {key: value for key, value in settings.ALTINN.items() if key != "resource"}
    client: Altinn = client_from(config)
    return client


@owns_transaction
def _keep(user: User, answer: Answer) -> None:
    """The person's accesses by role and in Altinn are those of the answer, and no others."""
    user = User.objects.select_for_update().get(pk=user.pk)
    granted = rules.grants(answer.parties, resource=settings.ALTINN["resource"])
    wanted: Wanted = {
        (grant.party.orgnr, Access.Source.ROLE if grant.role else Access.Source.ALTINN): grant.role
        for grant in granted
    }
    _list_companies(granted)
    _end_all_but(user, wanted)
    _confirm(user, wanted)
    user.accesses_answered_at = clock.now()
    user.name = (user.person.name if user.person else "") or answer.own_name or user.name
    user.save(update_fields=["accesses_answered_at", "name"])


@inside_transaction
def _list_companies(granted: list[rules.Grant]) -> None:
    """In the order of their numbers: two who lead the same companies cannot lock each other out."""
    for party in sorted((grant.party for grant in granted), key=lambda party: party.orgnr):
        ListedCompany.objects.update_or_create(
            orgnr=party.orgnr,
            defaults={
                "name": party.name,
                "form": party.form,
                "subunits": [{"orgnr": u.orgnr, "name": u.name} for u in party.subunits],
                "answered_at": clock.now(),
            },
        )


@inside_transaction
def _end_all_but(user: User, wanted: Wanted) -> None:
    held = Access.objects.filter(person=user.person, source__in=FROM_ALTINN, ended_at=None)
    gone = [row for row in held if (row.main_orgnr, row.source) not in wanted]
    Access.objects.filter(pk__in=[row.pk for row in gone]).update(ended_at=clock.now())
    for row in gone:
        if row.source == Access.Source.ROLE:  # while they had it, nobody minded whether they left
            person = str(row.person_id)
            outbox.enqueue("access:role_ended", key=str(row.pk), person=person)


@inside_transaction
def _confirm(user: User, wanted: Wanted) -> None:
    for (orgnr, source), role in wanted.items():
        Access.objects.update_or_create(
            person=user.person,
            main_orgnr=orgnr,
            source=source,
            ended_at=None,
            defaults={"role": role, "confirmed_at": clock.now()},
        )


def _themselves(user: User) -> Actor:
    return Actor(ActorKind.PERSON, id=str(user.pk))


@owns_transaction
def delegate(
    *, person: Person, orgnr: str, until: date | None, given_by: User, actor: Actor
) -> Access:
    """The person may act for the company until that day, by the grace of one who leads it.

    Nothing is asked: in the portal it is done by `delegation.actions.give`. A delegation that is
    open already is given the new end.
    """
    access, _ = Access.objects.update_or_create(
        person=person,
        main_orgnr=orgnr,
        source=Access.Source.DELEGATION,
        ended_at=None,
        defaults={"to_on": until, "given_by": given_by, "confirmed_at": clock.now()},
    )
    record("delegation:given", actor=actor, subject=access, orgnr=orgnr, until=str(until or ""))
    return access


@owns_transaction
def appoint(*, person: Person, name: str, roles: Iterable[StaffRole], actor: Actor) -> User:
    """The person's user has these staff roles and no others; a change stands in the history."""
    held = {"name": name, "staff_roles": [role.value for role in roles]}
    before = User.objects.select_for_update().filter(person=person).first()
    user, _ = User.objects.update_or_create(
        person=person, defaults=held, create_defaults={**held, "password": make_password(None)}
    )
    if (before.staff_roles if before else []) != held["staff_roles"]:
        record("user:appointed", actor=actor, subject=user, roles=held["staff_roles"])
    return user


@owns_transaction
def merge_person(*, old: Person, one: Person) -> None:
    """The one has the old row's user, unless they have one, and its accesses, each once."""
    user = User.objects.filter(person=old).first()
    if user and not User.objects.filter(person=one).exists():
        user.person = one
        user.save(update_fields=["person"])
        record("person:merged", actor=SYSTEM, subject=user)
    held = Access.objects.filter(person=one, ended_at=None)
    twice = held.values_list("main_orgnr", "source")
    for access in Access.objects.select_for_update().filter(person=old):
        if access.ended_at is None and (access.main_orgnr, access.source) in set(twice):
            access.ended_at = clock.now()
        access.person = one
        access.save(update_fields=["person", "ended_at"])


@owns_transaction
def list_company(*, orgnr: str, name: str, form: str, subunits: Iterable[tuple[str, str]]) -> None:
    """The company has a name on lists before Altinn has told of it."""
    ListedCompany.objects.get_or_create(
        orgnr=orgnr,
        defaults={
            "name": name,
            "form": form,
            "subunits": [{"orgnr": number, "name": unit} for number, unit in subunits],
        },
    )
