"""What the registers last said of companies and persons, and how that was judged.

Facts hold only the fields that a requirement or the card needs, with when they were answered.
"""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock, sealed
from hmskort.common.ranges import DateRangesField


class Company(models.Model):
    """A main unit or sub-unit as Enhetsregisteret last described it."""

    class State(models.TextChoices):
        FOUND = "found", _("registrert")
        DELETED = "deleted", _("slettet")
        NOT_FOUND = "not_found", _("finnes ikke")

    orgnr = models.CharField(max_length=9, primary_key=True)
    state = models.CharField(max_length=10, choices=State, default=State.FOUND)
    name = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=10, blank=True)  # organisasjonsform: AS, ENK, NUF ...
    main_orgnr = models.CharField(max_length=9, db_index=True)  # its own for a main unit
    registered_on = models.DateField(null=True, blank=True)
    deleted_on = models.DateField(null=True, blank=True)
    bankrupt = models.BooleanField(null=True)
    vat_registered = models.BooleanField(null=True)
    in_foretaksregisteret = models.BooleanField(null=True)
    sector_code = models.CharField(max_length=4, blank=True)
    industries = models.JSONField(default=list)  # NACE codes, e.g. "41.200"
    street = models.JSONField(default=list)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.orgnr})"


class Role(models.Model):
    """A person's role in a main unit today. The open register has no identity number."""

    orgnr = models.CharField(max_length=9, db_index=True)
    code = models.CharField(max_length=4)  # LEDE, INNH, DTPR, DTSO ...
    given_names = models.CharField(max_length=200)
    surname = models.CharField(max_length=200)
    birth_date = models.DateField()
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.orgnr} {self.code}"


class Person(models.Model):
    """A person as Folkeregisteret last described them; one row whatever their numbers.

    `same_as`: two rows turned out to be one person. The other row has every number, fact and
    employment; this one is only what was written about it before (`hmskort.events`).
    """

    class Sex(models.TextChoices):
        MALE = "M", _("mann")
        FEMALE = "K", _("kvinne")
        UNKNOWN = "U", _("ukjent")

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("ikke spurt")
        FOUND = "found", _("registrert")
        NOT_FOUND = "not_found", _("finnes ikke")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    given_names = models.CharField(max_length=200, blank=True)
    surname = models.CharField(max_length=200, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    citizenships = models.JSONField(default=list)  # ISO 3166-1 alpha-3
    register_status = models.CharField(max_length=30, blank=True)  # bosatt, doed, inaktiv ...
    number_in_use = models.BooleanField(null=True)
    died_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(same_as=models.F("id")), name="same_as_is_another_row"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def survivor(self) -> "Person":
        """The one row of the person: this one, or that which it turned out to be the same as."""
        return self.same_as or self

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()

    @property
    def national_id(self) -> str:
        """The number in use, in clear. Never to be logged or put in an address."""
        numbers = self.survivor.numbers.all()
        return next(number for number in numbers if number.current).national_id


class PersonNumber(models.Model):
    """A fødselsnummer or D-nummer of a person: sealed, found by its keyed hash."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="numbers")
    fingerprint = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(current=True), name="one_number_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.national_id[:6]} •••••"

    @property
    def national_id(self) -> str:
        return sealed.unseal(self.sealed)


class Employment(models.Model):
    """An employment that Aa-registeret reports: the person works in a sub-unit."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="employments")
    register_id = models.CharField(max_length=64, unique=True)
    orgnr = models.CharField(max_length=9)  # arbeidssted
    main_orgnr = models.CharField(max_length=9)  # opplysningspliktig
    kind = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["main_orgnr", "person"], name="employment_of_company")]

    def __str__(self) -> str:
        return f"{self.orgnr} {self.starts_on}-{self.ends_on or ''}"


class Lookup(models.Model):
    """One question to one register, asked until it is answered, and how old the answer is.

    subject: an orgnr, a person's id, or both with a colon between. A question that several order
    lines need is one row.
    """

    source = models.CharField(max_length=30)
    subject = models.CharField(max_length=46)
    due_at = models.DateTimeField(null=True, blank=True)  # null: nothing to ask
    wanted_at = models.DateTimeField(default=clock.now)  # an answer older than this is too old
    answered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)  # since the last answer
    trouble = models.CharField(max_length=200, blank=True)  # why the last attempt gave none
    alone = models.BooleanField(default=False)  # a call that asked about many left it out
    again_on = models.DateField(null=True, blank=True)  # what was answered runs out about then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "subject"], name="one_lookup_per_question")
        ]
        indexes = [
            models.Index(
                fields=["source", "due_at"],
                name="lookup_due_in_source",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["again_on"],
                name="lookup_again",
                condition=models.Q(again_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.subject}"

    @property
    def answered(self) -> bool:
        """True when the answer is as new as was asked for."""
        return self.answered_at is not None and self.answered_at >= self.wanted_at


class Traffic(models.Model):
    """How calls to a register go, for all workers: its pace, and whether it rests."""

    register = models.CharField(max_length=30, primary_key=True)
    allowance = models.FloatField()  # calls that could begin at `counted_at`
    counted_at = models.DateTimeField(default=clock.now)
    failures = models.PositiveIntegerField(default=0)  # in a row
    rests_until = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)  # of the last failure

    def __str__(self) -> str:
        return self.register


class OpenCall(models.Model):
    """A call under way. Its worker must be dead when it has not ended by `until`."""

    register = models.CharField(max_length=30, db_index=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.register} {self.pk}"


class PostedWork(models.Model):
    """Work in Norway that a foreign company has reported to OAR for a person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posted_work")
    main_orgnr = models.CharField(max_length=9)
    assignment_id = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "main_orgnr"], name="posted_work_of_person")]

    def __str__(self) -> str:
        return f"{self.main_orgnr} {self.starts_on}-{self.ends_on or ''}"


class RightToWork(models.Model):
    """What UDI last said of a person's right to work; asked only of those who need a permit."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="right_to_work"
    )
    access = models.CharField(max_length=10)  # yes, no, unclear; not_found where UDI knows nobody
    bound_to = models.CharField(max_length=20, blank=True)  # general, one_employer ...
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.access} {self.bound_to}"


class Approval(models.Model):
    """How a main unit or sub-unit stands in a register of Arbeidstilsynet, by its last file."""

    register = models.CharField(max_length=30)
    orgnr = models.CharField(max_length=9)
    main_orgnr = models.CharField(max_length=9)
    status = models.CharField(max_length=30)  # a `Status` of that register's answers
    since_at = models.DateTimeField()  # of the reading that first said so

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "orgnr"], name="one_approval_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.orgnr} {self.status}"


class Snapshot(models.Model):
    """The file that was last read of a register that is published whole."""

    register = models.CharField(max_length=30, primary_key=True)
    version = models.JSONField(null=True)  # `registers.snapshots.Version`; null: none read yet
    generated_at = models.DateTimeField(null=True, blank=True)  # by the register
    read_at = models.DateTimeField(null=True, blank=True)  # given, or said to be still the same
    tried_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)  # why the last try gave none
    held = models.JSONField(null=True, blank=True)  # the version of a file that waits for a person

    def __str__(self) -> str:
        return self.register


class FeedPosition(models.Model):
    """How far a register's feed of changes has been followed."""

    feed = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)  # of the last change that was taken in
    begun_at = models.DateTimeField(default=clock.now)  # where to begin while sequence is 0
    read_at = models.DateTimeField(null=True, blank=True)  # when the feed last answered
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.feed} {self.sequence}"


class Employer(models.Model):
    """A main unit whose employments are read again and again, because cards rest on them."""

    orgnr = models.CharField(max_length=9, primary_key=True)
    until_on = models.DateField()  # the last day of the last card
    due_at = models.DateTimeField(default=clock.now, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.orgnr


class CardKind(models.Model):
    """A kind of HSE card. Kinds and their requirements are data: a new one needs no code."""

    code = models.SlugField(primary_key=True)  # as in addresses: bygg, renhold
    name_nb = models.CharField(max_length=60)
    name_nn = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    chip_kind = models.CharField(max_length=20)  # construction, cleaning
    signature_required = models.BooleanField(default=True)
    open_for_orders = models.BooleanField(default=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("korttype")
        verbose_name_plural = _("korttyper")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        language = (get_language() or "nb")[:2]
        return {"nn": self.name_nn, "en": self.name_en}.get(language, self.name_nb)


class KindRequirement(models.Model):
    """A card kind has this requirement from a date; the rule stands in `requirements.rules`.

    The database holds that nothing but its place and its last day is ever changed.
    """

    kind = models.ForeignKey(CardKind, on_delete=models.CASCADE, related_name="requirements")
    requirement = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        verbose_name = _("krav")
        verbose_name_plural = _("krav")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "requirement", "since"], name="kind_requirement"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="requirement_stands", fields=["kind", "requirement", "since", "source"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_id}: {self.requirement}"


class Verdict(models.Model):
    """How a person's requirements in a company were judged, and on which facts.

    `findings` lists each requirement with its verdict, reason, source, age and what to do.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    main_orgnr = models.CharField(max_length=9)
    unit = models.CharField(max_length=9, blank=True)  # the sub-unit that the card is for
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=8)  # met, not_met, unknown
    valid_on = DateRangesField()
    findings = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["person", "main_orgnr", "-id"], name="verdict_newest")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"
