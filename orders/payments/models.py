"""Money: what was reserved, captured, released and refunded. The ledger is append-only."""

import uuid

import pgtrigger
from django.db import models

from hmskort.common import clock


class Payment(models.Model):
    """One attempt to pay for an order at the payment provider.

    `reference` is the order's; the payment does not know orders. Amounts in øre with VAT.
    """

    class State(models.TextChoices):
        STARTED = "started"
        RESERVED = "reserved"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=20, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    amount_ore = models.PositiveIntegerField()
    items = models.JSONField()  # as sent to the provider
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    page_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    reserved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class Operation(models.Model):
    """A capture, release or refund that is wanted, carried out once at the provider.

    `key` is unique and is sent as the idempotency key.
    """

    class Kind(models.TextChoices):
        CAPTURE = "capture"
        RELEASE = "release"
        REFUND = "refund"

    class State(models.TextChoices):
        WANTED = "wanted"
        DONE = "done"
        REFUSED = "refused"

    key = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WANTED)
    amount_ore = models.PositiveIntegerField()
    items = models.JSONField(default=list)
    provider_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class LedgerEntry(models.Model):
    """Money that moved: reserved, captured, released, refunded, in øre with VAT."""

    at = models.DateTimeField(default=clock.now)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=10)
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
