"""How the card of a person in the company's order will look."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from cards.face.preview import Preview, preview
from hmskort.accounts.access import for_company
from hmskort.common.uploads.serving import picture_response
from orders import queries
from orders.order_page.faces import face_of, has_face


@require_GET
@for_company
def front(request: Any, reference: str, line: str) -> HttpResponse:
    """The front of the card, as a picture."""
    return picture_response(_drawn(request, reference, line).front, "forside", "png")


@require_GET
@for_company
def back(request: Any, reference: str, line: str) -> HttpResponse:
    """The back of the card, as a picture."""
    return picture_response(_drawn(request, reference, line).back, "bakside", "png")


def _drawn(request: Any, reference: str, line: str) -> Preview:
    row = queries.line_for(request.company.orgnr, reference, line)
    if not has_face(row):
        raise Http404
    return preview(face_of(row))
