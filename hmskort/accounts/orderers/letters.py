"""The letter with a one-time code, to the address that the company has in Enhetsregisteret."""

from pathlib import Path

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from hmskort.accounts.models import Access
from hmskort.accounts.orderers.actions.codes import text_of
from hmskort.accounts.orderers.errors import CodeNotOpen
from hmskort.accounts.orderers.models import EntryCode
from hmskort.common import clock, documents
from registers.models import Company

STYLES = Path(__file__).with_name("letter.css")
LATELY = 30  # of those that were handled, so many are shown
HANDLED = Q(sent_at__isnull=False) | Q(shown_at__isnull=False) | Q(used_at__isnull=False)


def waiting() -> QuerySet[EntryCode]:
    """Codes that nobody has been given yet, the oldest first."""
    rows = EntryCode.objects.exclude(HANDLED).filter(voided_at=None)
    return rows.filter(expires_on__gte=clock.today()).select_related("user").order_by("made_at")


def handled() -> QuerySet[EntryCode]:
    """Codes that were sent, handed out or used, or are too old: the newest first.

    `may_be_anew`: another may be made instead, by `codes.may_have_code`.
    """
    gone = HANDLED | Q(expires_on__lt=clock.today())
    rows = EntryCode.objects.filter(gone, voided_at=None).select_related("user")
    held = Access.objects.filter(person=OuterRef("user__person"), ended_at=None)
    here = held.filter(main_orgnr=OuterRef("orgnr"), source=Access.Source.DESK)
    rows = rows.annotate(
        may_be_anew=Q(used_at=None)
        & Exists(here.filter(to_on__gte=clock.today()))
        & ~Exists(held.exclude(main_orgnr=OuterRef("orgnr")))
        & ~Exists(SocialAccount.objects.filter(user=OuterRef("user")))
    )
    return rows.order_by("-made_at")[:LATELY]


def pdf_of(code: EntryCode, *, base_url: str) -> bytes:
    """The letter in the person's language, and in English beside a Norwegian one.

    Raises:
        CodeNotOpen: the code was handed on already, or must be handed over.
    """
    if code.by_hand:
        raise CodeNotOpen
    text, language = text_of(code), code.user.language
    languages = [language] if language == "en" else [language, "en"]
    with translation.override(language):
        html = render_to_string(
            "orderers/letter.html",
            {
                "code": code,
                "text": text,
                "address": _address(code),
                "languages": languages,
                "dated": clock.today(),
                "open_url": base_url + reverse("orderers:enter_code"),
                "issuer": settings.ISSUER_NAME,
                "phone": settings.ISSUER_PHONE,
                "email": settings.ISSUER_EMAIL,
            },
        )
    return documents.pdf(html, styles=STYLES)


def _address(code: EntryCode) -> list[str]:
    """The registered address, never one that the applicant wrote."""
    company = Company.objects.filter(pk=code.orgnr).first()
    if company is None:
        return [code.company_name]
    place = f"{company.postal_code} {company.city}".strip()
    abroad = [company.country_code] if company.country_code not in {"", "NO"} else []
    lines = [company.name or code.company_name, f"v/ {code.user.name}", *company.street, place]
    return [line for line in [*lines, *abroad] if line]
