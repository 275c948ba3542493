"""A list that a company has sent in, until everybody on it is in a cart or it is thrown away."""

import uuid

from django.db import models

from hmskort.accounts.models import User
from hmskort.common import clock
from hmskort.common.references import new_reference
from hmskort.common.sealed import unseal
from orders.models import Line
from registers.models import CardKind, Person


class Import(models.Model):
    """One list. Everybody who may order for the company sees it and may go on with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    orgnr = models.CharField(max_length=9, db_index=True)  # of the main unit
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=100, blank=True)  # empty for what was pasted
    sent_at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(default=clock.now)  # when registers were last to be asked
    read_at = models.DateTimeField(null=True, blank=True)  # when Aa-registeret last told who
    trouble = models.CharField(max_length=200, blank=True)  # why it gave no answer the last time
    answers = models.PositiveIntegerField(default=0)  # that were there when more was asked last

    def __str__(self) -> str:
        return self.reference

    @property
    def reading(self) -> bool:
        """Is an answer on who is employed still on its way?"""
        return self.read_at is None or self.read_at < self.asked_at


class Row(models.Model):
    """One person of the list. What was typed as their number is sealed, whatever it is."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField()  # the line in the file
    sealed = models.TextField(blank=True)  # empty once the person is in a cart
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    surname = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=200, blank=True)  # as it was written
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="one_row_per_line")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.place}"

    @property
    def typed(self) -> str:
        """The number as it was typed, in clear. Never to be logged or put in an address."""
        return unseal(self.sealed) if self.sealed else ""
