"""The smallest room: all that an anonymous check may know, in one table."""

from django.db import models

from hmskort.common.ranges import DateRangesField


class Entry(models.Model):
    """What anyone may learn of a card number, or of the reference of a card under order."""

    class State(models.TextChoices):
        ORDERED = "ordered"  # under bestilling or in production
        ACTIVE = "active"  # valid on the days in `valid_on`
        BLOCKED = "blocked"
        LOST = "lost"
        SEIZED = "seized"
        WITHDRAWN = "withdrawn"  # never became a card

    number = models.CharField(max_length=12, unique=True)
    same_as = models.CharField(max_length=8, blank=True)  # the card that a reference became
    state = models.CharField(max_length=10, choices=State)
    kind_code = models.CharField(max_length=50)
    company_name = models.CharField(max_length=200, blank=True)  # empty for an ENK
    orgnr = models.CharField(max_length=9, blank=True)  # empty for an ENK
    ordered_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    valid_on = DateRangesField()
    as_of = models.DateTimeField()  # when the registers' part was last judged

    class Meta:
        indexes = [
            models.Index(
                fields=["same_as"], name="entry_of_reference", condition=~models.Q(same_as="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class KindName(models.Model):
    """What a card kind is called, as the administration last wrote it."""

    code = models.CharField(max_length=50, primary_key=True)
    name_nb = models.CharField(max_length=60)
    name_nn = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.code
