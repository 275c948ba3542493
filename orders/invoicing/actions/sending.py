"""What was issued reaches the buyer: by e-mail, and as EHF where they take one."""

from django.conf import settings
from django.urls import reverse

from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from hmskort.notifications.actions import Attachment, tell
from orders.invoicing import ehf, paper
from orders.invoicing.access_point.sender import sender
from orders.invoicing.models import Document

NOT_THERE = "not in ELMA"


def mail(*, document: Document) -> None:
    """The contact has the document by e-mail, once; its PDF is kept as it was sent."""
    _mailed(document=document, pdf=bytes(document.pdf or paper.pdf_of(document)))


@owns_transaction
def _mailed(*, document: Document, pdf: bytes) -> None:
    Document.objects.filter(pk=document.pk, pdf=None).update(pdf=pdf)
    tell(
        key=f"document:{document.number}",
        template="invoice",
        to=document.email,
        language=document.language,
        context={
            "document": document,
            "order_url": settings.BASE_URL + reverse("orders:order", args=[document.reference]),
        },
        attachment=Attachment(f"{document.file_name}.pdf", "application/pdf", pdf),
    )


def send(*, document: Document) -> None:
    """The buyer's accounts have the document as EHF; a buyer without a place in ELMA has not.

    Raises:
        ServiceError: the access point did not take it; run again.
    """
    if document.sent_at:
        return
    taken = sender().send(
        number=str(document.number), receiver=document.orgnr, xml=ehf.xml_of(document)
    )
    _sent(document=document, sent_as=taken or NOT_THERE)


@owns_transaction
def _sent(*, document: Document, sent_as: str) -> None:
    mine = Document.objects.filter(pk=document.pk, sent_at=None)
    if mine.update(sent_at=clock.now(), sent_as=sent_as[:80]):
        record(
            "invoice:sent",
            actor=SYSTEM,
            subject=document.payment,
            number=document.number,
            taken=sent_as != NOT_THERE,
        )
