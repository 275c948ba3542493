"""What happened, when, by whom and through which channel. Rows are added, never changed."""

import pgtrigger
from django.db import models

from hmskort.common import clock


class Event(models.Model):
    """One thing that happened to one subject.

    `name` is `noun:past_tense`, listed in `hmskort.audit.names`. `data` holds plain values
    (from, to, reason, ids), never identity numbers.
    """

    name = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=12)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    orgnr = models.CharField(max_length=9, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["orgnr", "id"], name="event_of_company"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name} {self.subject_type} {self.subject_id}"
