"""Questions about invoices and credit notes."""

from django.db.models import QuerySet

from orders.invoicing.models import Document


def documents_of(reference: str) -> QuerySet[Document]:
    """The order's documents, in the order in which they were issued."""
    return Document.objects.filter(reference=reference).defer("pdf", "lines").order_by("number")
