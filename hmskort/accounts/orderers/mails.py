"""What orderers are told by e-mail."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from hmskort.accounts.models import User
from hmskort.accounts.orderers.models import Orderer
from hmskort.notifications.actions import tell


def registered(orderer: Orderer, *, to: str, key: str, address: EmailAddress | None) -> None:
    """The BestillerID, and the link that confirms the address where that is still to be done."""
    if not to:
        return
    with translation.override(orderer.user.language):
        kind = orderer.kind.name
    tell(
        key=f"orderer:{key}",
        template="orderer_registered",
        to=to,
        context={
            "orderer": orderer,
            "kind": kind,
            "confirm_url": confirmation_url(address) if address else "",
            "profile_url": settings.BASE_URL + reverse("orderers:profile"),
        },
        language=orderer.user.language,
    )


def confirmation_url(address: EmailAddress) -> str:
    """The link that confirms the address, for as long as `ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS`.

    It is dead once another address was asked for.
    """
    key = EmailConfirmationHMAC.create(address).key
    return settings.BASE_URL + reverse("orderers:confirm_email", args=[key])


def confirm(user: User, address: EmailAddress, *, key: str) -> None:
    """The link that confirms a new address."""
    tell(
        key=f"confirm:{key}",
        template="confirm_email",
        to=address.email,
        context={"name": user.name, "confirm_url": confirmation_url(address)},
        language=user.language,
    )


def address_replaced(user: User, *, before: str, key: str) -> None:
    """The address before hears that another one counts now."""
    tell(
        key=f"address:{key}",
        template="email_changed",
        to=before,
        context={"name": user.name, "email": user.email, "phone": settings.ISSUER_PHONE},
        language=user.language,
    )
