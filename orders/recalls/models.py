"""Cards with a fault of ours, and what replaces each of them."""

from django.db import models

from cards.models import Card
from hmskort.common import clock
from hmskort.common.references import new_reference
from orders.models import Line, Order


class Recall(models.Model):
    """Cards that were found to have a fault, and are replaced free of charge."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    fault = models.CharField(max_length=200)  # as employers are told of it
    begun_by = models.CharField(max_length=64)  # the actor's id
    begun_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.reference


class RecalledCard(models.Model):
    """A card that is replaced, once: the database knows no second recall of it.

    `former` is the order that it was made for; its replacement goes to the same place.
    """

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="cards")
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="+")
    former = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    line = models.OneToOneField(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="recalled"
    )
    left_out = models.CharField(max_length=12, blank=True)  # why no new card is made after all

    def __str__(self) -> str:
        return f"{self.card_id} in {self.recall_id}"
