"""Making the card: batches, chip jobs and what goes in the post."""

import uuid

from django.db import models

from cards.models import Card
from cards.production.states import JobState
from hmskort.common import clock
from hmskort.common.references import new_reference


class Batch(models.Model):
    """Cards that are printed together: faces and backs in one PDF each, page by page alike."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    made_at = models.DateTimeField(default=clock.now)
    fronts = models.FileField(upload_to="production/", blank=True)
    backs = models.FileField(upload_to="production/", blank=True)
    letters = models.FileField(upload_to="production/", blank=True)
    printable_at = models.DateTimeField(null=True, blank=True)  # when the PDFs were ready

    def __str__(self) -> str:
        return self.reference


class Shipment(models.Model):
    """Cards of one batch that go in one letter to one address."""

    key = models.CharField(max_length=80, unique=True)  # one per order and batch
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="shipments")
    address = models.JSONField()  # lines as they are printed
    first_page = models.PositiveSmallIntegerField(null=True)  # in the batch's letters, from 0
    pages = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    readdressed_at = models.DateTimeField(null=True, blank=True)  # its letter is made anew then
    letter = models.FileField(upload_to="production/", blank=True)  # instead of the batch's
    dispatched_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reference

    @property
    def awaits_letter(self) -> bool:
        """The address was changed, and no letter says so yet."""
        return self.readdressed_at is not None and not self.letter


class ChipJob(models.Model):
    """One card's chip to be written, read back and compared, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="chip_job")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="jobs", null=True, blank=True
    )
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="jobs", null=True, blank=True
    )
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value) for state in JobState],
        default=JobState.PLANNED,
    )
    profile = models.CharField(max_length=40)
    generation = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()  # what the chip shall hold, see docs/chip.md
    track1 = models.CharField(max_length=79)
    station = models.CharField(max_length=40, blank=True)
    uid = models.CharField(max_length=14, blank=True)  # hex; set when writing starts
    plan = models.CharField(max_length=64, blank=True)  # digest of the whole image, in hex
    report = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="job_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["station"],
                condition=models.Q(state__in=[JobState.CLAIMED, JobState.STARTED]),
                name="one_job_per_station",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.state}"
