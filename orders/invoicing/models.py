"""Invoices and credit notes as they were issued: they stand, and their numbers have no gaps."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.money import Amount
from orders.invoicing.rows import Row, rows_from
from orders.payments.models import Operation, Payment


class Series(models.Model):
    """The last number that was given in a series; its row is locked while the next is taken."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Document(models.Model):
    """An invoice, or a credit note that corrects one. `payment` is what it asks for, or gives back.

    What it says of the buyer is what was true when it was issued. The database holds that nothing
    of it changes afterwards but what became of the sending.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Faktura")
        CREDIT_NOTE = "credit_note", _("Kreditnota")

    kind = models.CharField(max_length=11, choices=Kind)
    number = models.PositiveIntegerField(unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="documents")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    issued_on = models.DateField()
    delivered_on = models.DateField()  # when the last of what it is for was approved
    due_on = models.DateField(null=True, blank=True)
    kid = models.CharField(max_length=25, blank=True)
    reference = models.CharField(max_length=20)  # the order's
    buyer_reference = models.CharField(max_length=50, blank=True)  # theirs
    orgnr = models.CharField(max_length=9, db_index=True)
    name = models.CharField(max_length=200)
    vat_registered = models.BooleanField(default=False)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country_code = models.CharField(max_length=2, default="NO")
    email = models.EmailField()
    language = models.CharField(max_length=2, default="nb")
    lines = models.JSONField()  # as `orders.invoicing.rows` writes them
    net_ore = models.PositiveIntegerField()
    vat_ore = models.PositiveIntegerField()
    rounding_ore = models.IntegerField(default=0, db_default=0)  # from their sum to what is paid
    pdf = models.BinaryField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # as EHF
    sent_as = models.CharField(max_length=80, blank=True)  # the access point's id of it
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(kind="invoice"),
                name="one_invoice_per_payment",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice", corrects=None)
                | models.Q(kind="credit_note", corrects__isnull=False),
                name="a_credit_note_corrects_an_invoice",
            ),
        ]
        indexes = [models.Index(fields=["reference", "number"], name="document_of_order")]
        triggers = [
            pgtrigger.ReadOnly(name="document_stands", exclude=["id", "pdf", "sent_at", "sent_as"]),
            pgtrigger.Protect(name="document_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_invoice(self) -> bool:
        return self.kind == self.Kind.INVOICE

    @property
    def rows(self) -> list[Row]:
        return rows_from(self.lines)

    @property
    def amount(self) -> Amount:
        return Amount(self.net_ore, self.vat_ore)

    @property
    def to_pay_ore(self) -> int:
        """What is to be paid, or is given back: what the ledger says."""
        return self.amount.gross_ore + self.rounding_ore

    @property
    def file_name(self) -> str:
        """What its files are called, without ending: `faktura-10001`."""
        return f"{'faktura' if self.is_invoice else 'kreditnota'}-{self.number}"

    @property
    def address(self) -> list[str]:
        country = [] if self.country_code == "NO" else [self.country_code]
        place = f"{self.postal_code} {self.city}".strip()
        return [part for part in (self.street, place, *country) if part]

    @property
    def account(self) -> str:
        return settings.INVOICE_ACCOUNT

    @property
    def shown_account(self) -> str:
        """8601 11 17947, as banks write it."""
        return f"{self.account[:4]} {self.account[4:6]} {self.account[6:]}"


class Covered(models.Model):
    """A capture or refund stands on one document, and on no other."""

    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="covered")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="covers")

    class Meta:
        triggers = [
            pgtrigger.Protect(name="covered_stands", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.document_id}"
