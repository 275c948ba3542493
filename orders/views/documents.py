"""Invoices and credit notes of an order, for those who may see the order."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from hmskort.accounts.access import for_company
from orders import queries
from orders.invoicing import ehf, paper
from orders.invoicing.models import Document


@require_GET
@for_company
def pdf(request: Any, reference: str, number: int) -> HttpResponse:
    """The document as it was mailed; made on the spot when it has not been yet."""
    document = _document(request, reference, number)
    content = bytes(document.pdf) if document.pdf else paper.pdf_of(document)
    return _file(content, f"{document.file_name}.pdf", "application/pdf")


@require_GET
@for_company
def xml(request: Any, reference: str, number: int) -> HttpResponse:
    """The document as EHF."""
    document = _document(request, reference, number)
    return _file(ehf.xml_of(document), f"{document.file_name}.xml", "application/xml")


def _document(request: Any, reference: str, number: int) -> Document:
    """The order's document; another company's does not exist (404)."""
    order = queries.order_for(request.company.orgnr, reference)
    return get_object_or_404(
        Document.objects.select_related("corrects"), reference=order.reference, number=number
    )


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
