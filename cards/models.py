"""The card, from issue to shredding."""

import uuid

from django.db import models

from cards.states import CardState
from hmskort.common import clock
from hmskort.common.ranges import DateRangesField
from registers.models import CardKind, Person


class Card(models.Model):
    """An HSE card. It stands alone: it never points to the order that it came from.

    Names, company and sex are as they were printed. `valid_on` holds the dates on which every
    requirement holds, as the registers last said; `unmet` names those that do not hold today.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=8, unique=True)
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    orgnr = models.CharField(max_length=9)  # of the main unit
    company_name = models.CharField(max_length=200)
    given_names = models.CharField(max_length=200)
    surname = models.CharField(max_length=200)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Person.Sex)
    portrait = models.FileField(upload_to="cards/", blank=True)
    signature = models.FileField(upload_to="cards/", blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in CardState],
        default=CardState.ISSUED,
    )
    current = models.BooleanField(default=True)
    ordered_on = models.DateField()
    issued_on = models.DateField()
    expires_on = models.DateField()  # the last valid day
    valid_on = DateRangesField()
    unmet = models.JSONField(default=list)
    judged_at = models.DateTimeField(default=clock.now)
    delivery = models.JSONField(default=dict)  # shipment key and address, see `cards.actions.issue`
    issue_key = models.CharField(max_length=60, unique=True)  # makes issuing happen once

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "orgnr"],
                condition=models.Q(current=True),
                name="one_current_card_per_person_and_company",
            )
        ]
        indexes = [models.Index(fields=["orgnr", "surname", "id"], name="card_of_company")]

    def __str__(self) -> str:
        return self.number

    @property
    def holder_name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()
