"""What was given back of what was paid, and why."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.money import Amount
from hmskort.common.references import new_reference
from orders.models import Line, Order
from orders.payments.models import Operation


class Credit(models.Model):
    """Money that a company has back for one reason, once. How far it has come: `operation`."""

    class Reason(models.TextChoices):
        LATE = "late", _("kortet ble ikke sendt i tide")
        POSTAGE = "postage", _("for mye porto")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.CharField(max_length=60, unique=True)
    reason = models.CharField(max_length=8, choices=Reason)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="credits")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="credits"
    )
    net_ore = models.PositiveIntegerField()
    vat_ore = models.PositiveIntegerField()
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="credit")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["reason", "-created_at", "id"], name="credit_by_reason")]

    def __str__(self) -> str:
        return self.key

    @property
    def amount(self) -> Amount:
        return Amount(self.net_ore, self.vat_ore)


class Correction(models.Model):
    """Postage that was too high, given back for many orders in one act."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    reason = models.CharField(max_length=200)  # as orderers read it
    right_net_ore = models.PositiveIntegerField()  # what postage should have been
    begun_by = models.CharField(max_length=64)  # the actor's id
    begun_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.reference


class CorrectedOrder(models.Model):
    """An order whose postage is corrected, once in a correction."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="orders")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    net_ore = models.PositiveIntegerField()
    vat_ore = models.PositiveIntegerField()
    credit = models.OneToOneField(
        Credit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_out = models.BooleanField(default=False)  # so much was not left to give back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "order"], name="corrected_once")
        ]
        indexes = [
            models.Index(
                fields=["correction", "id"],
                name="still_to_correct",
                condition=models.Q(credit=None, left_out=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} in {self.correction_id}"

    @property
    def amount(self) -> Amount:
        return Amount(self.net_ore, self.vat_ore)
