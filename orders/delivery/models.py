"""A company's address book, and the card sleeves of an order with a shipment of their own."""

import uuid

from django.db import models

from hmskort.common import clock
from hmskort.common.money import Amount
from hmskort.common.references import new_reference
from orders.delivery.countries import NORWAY
from orders.delivery.states import SleeveState
from orders.my_orders.counting import SLEEVES_COUNTED


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


class Sleeves(models.Model):
    """Card sleeves (*kortholdere*) in an order: how many, for how much, and their own shipment."""

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="sleeves")
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in SleeveState],
        default=SleeveState.DRAFT,
    )
    quantity = models.PositiveSmallIntegerField()
    price_net_ore = models.PositiveIntegerField(default=0)  # of one
    price_vat_ore = models.PositiveIntegerField(default=0)
    postage_net_ore = models.PositiveIntegerField(default=0)
    postage_vat_ore = models.PositiveIntegerField(default=0)
    address = models.JSONField(default=list)  # lines, as they were when it was paid for
    waiting_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "sleeves"
        triggers = [SLEEVES_COUNTED]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="some_sleeves")
        ]
        indexes = [
            models.Index(
                fields=["waiting_since", "id"],
                name="sleeves_to_pack",
                condition=models.Q(state=SleeveState.WAITING),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def price(self) -> Amount:
        """Of one."""
        return Amount(self.price_net_ore, self.price_vat_ore)

    @property
    def postage(self) -> Amount:
        return Amount(self.postage_net_ore, self.postage_vat_ore)

    @property
    def total(self) -> Amount:
        """Of all, with the postage of their shipment."""
        return self.price.times(self.quantity) + self.postage
