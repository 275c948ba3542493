"""Money: what was reserved, captured, released and refunded. The ledger is append-only."""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from orders.payments.methods import Method
from orders.payments.provider import Item
from orders.payments.rows import items_of
from orders.payments.states import OperationState, PaymentState


class Payment(models.Model):
    """One attempt to pay for an order: at a payment provider, or by an invoice to come.

    `reference` is the order's; the payment does not know orders. Amounts in øre with VAT.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=20, db_index=True)
    method = models.CharField(max_length=7, choices=Method, default=Method.NEXI)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in PaymentState],
        default=PaymentState.STARTED,
    )
    amount_ore = models.PositiveIntegerField()
    rows = models.JSONField()  # the items, as `orders.payments.rows` writes them
    language = models.CharField(max_length=2, default="nb")
    started_by = models.CharField(max_length=64, blank=True)  # the actor's id: only they come back
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    page_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    reserved_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)  # its end is nobody's news since

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=models.Q(state=PaymentState.STARTED),
                name="one_started_payment_per_reference",
            ),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=~models.Q(provider_id=""),
                name="payment_at_provider",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="payment_started",
                condition=models.Q(state=PaymentState.STARTED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def items(self) -> list[Item]:
        return items_of(self.rows)


class PaymentMethod(models.Model):
    """Orders may be paid for in this way from a day, and to and with another where one is named."""

    method = models.CharField(_("måte å betale på"), max_length=7, choices=Method)
    since = models.DateField(_("fra og med"))
    until = models.DateField(_("til og med"), null=True, blank=True)
    source = models.CharField(_("kilde"), max_length=200)

    class Meta:
        ordering = ["method", "-since"]
        verbose_name = _("betalingsmåte")
        verbose_name_plural = _("betalingsmåter")
        constraints = [
            models.UniqueConstraint(fields=["method", "since"], name="one_method_per_day"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="method_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.since}"


class Operation(models.Model):
    """A capture, release or refund that is wanted, carried out once at the provider.

    `key` is unique and is sent as the idempotency key; Vipps takes at most 50 characters. A capture
    that nobody else makes good for is asked for several times before it stands refused.
    """

    class Kind(models.TextChoices):
        CAPTURE = "capture", _("trekk")
        RELEASE = "release", _("frigivelse")
        REFUND = "refund", _("tilbakebetaling")

    key = models.CharField(max_length=50, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in OperationState],
        default=OperationState.WANTED,
    )
    amount_ore = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    capture = models.ForeignKey(  # what a refund gives back of
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    provider_id = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=80, blank=True)  # the provider's own code
    tries = models.PositiveSmallIntegerField(  # that it is refused after for good
        default=1, db_default=1
    )
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(null=True, blank=True)  # the provider may know of it since
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="operation_at_provider",
            )
        ]
        indexes = [
            models.Index(
                fields=["done_at", "id"],
                name="refund_done",
                condition=models.Q(kind="refund", state=OperationState.DONE),
            ),
            models.Index(
                fields=["-id"],
                name="operation_refused",
                condition=models.Q(state=OperationState.REFUSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def items(self) -> list[Item]:
        return items_of(self.rows)

    @property
    def asked_as(self) -> str:
        """Its key at the provider: what was refused is asked for again as something new."""
        return f"{self.key}:{self.refusals + 1}" if self.refusals else self.key

    @property
    def references(self) -> frozenset[str]:
        """What its items are called, here and at the provider."""
        return frozenset(row["reference"] for row in self.rows)


class LedgerEntry(models.Model):
    """Money that moved, in øre with VAT; a refund that failed is booked back with a minus.

    Of an invoice no money is held: what is ordered is promised, and what no card came of is waived.
    """

    class Kind(models.TextChoices):
        RESERVED = "reserved", _("reservert")
        CAPTURED = "captured", _("trukket")
        RELEASED = "released", _("frigitt")
        REFUNDED = "refunded", _("betalt tilbake")
        PROMISED = "promised", _("bestilt på faktura")
        INVOICED = "invoiced", _("fakturert")
        WAIVED = "waived", _("faktureres ikke")
        CREDITED = "credited", _("kreditert")

    at = models.DateTimeField(default=clock.now)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=10, choices=Kind)
    amount_ore = models.IntegerField()
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="ledger_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_ore}"
