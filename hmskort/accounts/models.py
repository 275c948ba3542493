"""Who acts, for which company, with which right."""

import uuid
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.templatetags.portal import masked
from registers.models import Person


class StaffRole(models.TextChoices):
    """What a person does for the card scheme itself."""

    REVIEWER = "reviewer", _("kontrollør")
    PRODUCER = "producer", _("produksjon")
    CASEWORKER = "caseworker", _("saksbehandler")
    INSPECTOR = "inspector", _("inspektør")
    ADMINISTRATOR = "administrator", _("administrator")


class KeyRole(models.TextChoices):
    """Roles in Enhetsregisteret that let a person act for the company, the highest first.

    Source: Altinn's key roles. Other roles (MEDL, NEST, KONT ...) give no access by themselves.
    """

    DAGL = "DAGL", _("daglig leder")
    LEDE = "LEDE", _("styreleder")
    INNH = "INNH", _("innehaver")
    BEST = "BEST", _("bestyrende reder")
    DTSO = "DTSO", _("deltaker med solidarisk ansvar")
    DTPR = "DTPR", _("deltaker med delt ansvar")


class Right(models.TextChoices):
    """What somebody may do for a company: who leads it everything, a delegate what was given.

    SEE goes with each of the others: nobody orders without seeing what there is.
    """

    SEE = "see", _("se bestillinger og kort")
    ORDER = "order", _("bestille kort")
    RENEW = "renew", _("fornye og erstatte kort")
    BLOCK = "block", _("sperre kort og melde dem tapt")
    PAY = "pay", _("betale")


# Whoever may order or renew may see their order through until it is paid: files, address, mending.
PREPARING = (Right.ORDER, Right.RENEW)


def every_right() -> list[str]:
    """All of them, as they are stored."""
    return list(Right.values)


class UserManager(BaseUserManager["User"]):
    """Django's commands make users through this."""


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who has logged in. Their number is with the person, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="nb")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # Django asks for it; `staff_roles` decides
    staff_roles = models.JSONField(default=list, blank=True)  # of StaffRole
    date_joined = models.DateTimeField(default=clock.now)
    accesses_asked_at = models.DateTimeField(null=True, blank=True)  # Altinn was asked
    accesses_answered_at = models.DateTimeField(null=True, blank=True)  # and answered

    objects = UserManager()
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def altinn_is_silent(self) -> bool:
        """True when the last question to Altinn got no answer."""
        if self.accesses_asked_at is None:
            return False
        return self.accesses_answered_at is None or (
            self.accesses_answered_at < self.accesses_asked_at
        )

    def has_role(self, role: StaffRole) -> bool:
        return self.is_active and role in self.staff_roles


class Access(models.Model):
    """A person may act for a company: by role, by Altinn, or because they were delegated it.

    `surname`: as the giver typed it. While it stands here, Folkeregisteret has not yet said that
    name and number are one person's, and the access gives nothing.
    `outside`: they are not employed in the company, so an authorisation is needed to order.
    `suspended_at`: Aa-registeret said that they have left; nothing is given until that is undone.
    """

    class Source(models.TextChoices):
        # in the order they are told of when several hold
        ROLE = "role", _("rolle i Enhetsregisteret")
        ALTINN = "altinn", _("tilgang i Altinn")
        DELEGATION = "delegation", _("delegert tilgang")
        DESK = "desk", _("tilgang fra kundesenteret")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="accesses")
    main_orgnr = models.CharField(max_length=9)
    source = models.CharField(max_length=10, choices=Source)
    role = models.CharField(max_length=4, choices=KeyRole, blank=True)
    rights = models.JSONField(default=every_right)  # of Right
    from_on = models.DateField(default=clock.today)
    to_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="given"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(default=clock.now)  # when the source last said so
    surname = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="nb")
    outside = models.BooleanField(default=False)
    employed_at = models.DateTimeField(null=True, blank=True)  # Aa-registeret first said so
    suspended_at = models.DateTimeField(null=True, blank=True)
    warned_of = models.DateField(null=True, blank=True)  # the last day that was warned of

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "main_orgnr", "source"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_access_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.main_orgnr} {self.source}"

    @property
    def holder(self) -> str:
        """The person's name; until they have logged in, the first digits of their number."""
        user: User | None = getattr(self.person, "user", None)
        known = self.person.name or (user.name if user else "")
        if self.surname or not known:
            return masked(self.person.national_id)
        return known

    @property
    def needs_authorisation(self) -> bool:
        """True for one outside the company whom somebody here has let in."""
        return self.outside and self.source == Access.Source.DELEGATION

    def holds_on(self, day: date) -> bool:
        """Not ended, suspended or awaiting a name; begun, and not run out that day."""
        return (
            self.ended_at is None
            and self.suspended_at is None
            and not self.surname
            and self.from_on <= day
            and (self.to_on is None or day <= self.to_on)
        )


class Authorisation(models.Model):
    """That somebody outside the company may order for it (*fullmakt*): a file, or signed here.

    Rows are added, never changed: another authorisation for the same access stands beside it.
    `rights`: what it is given for. One that lacks a right of the access authorises nothing.
    Source: byggekort.no, Veiledning, § 2: it must say who reports cards as blocked or lost.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("lagret fil")
        DIGITAL = "digital", _("signert her")

    class Blocks(models.TextChoices):
        """Who reports cards as blocked or lost."""

        COMPANY = "company", _("virksomheten selv")
        DELEGATE = "delegate", _("den som får fullmakten")
        BOTH = "both", _("begge, den som først får vite det")

    access = models.ForeignKey(Access, on_delete=models.CASCADE, related_name="authorisations")
    kind = models.CharField(max_length=10, choices=Kind)
    blocks_cards = models.CharField(max_length=10, choices=Blocks)
    rights = models.JSONField(default=list)  # of Right
    from_on = models.DateField(default=clock.today)
    to_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)
    statement = models.TextField(blank=True)  # what was signed here, in the words that were shown
    file = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="file", statement="") & ~models.Q(file="")
                | models.Q(kind="digital", file="") & ~models.Q(statement=""),
                name="a_file_or_a_statement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}-{self.to_on or ''}"

    @property
    def covers(self) -> list[str]:
        """The rights in words."""
        return [str(right.label) for right in Right if right in self.rights]


class ListedCompany(models.Model):
    """A main unit as Altinn last listed it. For names on lists; no requirement rests on it."""

    orgnr = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=10, blank=True)
    subunits = models.JSONField(default=list)  # of {"orgnr", "name"}
    answered_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.name} ({self.orgnr})"


class OpenLogin(models.Model):
    """A session that ID-porten knows by `sid`, so that a logout elsewhere ends it here."""

    sid = models.CharField(max_length=200, primary_key=True)
    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.user_id)
