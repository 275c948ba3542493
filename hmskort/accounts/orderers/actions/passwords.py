"""The other way in: a password for all the person's BestillerIDs, and a second factor with it."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import make_password

from hmskort.accounts.models import User
from hmskort.accounts.orderers import mails, second_factor
from hmskort.accounts.orderers.models import Orderer
from hmskort.accounts.orderers.numbers import InvalidNumber, canonical
from hmskort.audit.actor import Actor, ActorKind
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction

LAST_STEP = "last_step"  # in a TOTP's data: of the newest code that was used


def user_with(typed: str, password: str) -> User | None:
    """The person with that BestillerID and password, who has a second factor too.

    The work is the same whether there is such a BestillerID or not.
    """
    user = owner_of(typed)
    if user is None or not user.has_usable_password():
        make_password(password)
        return None
    if not user.check_password(password):
        return None
    return user if second_factor.has_one(user) else None


def owner_of(typed: str) -> User | None:
    """Whose BestillerID that is, if it is anybody's."""
    try:
        orderer = Orderer.objects.select_related("user__person").get(number=canonical(typed))
    except (InvalidNumber, Orderer.DoesNotExist):
        return None
    return orderer.user


@owns_transaction
def set_up(*, user: User, password: str, secret: str, actor: Actor, step: int = 0) -> list[str]:
    """The person logs in with this password and this second factor from now on.

    Earlier ones are gone, and so is every other session. The answer is the recovery codes.
    step: of the app's code that they showed, which opens nothing afterwards.
    """
    user = _locked(user)
    return set_up_inside(user=user, password=password, secret=secret, actor=actor, step=step)


@inside_transaction
def set_up_inside(
    *, user: User, password: str, secret: str, actor: Actor, step: int = 0
) -> list[str]:
    """The same in the transaction of who has locked the user's row."""
    Authenticator.objects.filter(user=user).delete()
    _note_used(TOTP.activate(user, secret).instance, step)
    codes = RecoveryCodes.activate(user).generate_codes()
    _set_password(user, make_password(password))
    record("user:password_set", actor=actor, subject=user)
    mails.password_news(user, "set", at=clock.now())
    return list(codes)


@owns_transaction
def use_code(*, user: User, typed: str) -> Authenticator | None:
    """The code is one of the app or a recovery code, and opens nothing again; None when it is none.

    A code of the app is used up with all that were shown before it.
    """
    for held in Authenticator.objects.select_for_update().filter(user=_locked(user)).order_by("pk"):
        if held.type != Authenticator.Type.TOTP:
            if held.wrap().validate_code(typed):
                return held
            continue
        step = second_factor.step_of(decrypt(held.data["secret"]), typed)
        if step > held.data.get(LAST_STEP, 0):
            _note_used(held, step)
            return held
    return None


def _note_used(totp: Authenticator, step: int) -> None:
    totp.data[LAST_STEP] = step
    totp.save(update_fields=["data"])


@owns_transaction
def change_password(*, user: User, password: str, actor: Actor) -> None:
    """The password is this one; every other session is over and the person is mailed."""
    user = _locked(user)
    _set_password(user, make_password(password))
    record("user:password_changed", actor=actor, subject=user)
    mails.password_news(user, "changed", at=clock.now())


@owns_transaction
def switch_off(*, user: User, actor: Actor) -> None:
    """The person logs in through ID-porten alone; password and second factor are gone."""
    user = _locked(user)
    Authenticator.objects.filter(user=user).delete()
    _set_password(user, make_password(None))
    record("user:password_removed", actor=actor, subject=user)
    mails.password_news(user, "removed", at=clock.now())


@owns_transaction
def new_recovery_codes(*, user: User, actor: Actor) -> list[str]:
    """Ten new recovery codes; the ones before are good for nothing."""
    user = _locked(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user).generate_codes()
    record("user:recovery_codes_made", actor=actor, subject=user)
    return list(codes)


@owns_transaction
def tell_of_wrong_passwords(*, user: User, at: datetime) -> None:
    """The person hears, once an hour at most, that somebody tried to log in as them."""
    record("user:password_locked", actor=Actor(ActorKind.ANONYMOUS), subject=user)
    mails.password_news(user, "locked", at=at)


@owns_transaction
def tell_of_wrong_codes(*, user: User, at: datetime) -> None:
    """The person hears, once an hour at most, that somebody knows their password."""
    record("user:code_locked", actor=Actor(ActorKind.ANONYMOUS), subject=user)
    mails.password_news(user, "code_locked", at=at)


@inside_transaction
def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _set_password(user: User, encoded: str) -> None:
    user.password = encoded
    user.save(update_fields=["password"])
