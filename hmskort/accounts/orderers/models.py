"""Who is registered to order, and the agreements of companies that the desk registered."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.models import User
from hmskort.accounts.orderers.numbers import new_number, shown
from hmskort.common import clock
from registers.models import CardKind


class Orderer(models.Model):
    """A person who orders one kind of card for one company. `number` is their BestillerID.

    `settled_at`: when every requirement on the orderer was met. While a register has not answered
    it is empty, and they are judged again the next time they order.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orderers")
    orgnr = models.CharField(max_length=9)  # of the main unit
    company_name = models.CharField(max_length=200)
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=8, unique=True, default=new_number)
    registered_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # when the BestillerID was last e-mailed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "orgnr", "kind"], name="one_orderer_per_company_and_kind"
            )
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The BestillerID as people read it."""
        return shown(self.number)


class Agreement(models.Model):
    """An agreement with a company (*bedriftsavtale*) that the desk registered for it.

    Nothing is ordered before somebody who acts for the company has accepted the terms.
    """

    orgnr = models.CharField(max_length=9, primary_key=True)  # of the main unit
    company_name = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField()
    language = models.CharField(max_length=2, default="nb")
    promise_days = models.PositiveSmallIntegerField(  # from a complete order until it is sent
        _("leveringsløfte i dager"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    terms_version = models.CharField(max_length=20, blank=True)  # that was accepted
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None, terms_version="")
                | (
                    models.Q(accepted_at__isnull=False, accepted_by__isnull=False)
                    & ~models.Q(terms_version="")
                ),
                name="accepted_by_somebody_some_terms",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_name} ({self.orgnr})"


class EntryCode(models.Model):
    """A one-time code that opens the account of somebody without Norwegian electronic ID.

    The code is found by its keyed hash. It is kept sealed only until it has been handed on: in a
    letter to the company's registered address, or by the desk. Who acts for other companies too is
    handed it: what one company's post receives must not open what is another's.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entry_codes")
    orgnr = models.CharField(max_length=9)  # of the main unit
    company_name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)  # empty once it was handed on, used or replaced
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_on = models.DateField()  # the last day
    sent_at = models.DateTimeField(null=True, blank=True)  # the letter is in the post
    shown_at = models.DateTimeField(null=True, blank=True)  # to the desk, who handed it out
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)  # another was made instead
    by_hand = models.BooleanField(default=False)  # handed to the person, never sent by letter

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, voided_at=None),
                name="one_open_code_per_user",
            )
        ]

    def __str__(self) -> str:
        return f"code of {self.user_id}"

    def is_open(self, on: date) -> bool:
        """Not used, not replaced, not too old."""
        return self.used_at is None and self.voided_at is None and on <= self.expires_on
