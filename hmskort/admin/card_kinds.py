"""Card kinds and what each requires, from when to when."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.models import Card
from cards.public_check import actions as public_check
from encoding.content import Kind as ChipKind
from hmskort.admin.kept import DAYS, Kept, KeptForm, column
from hmskort.admin.site import site
from hmskort.common import clock
from hmskort.common.dated import NothingInForce
from orders.models import Order
from orders.prices import price_of
from registers import kind_changes
from registers.models import CardKind, KindRequirement, Verdict
from registers.requirements.rules import RULES
from registers.requirements.texts import TITLES

Text = str | Promise
CHIPS: dict[str, Text] = {
    ChipKind.CONSTRUCTION: gettext_lazy("Bransjekoding, som for bygg og anlegg"),
    ChipKind.CLEANING: gettext_lazy("Som for renhold"),
}
SOURCE_HELP = gettext_lazy("Forskrift og paragraf, eller vedtaket som sier det.")


def requirements() -> list[tuple[str, Text]]:
    """The requirements there are rules for, by the name of their register."""
    return sorted(((name, TITLES[name]) for name in RULES), key=lambda each: str(each[1]))


def choose_requirement() -> list[tuple[str, Text]]:
    """The same, with nothing chosen first: an empty row is no requirement."""
    return [("", "---------"), *requirements()]


class CardKindForm(KeptForm):
    """A card kind. It can be ordered once it has a price and something that it requires."""

    chip_kind = forms.ChoiceField(
        label=gettext_lazy("Koding av brikken"),
        choices=list(CHIPS.items()),
        help_text=gettext_lazy("Hvilket oppsett chipen får. Det bestemmer hvem som kan lese den."),
    )

    class Meta:
        model = CardKind
        fields = (
            "code", "name_nb", "name_nn", "name_en", "chip_kind", "signature_required",
            "open_for_orders", "source",
        )  # fmt: skip
        labels = {
            "code": gettext_lazy("Kode"),
            "name_nb": gettext_lazy("Navn på bokmål"),
            "name_nn": gettext_lazy("Navn på nynorsk"),
            "name_en": gettext_lazy("Navn på engelsk"),
            "signature_required": gettext_lazy("Signatur kreves"),
            "open_for_orders": gettext_lazy("Kan bestilles"),
            "source": gettext_lazy("Kilde"),
        }
        help_texts = {
            "code": gettext_lazy("Står i adresser og i API-et, og kan ikke endres senere."),
            "name_nb": gettext_lazy("Står på forsiden av kortet, sammen med det engelske."),
            "open_for_orders": gettext_lazy("Først når typen har krav, og en pris som gjelder."),
            "source": SOURCE_HELP,
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        code = self.instance.pk or given.get("code", "")
        if given.get("open_for_orders") and not _has_price(code):
            self.add_error(
                "open_for_orders", _("Typen har ingen pris ennå. Legg inn prisen først.")
            )
        return given


def _has_price(code: str) -> bool:
    try:
        price_of(code, clock.today())
    except NothingInForce:
        return False
    return True


class RequirementForm(KeptForm):
    """One requirement of a kind. What has begun stands; it can only be given a last day."""

    requirement = forms.ChoiceField(label=gettext_lazy("Krav"), choices=choose_requirement)

    class Meta:
        model = KindRequirement
        fields = ("requirement", "since", "until", "position", "source")
        labels = {
            "since": gettext_lazy("Fra og med"),
            "until": gettext_lazy("Til og med"),
            "position": gettext_lazy("Plass"),
            "source": gettext_lazy("Kilde"),
        }
        help_texts = {"source": SOURCE_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("requirement", "since", "source"):
                self.fields[name].disabled = True
            self.fields["until"].disabled = _is_over(self.instance)

    def clean_until(self) -> date | None:
        """A day that has passed was judged as it was; the end cannot be put before today."""
        until: date | None = self.cleaned_data["until"]
        began = self.cleaned_data.get("since") or self.instance.since
        if until and began and until < began:
            raise ValidationError(_("Siste dag kan ikke være før den første."))
        if "until" in self.changed_data and until and self.instance.pk and until < clock.today():
            raise ValidationError(_("Siste dag kan ikke være før i dag."))
        return until


def _is_over(row: KindRequirement) -> bool:
    return row.until is not None and row.until < clock.today()


class Requirements(BaseInlineFormSet):  # type: ignore[type-arg]
    """All requirements of a kind together."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """What has begun is not taken out: days that are over were judged by it."""
        super().add_fields(form, index)
        stands = form.instance.pk and form.instance.since <= clock.today()
        if stands and self.can_delete and is_in_use(self.instance):
            form.fields["DELETE"].disabled = True

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if _is_kept(form)]
        for place, row in enumerate(kept):
            if any(_overlap(row, other) for other in kept[:place]):
                raise ValidationError(_("Det samme kravet gjelder to ganger samtidig."))
        if is_in_use(self.instance):
            self._none_begins_in_the_past()
        if self.instance.open_for_orders and not any(_is_in_force(row) for row in kept):
            raise ValidationError(_("En type som kan bestilles, må ha krav som gjelder i dag."))

    def _none_begins_in_the_past(self) -> None:
        """Cards are out: what they were judged by yesterday stands."""
        for form in self.extra_forms:
            if _is_kept(form) and form.cleaned_data["since"] < clock.today():
                form.add_error("since", _("Et nytt krav kan ikke begynne før i dag."))
                raise ValidationError(_("Et nytt krav kan ikke begynne før i dag."))


def _is_kept(form: Any) -> bool:
    given = getattr(form, "cleaned_data", None) or {}
    return bool(given.get("requirement") and given.get("since")) and not given.get("DELETE")


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, last = max(one["since"], other["since"]), min(_last(one), _last(other))
    return one["requirement"] == other["requirement"] and first <= last


def _last(row: dict[str, Any]) -> date:
    return row.get("until") or date.max


def _is_in_force(row: dict[str, Any]) -> bool:
    return row["since"] <= clock.today() <= _last(row)


def is_in_use(kind: CardKind) -> bool:
    """True where orders, verdicts or cards rest on the kind."""
    if not kind.pk:
        return False
    return any(model.objects.filter(kind=kind.pk).exists() for model in (Order, Verdict, Card))


class RequirementInline(admin.TabularInline):  # type: ignore[type-arg]
    model = KindRequirement
    form = RequirementForm
    formset = Requirements
    formfield_overrides = DAYS
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    has_change_permission = has_view_permission
    has_add_permission = has_view_permission
    has_delete_permission = has_view_permission


@admin.register(CardKind, site=site)
class CardKindAdmin(Kept):
    """A changed set of requirements is what the kind's cards are judged by from its date."""

    form = CardKindForm
    inlines = (RequirementInline,)
    fixed = ("code",)
    list_display = ("name", "code_", "open", "source_")
    fields = CardKindForm.Meta.fields
    code_ = column("code", gettext_lazy("Kode"))
    source_ = column("source", gettext_lazy("Kilde"))

    def is_unused(self, row: CardKind) -> bool:
        return not is_in_use(row)

    @admin.display(description=gettext_lazy("Navn"), ordering="name_nb")
    def name(self, row: CardKind) -> str:
        return row.name

    @admin.display(description=gettext_lazy("Kan bestilles"), boolean=True)
    def open(self, row: CardKind) -> bool:
        return row.open_for_orders

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        obj.save()
        names = {name: getattr(obj, name) for name in ("name_nb", "name_nn", "name_en")}
        public_check.name_kind(code=obj.pk, **names)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        formset.save()
        for row in formset.new_objects:
            kind_changes.begins(row=row)
            kind_changes.ends(row=row)
        for row, fields in formset.changed_objects:
            if "until" in fields:
                kind_changes.ends(row=row)
