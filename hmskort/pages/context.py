"""What every page knows: the issuer, how to reach it, and where this person works."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

STAFF_PAGES = {
    "reviewer": ("review:queue", _("Kontroll")),
    "producer": ("production:batches", _("Produksjon")),
}


def site(request: HttpRequest) -> dict[str, Any]:
    """`site` (issuer_name, issuer_orgnr, phone, email, languages) and `staff_links` (href, label)."""
    return {
        "site": {
            "issuer_name": settings.ISSUER_NAME,
            "issuer_orgnr": settings.ISSUER_ORGNR,
            "phone": settings.ISSUER_PHONE,
            "email": settings.ISSUER_EMAIL,
            "languages": settings.LANGUAGES,  # each named in itself, never translated
        },
        "staff_links": SimpleLazyObject(lambda: staff_links(request)),
    }


def staff_links(request: HttpRequest) -> list[dict[str, Any]]:
    """Where this person works for the card scheme; a room that is not open yet is left out."""
    roles = getattr(getattr(request, "user", None), "staff_roles", [])
    links = []
    for role, (name, label) in STAFF_PAGES.items():
        if role not in roles:
            continue
        try:
            links.append({"href": reverse(name), "label": label})
        except NoReverseMatch:
            continue
    return links
