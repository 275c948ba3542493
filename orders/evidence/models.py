"""Portrait, signature and ID copy: private files, each approved or refused on its own."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from orders.evidence.states import PieceState
from registers.models import Person


class Piece(models.Model):
    """One uploaded file, re-encoded and stripped, and what was found and decided about it."""

    State = PieceState

    class Kind(models.TextChoices):
        PORTRAIT = "portrait", _("portrett")
        SIGNATURE = "signature", _("signatur")
        ID_COPY = "id_copy", _("legitimasjonskopi")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pieces")
    orgnr = models.CharField(max_length=9)  # of the main unit that it was uploaded for
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in PieceState],
        default=PieceState.UPLOADED,
    )
    file = models.FileField()  # a random name, outside the web root
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    card_file = models.FileField(blank=True)  # of a portrait: the part that goes on the card
    crop = models.JSONField(null=True, blank=True)  # where in `file` that part stands
    checks = models.JSONField(null=True, blank=True)  # findings of the automatic check
    checked_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)  # used in spite of advice
    reasons = models.JSONField(default=list)  # codes, when refused
    comment = models.CharField(max_length=500, blank=True)  # the reviewer's words to the orderer
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["person", "orgnr", "kind"], name="piece_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def awaits_check(self) -> bool:
        """True while the automatic check of a portrait has not come."""
        return self.kind == self.Kind.PORTRAIT and self.checks is None
