"""The document on paper: A4, with what to pay, to whom and by when at its foot."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from hmskort.common.documents import pdf
from orders.invoicing.ehf import seller
from orders.invoicing.models import Document
from orders.invoicing.rows import vat_sums

STYLES = Path(__file__).parent / "invoice.css"


def pdf_of(document: Document) -> bytes:
    """The document as PDF, in the buyer's language."""
    with translation.override(document.language):
        context = {
            "document": document,
            "seller": seller(),
            "vat_sums": vat_sums(document.rows),
        }
        return pdf(render_to_string("invoicing/document.html", context), styles=STYLES)
