"""What the simulated services remember. Synthetic data only."""

from django.db import models

from hmskort.common import clock


class Document(models.Model):
    """A JSON document of one collection; the contract of `hmskort.common.simulation.Store`."""

    collection = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    body = models.JSONField()
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "key"], name="document_key")]

    def __str__(self) -> str:
        return f"{self.collection} {self.pk}"


class FeedItem(models.Model):
    """An item of a feed, numbered from 1 within it without holes."""

    feed = models.CharField(max_length=60)
    sequence = models.PositiveBigIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "sequence"], name="feed_order")]

    def __str__(self) -> str:
        return f"{self.feed} {self.sequence}"


class Fault(models.Model):
    """A service that misbehaves until it is told to stop."""

    class Mode(models.TextChoices):
        SLOW = "slow", "svarer tregt"
        SILENT = "silent", "svarer ikke"
        LOST = "lost", "gjør det, men svaret kommer ikke fram"
        SERVER_ERROR = "500", "svarer 500"
        THROTTLED = "429", "svarer 429 med Retry-After"
        GARBAGE = "garbage", "svarer med søppel"
        WRONG_SHAPE = "wrong_shape", "svarer med feil form"
        WRONG_SUBJECT = "wrong_subject", "svarer om noen andre"
        WRONG_DATES = "wrong_dates", "svarer med umulige datoer"
        WRONG_CODE = "wrong_code", "svarer med ukjente koder"
        WRONG_EMPTY = "wrong_empty", "svarer tomt der noe alltid står"
        WALL = "wall", "brannmur svarer med HTML"

    service = models.CharField(max_length=30, primary_key=True)
    mode = models.CharField(max_length=20, choices=Mode)
    seconds = models.FloatField(default=0)  # slow, silent: how long; 429: Retry-After

    def __str__(self) -> str:
        return f"{self.service}: {self.mode}"
