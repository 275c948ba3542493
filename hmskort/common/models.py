"""Effects that wait to be carried out: the outbox."""

from django.db import models

from hmskort.common import clock


class Effect(models.Model):
    """One thing that one listener shall do because something happened.

    The row is written in the transaction of the change that caused it, so an effect can neither
    be lost nor happen without its cause. `key` makes it once: a second enqueue changes nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "venter"
        DONE = "done", "utført"
        FAILED = "failed", "må ses på"

    key = models.CharField(max_length=200, unique=True)
    event = models.CharField(max_length=80)
    listener = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    in_hand_since = models.DateTimeField(null=True, blank=True)  # claimed, and not come back from
    lost = models.PositiveSmallIntegerField(default=0)  # times that who claimed it never came back
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="effect_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="effect_failed",
                condition=models.Q(state="failed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.state})"
