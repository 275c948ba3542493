"""The card, from issue to shredding."""

import uuid
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards import rules
from cards.states import BlockReason, CardState, Loss, Standing
from hmskort.common import clock
from hmskort.common.ranges import DateRangesField
from registers.models import CardKind, Person

STATE_NAMES = {
    CardState.ISSUED: _("under produksjon"),
    CardState.PRODUCED: _("produsert"),
    CardState.BLOCKED: _("sperret"),
    CardState.LOST: _("tapt"),
    CardState.SEIZED: _("inndratt"),
    CardState.SHREDDED: _("makulert"),
}
REASON_NAMES = {
    BlockReason.LEFT: _("Kortinnehaveren har sluttet i virksomheten"),
    BlockReason.WRONG: _("Det er feil opplysninger på kortet"),
    BlockReason.DAMAGED: _("Kortet er ødelagt"),
    BlockReason.OTHER: _("Annen grunn"),
    BlockReason.REPLACED: _("Et nytt kort har tatt over"),
}
LOSS_NAMES = {
    Loss.MISLAID: _("Kortet er mistet"),
    Loss.STOLEN: _("Kortet er stjålet"),
}


def _renewable_from() -> models.Func:
    """`rules.renewable_from` as the database computes it, written from the one policy."""
    newest_first = sorted(rules.RENEWAL_MONTHS, key=lambda each: each.since, reverse=True)
    months = " ".join(
        f"WHEN expires_on >= DATE '{each.since}' THEN INTERVAL '{each.value} months'"
        for each in newest_first
    )
    return models.Func(
        models.F("expires_on"), template=f"(%(expressions)s - CASE {months} END)::date"
    )


class Card(models.Model):
    """An HSE card. It stands alone: it never points to the order that it came from.

    Names, company and sex are as they were printed. `valid_on` holds the dates on which every
    requirement holds, as the registers last said; `unmet` names those that did not hold when they
    were last judged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=8)
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    orgnr = models.CharField(max_length=9)  # of the main unit
    unit_orgnr = models.CharField(max_length=9, blank=True)  # the sub-unit that it was issued for
    company_name = models.CharField(max_length=200)
    company_form = models.CharField(max_length=10, blank=True)  # AS, ENK ...
    given_names = models.CharField(max_length=200)
    surname = models.CharField(max_length=200)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Person.Sex)
    portrait = models.FileField(upload_to="cards/", blank=True)
    signature = models.FileField(upload_to="cards/", blank=True)
    state = models.CharField(
        max_length=10, choices=list(STATE_NAMES.items()), default=CardState.ISSUED
    )
    blocked_for = models.CharField(max_length=10, choices=list(REASON_NAMES.items()), blank=True)
    current = models.BooleanField(default=True)  # the one that a new order would replace
    ordered_on = models.DateField()
    issued_on = models.DateField()
    expires_on = models.DateField()  # the last valid day
    renewable_from = models.GeneratedField(  # the first day on which a new one may be ordered
        expression=_renewable_from(), output_field=models.DateField(null=True), db_persist=True
    )
    dispatched_on = models.DateField(null=True, blank=True)
    valid_on = DateRangesField()
    unmet = models.JSONField(default=list, blank=True)
    judged_at = models.DateTimeField(default=clock.now)  # of what stands in `valid_on`
    delivery = models.JSONField(default=dict)  # shipment key and address, see `cards.actions.issue`
    issue_key = models.CharField(max_length=60, unique=True)  # makes issuing happen once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_card_per_number"),
            models.UniqueConstraint(
                fields=["person", "orgnr"],
                condition=models.Q(current=True),
                name="one_current_card_per_person_and_company",
            ),
        ]
        indexes = [
            models.Index(fields=["orgnr", "surname", "given_names", "id"], name="card_by_name"),
            models.Index(fields=["orgnr", "expires_on", "id"], name="card_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder_name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()

    def standing_on(self, day: date) -> Standing:
        """How the card stands that day, by state, dates and registers."""
        return rules.standing(
            state=CardState(self.state),
            expires_on=self.expires_on,
            holds=day in self.valid_on,
            on=day,
        )

    @property
    def standing(self) -> Standing:
        """How the card stands today."""
        return self.standing_on(clock.today())
