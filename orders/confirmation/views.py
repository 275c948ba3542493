"""The confirmation as a page to show or print, and as PDF to keep or send."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from hmskort.accounts.access import for_company
from hmskort.common import rendering
from orders import queries
from orders.confirmation.contents import Confirmation, confirmation_of

log = logging.getLogger(__name__)
STYLES = Path(__file__).parent / "document.css"


@require_safe
@for_company
def page(request: Any, reference: str, line: str = "") -> HttpResponse:
    """The confirmation on the screen; it prints on paper as well."""
    found = confirmation_of(queries.order_for(request.company.orgnr, reference), line)
    return _page(request, found, line)


@require_safe
@for_company
def document(request: Any, reference: str, line: str = "") -> HttpResponse:
    """The confirmation as PDF. Where none can be made the page is shown, and says so."""
    found = confirmation_of(queries.order_for(request.company.orgnr, reference), line)
    try:
        content = rendering.pdf(written(found), styles=STYLES)
    except rendering.NotRendered:
        log.exception("no confirmation of order %s", reference)
        return _page(request, found, line, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"bekreftelse-{line or reference}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def written(found: Confirmation) -> str:
    """The confirmation as the HTML that becomes a PDF."""
    with translation.override(found.languages[0]):
        return render_to_string("orders/confirmation/document.html", _context(found))


def _page(request: Any, found: Confirmation, line: str, *, status: int = 200) -> HttpResponse:
    context = {**_context(found), "line": line, "failed": status != 200}
    return render(request, "orders/confirmation/page.html", context, status=status)


def _context(found: Confirmation) -> dict[str, object]:
    return {
        "found": found,
        "order": found.order,
        "languages": found.languages,
        "alone": found.people[0] if len(found.people) == 1 else None,
        "issuer": settings.ISSUER_NAME,
        "phone": settings.ISSUER_PHONE,
        "email": settings.ISSUER_EMAIL,
    }
