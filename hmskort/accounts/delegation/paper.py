"""The authorisation as a paper to fill in and sign, in each language."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hmskort.accounts.delegation.forms import GIVEN
from hmskort.accounts.models import Authorisation
from hmskort.common.documents import pdf

STYLES = Path(__file__).parent / "paper.css"


@cache
def empty_paper(language: str) -> bytes:
    """The PDF. It is the same for everybody, so it is laid out once for each process."""
    with translation.override(language):
        html = render_to_string(
            "accounts/delegation/paper.html",
            {
                "language": language,
                "rights": [label for _, label in GIVEN],
                "blocks": Authorisation.Blocks.labels,
                "base_url": settings.BASE_URL,
                "issuer": settings.ISSUER_NAME,
            },
        )
    return pdf(html, styles=STYLES)
