"""An orderer's e-mail address and mobile: an address counts when it was confirmed by its link."""

from allauth.account.models import EmailAddress

from hmskort.accounts.models import User
from hmskort.accounts.orderers import mails
from hmskort.accounts.orderers.errors import AddressGone
from hmskort.audit.actor import Actor, ActorKind, Channel
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction


@inside_transaction
def want_address(*, user: User, email: str) -> EmailAddress | None:
    """The address waits to be confirmed, and no other does; None when it counts already."""
    waiting = EmailAddress.objects.filter(user=user, verified=False)
    if user.email.casefold() == email.casefold():
        waiting.delete()
        return None
    waiting.exclude(email__iexact=email).delete()
    address, _ = EmailAddress.objects.get_or_create(user=user, email=email.lower())
    return address


@owns_transaction
def confirm_address(*, address: EmailAddress) -> User:
    """The address is where the person is reached from now on; the one before it is told.

    Raises:
        AddressGone: another was asked for, or confirmed, meanwhile.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=address.user_id)
    found = EmailAddress.objects.select_for_update().filter(pk=address.pk, user=user).first()
    if found is None:
        raise AddressGone
    address = found
    if address.verified:
        return user
    before = user.email
    EmailAddress.objects.filter(user=user).exclude(pk=address.pk).delete()
    address.verified = address.primary = True
    address.save(update_fields=["verified", "primary"])
    user.email = address.email
    user.save(update_fields=["email"])
    record(
        "user:email_changed",
        actor=Actor(ActorKind.PERSON, id=str(user.pk), channel=Channel.LINK),
        subject=user,
    )
    if before:
        mails.address_replaced(user, before=before, key=str(address.pk))
    return user


@inside_transaction
def set_phone(*, user: User, phone: str, actor: Actor) -> None:
    """The person is reached on this mobile; a change stands in the history."""
    if user.phone == phone:
        return
    user.phone = phone
    user.save(update_fields=["phone"])
    record("user:phone_changed", actor=actor, subject=user)


@owns_transaction
def change_contact(*, user: User, email: str, phone: str, actor: Actor) -> EmailAddress | None:
    """The mobile is this one; a new address waits for the link that was sent to it.

    The answer is the address that waits, if one does.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    set_phone(user=user, phone=phone, actor=actor)
    address = want_address(user=user, email=email)
    if address:
        mails.confirm(user, address, key=f"{address.pk}:{clock.now().isoformat()}")
        record("user:email_wanted", actor=actor, subject=user)
    return address


@owns_transaction
def set_language(*, user: User, language: str) -> None:
    """The person is written to in this language."""
    user.language = language
    user.save(update_fields=["language"])
