"""Cases: what employers apply for and dispute, what registers leave unclear, and what is mailed."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.models import User
from hmskort.common import clock
from hmskort.common.references import new_reference
from hmskort.common.sealed import unseal
from hmskort.desk.states import CASE_OPEN, CaseState
from registers.exemptions.models import ExemptionKind
from registers.models import Person, Verdict


class Case(models.Model):
    """One thing for a caseworker to answer, with the company's name and number carried along.

    verdict: what it is about, as it was shown. `proposed_*`: what a second caseworker is asked to
    confirm; the database holds that the two are different. What has come by mail alone has neither
    verdict nor requirement, and no company until one is found. What the portal itself opened has
    no sender, and neither has who asks to be let in without electronic ID (`admission`).
    """

    class Kind(models.TextChoices):
        EXEMPTION = "exemption", _("søknad om unntak")
        DISPUTE = "dispute", _("innsigelse")
        UNCLEAR = "unclear", _("uklart svar")
        MAIL = "mail", _("e-post")
        ADMISSION = "admission", _("søknad om tilgang")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in CaseState],
        default=CaseState.SENT,
    )
    orgnr = models.CharField(max_length=9, blank=True)  # of the main unit
    company_name = models.CharField(max_length=200, blank=True)
    requirement = models.CharField(max_length=40, blank=True)
    exemption_kind = models.ForeignKey(
        ExemptionKind, on_delete=models.PROTECT, null=True, blank=True
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    people = models.ManyToManyField(Person, related_name="+", blank=True)  # it shall hold for
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, null=True, blank=True)
    answers = models.JSONField(default=dict)  # by code of `forms.ASKED`; never identity numbers
    sender = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="nb")
    sent_at = models.DateTimeField(default=clock.now)
    mail_at = models.DateTimeField(null=True, blank=True)  # of mail that nobody has read
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_from = models.DateField(null=True, blank=True)
    proposed_to = models.DateField(null=True, blank=True)
    proposed_reason = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "sent_at"], name="case_queue"),
            models.Index(fields=["orgnr", "-sent_at"], name="case_of_company"),
            models.Index(
                fields=["mail_at"], name="case_with_new_mail", condition=Q(mail_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["orgnr", "requirement", "exemption_kind", "person"],
                condition=Q(state__in=sorted(CASE_OPEN), exemption_kind__isnull=False),
                nulls_distinct=False,
                name="one_open_case",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["dispute", "unclear"], state="granted")
                | Q(confirmed_by__isnull=False),
                name="a_dispute_needs_two",
            ),
            models.CheckConstraint(
                condition=Q(kind="mail")
                | (Q(kind="admission") & ~Q(orgnr="") & ~Q(contact_email=""))
                | (
                    Q(exemption_kind__isnull=False)
                    & Q(verdict__isnull=False)
                    & ~Q(orgnr="")
                    & ~Q(requirement="")
                ),
                name="only_mail_is_about_nothing_yet",
            ),
            models.UniqueConstraint(
                fields=["orgnr", "contact_email"],
                condition=Q(kind="admission", state__in=sorted(CASE_OPEN)),
                name="one_open_admission",
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
        OPENED = "opened", _("Åpnet fordi registeret svarer uklart")
        CLOSED = "closed", _("Lukket")
        REOPENED = "reopened", _("Tatt opp igjen")
        COMPLAINED = "complained", _("Klage sendt")
        MAIL_GONE = "mail_gone", _("E-post slettet")
        SCAN_GONE = "scan_gone", _("Kopi av pass slettet")
        MAILED = "mailed", _("E-post mottatt")
        REPLIED = "replied", _("Svar sendt på e-post")
        PLACED = "placed", _("Koblet til virksomhet")
        RENEWED = "renewed", _("Ny engangskode laget")
        REVEALED = "revealed", _("E-post vist med identitetsnummer")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(  # None: the portal itself
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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


class Mail(models.Model):
    """An e-mail that came in, once per Message-ID. Its words are sealed: they may hold numbers.

    key: a hash of the Message-ID, or of the whole mail where it has none. subject: with identity
    numbers masked. left_out: why attachments were not taken in, each a code of `incoming.LEFT_OUT`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mails")
    key = models.CharField(max_length=64, unique=True)
    sender = models.EmailField(max_length=254, blank=True)  # as it says itself: anyone can write it
    subject = models.CharField(max_length=300, blank=True)
    sealed_text = models.TextField(blank=True)
    left_out = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"mail {self.id}"

    @property
    def text(self) -> str:
        """What was written, numbers and all; show `incoming.without_numbers(mail.text)`."""
        return unseal(self.sealed_text) if self.sealed_text else ""


class Attachment(models.Model):
    """A document of a case as a picture of its pages: re-encoded, stripped, private."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    mail = models.ForeignKey(  # what it came with; the employer sees only what they sent here
        Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    document = models.CharField(max_length=80)  # of `exemptions.documents`, or "other"
    file = models.FileField()  # a random name, outside the web root
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return f"{self.document} {self.id}"
