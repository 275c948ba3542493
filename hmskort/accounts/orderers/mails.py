"""What orderers are told by e-mail."""

from datetime import datetime

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.models import User
from hmskort.accounts.orderers.models import Agreement, Orderer
from hmskort.notifications.actions import tell

PASSWORD_NEWS = {
    "set": (
        _("Du kan logge inn med passord hos HMS-kort"),
        _("Innlogging med BestillerID, passord og engangskode er slått på."),
    ),
    "changed": (
        _("Passordet ditt hos HMS-kort er byttet"),
        _("Alle andre steder du var logget inn, er du logget ut."),
    ),
    "removed": (
        _("Innlogging med passord er slått av hos HMS-kort"),
        _("Du logger inn med ID-porten. Alle andre steder du var logget inn, er du logget ut."),
    ),
    "locked": (
        _("Noen prøvde å logge inn som deg hos HMS-kort"),
        _(
            "Noen skrev feil passord fem ganger. Vi tar ikke imot flere forsøk derfra på en stund. "
            "Du kan fortsatt logge inn med ID-porten."
        ),
    ),
    "code_renewed": (
        _("En ny engangskode er laget for deg hos HMS-kort"),
        _(
            "Kundesenteret har kontrollert hvem som ba om den. Når koden brukes, velges passord og "
            "app på nytt, og alle andre steder blir du logget ut. Var det ikke deg som ba om den, "
            "ringer du oss med en gang."
        ),
    ),
    "code_locked": (
        _("Noen har passordet ditt hos HMS-kort"),
        _(
            "Noen skrev riktig passord, men feil engangskode fem ganger. Var det ikke deg, bytter "
            "du passord på Min profil med en gang."
        ),
    ),
}
WRONG_TRIES = frozenset({"locked", "code_locked"})


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


def password_news(user: User, what: str, *, at: datetime) -> None:
    """What happened to the person's password: set, changed, removed, or tried in vain by somebody.

    Of wrong tries they hear once an hour at most.
    """
    if not user.email:
        return
    moment = f"{at:%Y-%m-%dT%H}" if what in WRONG_TRIES else at.isoformat()
    with translation.override(user.language):
        title, text = (str(part) for part in PASSWORD_NEWS[what])
    tell(
        key=f"password:{what}:{user.pk}:{moment}",
        template="password_news",
        to=user.email,
        context={
            "name": user.name,
            "title": title,
            "text": text,
            "at": at,
            "phone": settings.ISSUER_PHONE,
            "profile_url": settings.BASE_URL + reverse("orderers:profile"),
        },
        language=user.language,
    )


def invitation(agreement: Agreement, *, key: str) -> None:
    """The company's contact: the desk has registered you, and the terms wait for you."""
    tell(
        key=f"agreement:{key}",
        template="agreement_invitation",
        to=agreement.contact_email,
        context={
            "agreement": agreement,
            "url": settings.BASE_URL + reverse("orderers:agreement", args=[agreement.orgnr]),
        },
        language=agreement.language,
    )
