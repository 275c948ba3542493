"""Who is registered as orderer of what."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from hmskort.accounts.models import User
from hmskort.accounts.orderers.models import Agreement, Orderer
from hmskort.accounts.orderers.rules import ids_are_per_kind
from hmskort.common import clock
from registers.models import CardKind


def orderer_of(user: User, orgnr: str, kind: CardKind) -> Orderer | None:
    """The person's registration that lets them order this kind for the company, if there is one.

    Where the policy asks for one BestillerID per kind, no other kind's will do.
    """
    held = Orderer.objects.filter(user=user, orgnr=orgnr).select_related("kind", "user__person")
    if ids_are_per_kind(clock.today()):
        return held.filter(kind=kind).first()
    return held.order_by("registered_at").first()


def orderers_of(user: User) -> QuerySet[Orderer]:
    """The person's BestillerIDs, by company and kind."""
    return (
        Orderer.objects.filter(user=user)
        .select_related("kind")
        .order_by("company_name", "orgnr", "kind")
    )


def waiting_agreement(orgnr: str) -> Agreement | None:
    """The company's agreement, while nobody has accepted its terms."""
    return Agreement.objects.filter(orgnr=orgnr, accepted_at=None).first()


def promise_days(orgnr: str) -> int | None:
    """The days within which the agreement promises that cards are sent, where it promises any."""
    accepted = Agreement.objects.filter(orgnr=orgnr, accepted_at__isnull=False)
    return accepted.values_list("promise_days", flat=True).first()


def waiting_address(user: User) -> str:
    """The e-mail address that the person has not confirmed yet, or an empty text."""
    waiting = EmailAddress.objects.filter(user=user, verified=False)
    return str(waiting.values_list("email", flat=True).first() or "")


def can_use_id_porten(user: User) -> bool:
    """Has the person been in that way? A number alone, which the desk may have typed, says not."""
    return bool(SocialAccount.objects.filter(user=user).exists())
