"""Cases: an employer applies for an exemption, or says that a refusal is wrong."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.models import User
from hmskort.common import clock
from hmskort.common.references import new_reference
from hmskort.desk.states import CASE_OPEN, CaseState
from registers.exemptions.models import ExemptionKind
from registers.models import Person, Verdict


class Case(models.Model):
    """One application or dispute, with the company's name and number carried along.

    verdict: the refusal that it is about, as it was shown. `proposed_*`: the override that a
    second caseworker is asked to confirm; the database holds that the two are different.
    """

    class Kind(models.TextChoices):
        EXEMPTION = "exemption", _("søknad om unntak")
        DISPUTE = "dispute", _("innsigelse")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in CaseState],
        default=CaseState.SENT,
    )
    orgnr = models.CharField(max_length=9)  # of the main unit
    company_name = models.CharField(max_length=200)
    requirement = models.CharField(max_length=40)
    exemption_kind = models.ForeignKey(ExemptionKind, on_delete=models.PROTECT)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    people = models.ManyToManyField(Person, related_name="+", blank=True)  # it shall hold for
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT)
    answers = models.JSONField(default=dict)  # by code of `forms.ASKED`; never identity numbers
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases")
    contact_email = models.EmailField()
    language = models.CharField(max_length=2, default="nb")
    sent_at = models.DateTimeField(default=clock.now)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_from = models.DateField(null=True, blank=True)
    proposed_to = models.DateField(null=True, blank=True)
    proposed_reason = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "sent_at"], name="case_queue"),
            models.Index(fields=["orgnr", "-sent_at"], name="case_of_company"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["orgnr", "requirement", "exemption_kind", "person"],
                condition=Q(state__in=sorted(CASE_OPEN)),
                nulls_distinct=False,
                name="one_open_case",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dispute", state="granted") | Q(confirmed_by__isnull=False),
                name="a_dispute_needs_two",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """One thing that was said or decided in a case. Entries are added, never changed."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sendt inn")
        ASKED = "asked", _("Bedt om mer")
        ANSWERED = "answered", _("Svar fra virksomheten")
        GRANTED = "granted", _("Innvilget")
        REFUSED = "refused", _("Avslått")
        PROPOSED = "proposed", _("Overprøving foreslått")
        DECLINED = "declined", _("Overprøving ikke bekreftet")
        CONFIRMED = "confirmed", _("Overprøving bekreftet")
        ENDED = "ended", _("Unntaket er avsluttet")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(
                name="entries_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Attachment(models.Model):
    """A document of a case as a picture of its pages: re-encoded, stripped, private."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    document = models.CharField(max_length=20)  # of `exemptions.documents`, or "other"
    file = models.FileField()  # a random name, outside the web root
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return f"{self.document} {self.id}"
