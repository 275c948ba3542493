"""Messages to people: written once, sent until they have gone."""

from django.db import models

from hmskort.common import clock


class Message(models.Model):
    """One e-mail or SMS, with the words as they were sent.

    `key` makes it once: the same key is never written twice.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "e-post"
        SMS = "sms", "SMS"

    class State(models.TextChoices):
        WAITING = "waiting", "venter"
        SENT = "sent", "sendt"

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=5, choices=Channel)
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=5, default="nb")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachment = models.BinaryField(null=True, blank=True)
    attachment_name = models.CharField(max_length=100, blank=True)
    attachment_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"
