"""Paper forms (KB4) that were printed, and pages that were scanned."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.references import new_reference
from orders.models import Line


def new_code() -> str:
    """What the code on a sheet says: longer than a reference, since it is nobody's to guess."""
    return new_reference(12)


class Sheet(models.Model):
    """A form printed for one person in an order. It counts once, however often it is scanned."""

    code = models.CharField(max_length=12, unique=True, default=new_code)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="sheets")
    printed_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(used_at=None),
                name="one_unused_sheet_per_line",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Scan(models.Model):
    """One scanned page. The picture is kept only until its pieces stand on a line."""

    class Trouble(models.TextChoices):
        """Why a page waits for a person."""

        NOT_READ = "", _("leses")
        NO_CODE = "no_code", _("koden kan ikke leses")
        UNKNOWN_CODE = "unknown_code", _("koden hører ikke til noe skjema")
        NOT_OPEN = "not_open", _("personen venter ikke på filer")
        EMPTY = "empty", _("feltene er tomme")
        UNUSABLE = "unusable", _("bildene kan ikke brukes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    file = models.CharField(max_length=100, blank=True)  # a random name, outside the web root
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, blank=True)
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True)
    seen_before = models.BooleanField(default=False)  # the sheet had been used: without effect
    scanned_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["scanned_at"],
                name="scan_unsettled",
                condition=models.Q(settled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
