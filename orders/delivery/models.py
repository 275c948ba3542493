"""A company's address book."""

import uuid

from django.db import models

from hmskort.common import clock
from orders.delivery.countries import NORWAY


class Address(models.Model):
    """A place that the company has its cards sent to. Orders keep copies of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    orgnr = models.CharField(max_length=9)  # of the main unit
    label = models.CharField(max_length=60)
    deliver_to = models.CharField(max_length=200)  # the receiver's name
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=10)
    city = models.CharField(max_length=100)
    country_code = models.CharField(max_length=2, default=NORWAY)
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["orgnr", "label"], name="one_address_per_label"),
            models.UniqueConstraint(
                fields=["orgnr"],
                condition=models.Q(is_default=True),
                name="one_default_address_per_company",
            ),
        ]

    def __str__(self) -> str:
        return self.label
