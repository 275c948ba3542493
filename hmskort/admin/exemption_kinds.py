"""Kinds of exemption: which requirement, for whom, on what proof, for how long."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.accounts.models import KeyRole
from hmskort.admin.fields import Codes, Several
from hmskort.admin.kept import Kept, KeptForm, column
from hmskort.admin.kind_requirements import SOURCE_HELP, requirements
from hmskort.admin.site import site
from hmskort.common import clock
from hmskort.desk.forms import ASKED, asked_name
from hmskort.desk.models import Case
from registers import kind_changes
from registers.exemptions.documents import NAMES
from registers.exemptions.models import Exemption, ExemptionKind

CONDITIONS = ("forms", "sector_codes", "industries", "municipalities", "roles")
ENDS = ("months_at_least", "months_below")
DECIDES = {*CONDITIONS, *ENDS, "automatic", "personal", "requirement"}
Text = str | Promise


class ExemptionKindForm(KeptForm):
    """A kind of exemption. A condition that names nothing asks for nothing."""

    requirement = forms.ChoiceField(
        label=gettext_lazy("Kravet det er unntak fra"), choices=requirements
    )
    forms = Codes(
        label=gettext_lazy("Organisasjonsformer"), shape="[A-Z]{2,4}", example="ENK, DA",
        help_text=gettext_lazy("Koder i Enhetsregisteret. Tomt: alle."),
    )  # fmt: skip
    sector_codes = Codes(
        label=gettext_lazy("Sektorkoder"), shape=r"\d{4}", example="6100, 6500",
        help_text=gettext_lazy("Institusjonelle sektorkoder hos SSB. Tomt: alle."),
    )  # fmt: skip
    industries = Codes(
        label=gettext_lazy("Næringskoder"), shape=r"\d{2}(\.\d{0,3})?", example="68.2, 94.",
        help_text=gettext_lazy("Begynnelsen på virksomhetens hovednæring. Tomt: alle."),
    )  # fmt: skip
    municipalities = Codes(
        label=gettext_lazy("Kommunenumre"), shape=r"\d{4}", example="2100",
        help_text=gettext_lazy("Tomt: alle."),
    )  # fmt: skip
    roles = Several(
        label=gettext_lazy("Roller"), choices=KeyRole.choices,
        help_text=gettext_lazy("Personen har en av rollene. Bare for unntak som gis automatisk."),
    )  # fmt: skip
    documents = Several(
        label=gettext_lazy("Dokumenter"), choices=NAMES.items,
        help_text=gettext_lazy("Alle som er krysset av, må legges ved søknaden."),
    )  # fmt: skip
    asks = Several(
        label=gettext_lazy("Opplysninger"),
        choices=lambda: [(code, asked_name(code)) for code in ASKED],
        help_text=gettext_lazy("Alle som er krysset av, må fylles ut i søknaden."),
    )

    class Meta:
        model = ExemptionKind
        fields = (
            "code", "requirement", "name_nb", "name_nn", "name_en", "position", "personal",
            "automatic", "by_application", "forms", "sector_codes", "industries",
            "municipalities", "months_at_least", "months_below", "roles", "documents", "asks",
            "longest_months", "renewable", "source",
        )  # fmt: skip
        labels = {
            "code": gettext_lazy("Kode"),
            "name_nb": gettext_lazy("Navn på bokmål"),
            "name_nn": gettext_lazy("Navn på nynorsk"),
            "name_en": gettext_lazy("Navn på engelsk"),
            "position": gettext_lazy("Plass"),
            "personal": gettext_lazy("Gjelder en person, ikke hele virksomheten"),
            "automatic": gettext_lazy("Gis automatisk når registrene viser det"),
            "by_application": gettext_lazy("Kan søkes om"),
            "months_at_least": gettext_lazy("Virksomheten er minst så mange måneder gammel"),
            "months_below": gettext_lazy("Virksomheten er yngre enn så mange måneder"),
            "longest_months": gettext_lazy("Gis for høyst så mange måneder"),
            "renewable": gettext_lazy("Kan gis på nytt"),
            "source": gettext_lazy("Kilde"),
        }
        help_texts = {
            "code": gettext_lazy("Kan ikke endres senere."),
            "position": gettext_lazy("Det lavest plasserte som passer, foreslås først."),
            "source": SOURCE_HELP,
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for field, why in _faults({"personal": self.instance.personal, **given}):
            self.add_error(field, str(why))
        return given


def _faults(given: dict[str, Any]) -> list[tuple[str, Text]]:
    """What cannot stand together."""
    least, below = given.get("months_at_least"), given.get("months_below")
    named = any(given.get(name) for name in CONDITIONS)
    faults = [
        ("automatic", _("Et unntak som gis automatisk, må ha minst én betingelse."),
         given.get("automatic") and not named),
        ("roles", _("En rolle er en persons. Kryss av for at unntaket gjelder en person."),
         given.get("roles") and not given.get("personal")),
        ("months_below", _("Ingen virksomhet kan være både så gammel og så ung."),
         least is not None and below is not None and below <= least),
        ("longest_months", _("Unntaket må kunne gjelde i minst én måned."),
         given.get("longest_months") == 0),
    ]  # fmt: skip
    return [(field, why) for field, why, holds in faults if holds]


@admin.register(ExemptionKind, site=site)
class ExemptionKindAdmin(Kept):
    """What has been granted stands as it was granted, whatever its kind becomes."""

    form = ExemptionKindForm
    list_display = ("name", "answers", "automatic_", "applied_for", "months", "source_")
    automatic_ = column("automatic", gettext_lazy("Automatisk"), boolean=True)
    applied_for = column("by_application", gettext_lazy("Kan søkes om"), boolean=True)
    months = column("longest_months", gettext_lazy("Måneder"))
    source_ = column("source", gettext_lazy("Kilde"))
    fieldsets = (
        (None, {"fields": ("code", "requirement", "name_nb", "name_nn", "name_en", "source")}),
        (
            gettext_lazy("Hvem det gjelder"),
            {"fields": ("personal", "forms", "sector_codes", "industries", "municipalities",
                        "months_at_least", "months_below", "roles")},
        ),
        (
            gettext_lazy("Hvordan det gis"),
            {"fields": ("automatic", "by_application", "documents", "asks", "longest_months",
                        "renewable", "position")},
        ),
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kinds that answer no requirement of their own are the portal's, not data."""
        ours = obj is not None and not obj.requirement
        return super().has_change_permission(request, obj) and not ours

    def is_unused(self, row: ExemptionKind) -> bool:
        return bool(row.requirement) and not _is_in_use(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("code", "requirement", "personal") if _is_in_use(obj) else ("code",)

    @admin.display(description=gettext_lazy("Navn"), ordering="name_nb")
    def name(self, row: ExemptionKind) -> str:
        return row.name

    @admin.display(description=gettext_lazy("Krav"), ordering="requirement")
    def answers(self, row: ExemptionKind) -> str:
        return str(dict(requirements()).get(row.requirement, ""))

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        was = ExemptionKind.objects.filter(pk=obj.pk).first() if change else None
        obj.save()
        automatic = obj.automatic or (was is not None and was.automatic)
        if automatic and (not change or DECIDES & set(form.changed_data)):
            _judge_again({obj.requirement, was.requirement if was else obj.requirement}, obj.pk)


def _judge_again(answered: set[str], code: str) -> None:
    for requirement in answered:
        kind_changes.exemptions_changed(
            requirement=requirement, what=f"exemption:{code}:{clock.now().isoformat()}"
        )


def _is_in_use(kind: ExemptionKind) -> bool:
    cases = Case.objects.filter(exemption_kind=kind.pk)
    return Exemption.objects.filter(kind=kind.pk).exists() or cases.exists()
