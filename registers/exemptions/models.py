"""Exemptions are data: what kinds there are, and who has one, from when to when."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from registers.exemptions.rules import Conditions
from registers.models import Person

OVERRIDE = "override"  # the kind of a wrongful refusal that two caseworkers set aside
ASSESSED = "assessed"  # the kind of a register's unclear answer that caseworkers have read


class ExemptionKind(models.Model):
    """A kind of exemption: which requirement it answers, for whom, and on what proof."""

    code = models.SlugField(primary_key=True)
    position = models.PositiveSmallIntegerField()  # the narrowest kinds first
    requirement = models.CharField(max_length=40)  # of `requirements.rules`; empty: any of them
    name_nb = models.CharField(max_length=120)
    name_nn = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    personal = models.BooleanField(default=False)  # else for everybody in the company
    automatic = models.BooleanField(default=False)  # holds by itself when the registers prove it
    by_application = models.BooleanField(default=True)
    roles = models.JSONField(
        default=list, blank=True
    )  # an automatic one: the person holds one of these
    forms = models.JSONField(default=list, blank=True)
    sector_codes = models.JSONField(default=list, blank=True)
    industries = models.JSONField(default=list, blank=True)  # beginnings of the main NACE code
    municipalities = models.JSONField(default=list, blank=True)
    months_at_least = models.PositiveSmallIntegerField(null=True, blank=True)
    months_below = models.PositiveSmallIntegerField(null=True, blank=True)
    documents = models.JSONField(
        default=list, blank=True
    )  # codes of `documents.NAMES`, each mandatory
    asks = models.JSONField(
        default=list, blank=True
    )  # codes of `hmskort.desk.forms.ASKED`, each mandatory
    longest_months = models.PositiveSmallIntegerField(default=12)
    renewable = models.BooleanField(default=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("unntak")
        verbose_name_plural = _("typer unntak")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        language = (get_language() or "nb")[:2]
        return {"nn": self.name_nn, "en": self.name_en}.get(language, self.name_nb)

    @property
    def conditions(self) -> Conditions:
        return Conditions(
            forms=frozenset(self.forms),
            sector_codes=frozenset(self.sector_codes),
            industries=frozenset(self.industries),
            municipalities=frozenset(self.municipalities),
            months_at_least=self.months_at_least,
            months_below=self.months_below,
        )


class Exemption(models.Model):
    """A granted exemption: for a company, or for one person in it, on these days.

    What caseworkers made of an unclear answer is one too, and may be a no. The database holds that
    what sets a register aside was granted by one and confirmed by another, and that nothing but
    its end and its warning is ever changed.
    """

    class Answer(models.TextChoices):
        EXEMPT = "exempt", _("unntatt")
        NOT_MET = "not_met", _("ikke oppfylt")  # of an unclear answer alone

    kind = models.ForeignKey(ExemptionKind, on_delete=models.PROTECT)
    requirement = models.CharField(max_length=40)
    answer = models.CharField(max_length=7, choices=Answer, default=Answer.EXEMPT)
    orgnr = models.CharField(max_length=9)  # of the main unit
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="exemptions"
    )
    from_on = models.DateField()
    to_on = models.DateField()  # the last day
    granted_by = models.CharField(max_length=64)  # a user's id
    confirmed_by = models.CharField(max_length=64, blank=True)
    case_reference = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    granted_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back before its last day
    warned_at = models.DateTimeField(null=True, blank=True)  # told that it soon runs out

    class Meta:
        indexes = [models.Index(fields=["orgnr", "person"], name="exemption_of_company")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="exemption_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(kind=OVERRIDE)
                | (
                    Q(person__isnull=False) & ~Q(confirmed_by="") & ~Q(granted_by=F("confirmed_by"))
                ),
                name="override_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ASSESSED, answer="exempt")
                | (~Q(confirmed_by="") & ~Q(granted_by=F("confirmed_by"))),
                name="assessed_yes_by_two",
            ),
            models.CheckConstraint(
                condition=Q(answer="exempt") | Q(kind=ASSESSED), name="a_no_is_assessed"
            ),
            models.UniqueConstraint(
                fields=["case_reference", "person"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="a_case_grants_once",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="exemption_stands",
                fields=[
                    "kind", "requirement", "answer", "orgnr", "person", "from_on", "to_on",
                    "granted_by", "confirmed_by", "case_reference", "reason", "granted_at",
                ],
            ),
            pgtrigger.Protect(name="exemption_never_deleted", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind_id} {self.orgnr} {self.from_on}-{self.to_on}"
