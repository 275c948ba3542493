"""What every page knows of the issuer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """`site`: issuer_name, issuer_orgnr, phone, email, and the languages as (code, name)."""
    return {
        "site": {
            "issuer_name": settings.ISSUER_NAME,
            "issuer_orgnr": settings.ISSUER_ORGNR,
            "phone": settings.ISSUER_PHONE,
            "email": settings.ISSUER_EMAIL,
            "languages": settings.LANGUAGES,  # each named in itself, never translated
        }
    }
