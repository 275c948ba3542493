"""Portrait, signature and ID copy: private files, each approved or refused on its own."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from registers.models import Person


class Piece(models.Model):
    """One uploaded file, re-encoded and stripped, and what was found and decided about it."""

    class Kind(models.TextChoices):
        PORTRAIT = "portrait", _("portrett")
        SIGNATURE = "signature", _("signatur")
        ID_COPY = "id_copy", _("legitimasjonskopi")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("lastet opp")
        APPROVED = "approved", _("godkjent")
        REFUSED = "refused", _("avvist")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pieces")
    orgnr = models.CharField(max_length=9)  # of the main unit that it was uploaded for
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file = models.FileField(upload_to="evidence/")  # a random name, outside the web root
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    checks = models.JSONField(null=True, blank=True)  # findings of the automatic check
    checked_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list)  # codes, when refused
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["person", "orgnr", "kind"], name="piece_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
