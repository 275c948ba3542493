"""What those who have access, and those who gave it, are told by e-mail; each thing once."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from hmskort.accounts.delegation.queries import leaders_with_mail, name_of
from hmskort.accounts.models import Access, Right
from hmskort.common import clock
from hmskort.notifications.actions import tell


def given(access: Access) -> None:
    """The delegate may act, from a day, with these rights, until a day."""
    _tell_delegate(access, "access_given", key="given")


def changed(access: Access) -> None:
    """What the delegate may do, or until when, is another from now on."""
    _tell_delegate(access, "access_changed", key=f"changed:{clock.now().isoformat()}")


def withdrawn(access: Access) -> None:
    """The delegate may no longer act for the company."""
    _tell_delegate(access, "access_withdrawn", key="withdrawn")


def ends(access: Access) -> None:
    """The last day is near: told to the delegate and to whoever gave the access."""
    _tell_delegate(access, "access_ends", key=f"ends:{access.to_on}")
    if giver := access.given_by:
        _tell(
            access,
            "access_ends_giver",
            key=f"ends:{access.to_on}:giver",
            to=giver.email,
            language=giver.language,
        )


def name_differed(access: Access) -> None:
    """Folkeregisteret has another name for the number: nothing was given."""
    if giver := access.given_by:
        _tell(access, "access_name_differed", key="name", to=giver.email, language=giver.language)


def suspended(access: Access, *, otherwise: tuple[str, str]) -> None:
    """Who leads the company is told that the access of one who left is suspended.

    otherwise: address and language of the company's contact, where no leader has an address here.
    """
    leaders = [(str(u.pk), u.email, u.language) for u in leaders_with_mail(access.main_orgnr)]
    since = access.suspended_at.isoformat() if access.suspended_at else ""
    for who, to, language in leaders or [("contact", *otherwise)]:
        _tell(access, "access_suspended", key=f"suspended:{since}:{who}", to=to, language=language)


def _tell_delegate(access: Access, template: str, *, key: str) -> None:
    user = getattr(access.person, "user", None)
    to = access.contact_email or (user.email if user else "")
    _tell(access, template, key=key, to=to, language=access.language)


def _tell(access: Access, template: str, *, key: str, to: str, language: str) -> None:
    if not to:
        return
    page = reverse("accounts:access", args=[access.pk])
    with translation.override(language):
        rights = [str(right.label) for right in Right if right in access.rights]
    tell(
        key=f"access:{access.pk}:{key}",
        template=template,
        to=to,
        language=language,
        context={
            "access": access,
            "name": access.holder,
            "company": name_of(access.main_orgnr),
            "rights": rights,
            "log_in_url": settings.BASE_URL + reverse("accounts:choose_company"),
            "page_url": settings.BASE_URL + page,
        },
    )
