"""Who acts, for which company, with which right."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from registers.models import Person


class StaffRole(models.TextChoices):
    """What a person does for the card scheme itself."""

    REVIEWER = "reviewer", _("kontrollør")
    PRODUCER = "producer", _("produksjon")
    CASEWORKER = "caseworker", _("saksbehandler")
    INSPECTOR = "inspector", _("inspektør")


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
    is_staff = models.BooleanField(default=False)  # may open the admin
    staff_roles = models.JSONField(default=list, blank=True)  # of StaffRole
    date_joined = models.DateTimeField(default=clock.now)

    objects = UserManager()
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or str(self.id)

    def has_role(self, role: StaffRole) -> bool:
        return self.is_active and role in self.staff_roles


class Access(models.Model):
    """A person may act for a company: by role, by Altinn, or because they were delegated it."""

    class Source(models.TextChoices):
        ROLE = "role", _("rolle i Enhetsregisteret")
        ALTINN = "altinn", _("tilgang i Altinn")
        DELEGATION = "delegation", _("delegert tilgang")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="accesses")
    main_orgnr = models.CharField(max_length=9)
    source = models.CharField(max_length=10, choices=Source)
    role = models.CharField(max_length=10, blank=True)  # DAGL, LEDE, INNH ...
    from_on = models.DateField(default=clock.today)
    to_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="given"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(default=clock.now)  # when the source last said so

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
