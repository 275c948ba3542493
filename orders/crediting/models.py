"""What was given back of what was paid, and why."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.money import Amount
from orders.models import Line, Order
from orders.payments.models import Operation


class Credit(models.Model):
    """Money that a company has back for one reason, once. How far it has come: `operation`."""

    class Reason(models.TextChoices):
        LATE = "late", _("kortet ble ikke sendt i tide")

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
