"""Who has which line in hand, and what they decided."""

import pgtrigger
from django.db import models

from hmskort.accounts.models import User
from hmskort.common import clock
from orders.evidence.models import Piece
from orders.models import Line


class Claim(models.Model):
    """A reviewer has a line in hand until `until`. Claims end, they never vanish.

    The database holds that a line is in one hand, and that a hand holds one line.
    """

    class End(models.TextChoices):
        DECIDED = "decided"
        PUT_BACK = "put_back"
        EXPIRED = "expired"  # the time ran out and somebody else took the line
        GONE = "gone"  # the line left review: withdrawn or released

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="claims")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(ended_at=None), name="a_line_in_one_hand"
            ),
            models.UniqueConstraint(
                fields=["reviewer"], condition=models.Q(ended_at=None), name="a_hand_holds_one_line"
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "-ended_at"], name="claims_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.reviewer_id} {self.end}"


class Decision(models.Model):
    """What a reviewer decided about one piece. Rows are added, never changed."""

    class Verdict(models.TextChoices):
        APPROVED = "approved"
        REFUSED = "refused"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="decisions")
    piece = models.OneToOneField(Piece, on_delete=models.PROTECT, related_name="decision")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reasons = models.JSONField(default=list)  # codes of `evidence.reasons`
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="decisions_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.piece_id} {self.verdict}"
