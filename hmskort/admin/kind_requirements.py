"""What a card kind requires, from when to when: beneath the kind it is of."""

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
from hmskort.admin.kept import DAYS, KeptForm
from hmskort.common import clock
from orders.models import Order
from registers.models import CardKind, KindRequirement, Verdict
from registers.requirements.rules import RULES
from registers.requirements.texts import TITLES

Text = str | Promise
SOURCE_HELP = gettext_lazy("Forskrift og paragraf, eller vedtaket som sier det.")


def requirements() -> list[tuple[str, Text]]:
    """The requirements there are rules for, by the name of their register."""
    return sorted(((name, TITLES[name]) for name in RULES), key=lambda each: str(each[1]))


def choose_requirement() -> list[tuple[str, Text]]:
    """The same, with nothing chosen first: an empty row is no requirement."""
    return [("", "---------"), *requirements()]


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
        for field in form.fields.values():  # a cell has no label of its own
            field.widget.attrs["aria-label"] = str(field.label)

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
    return bool(one["requirement"] == other["requirement"] and first <= last)


def _last(row: dict[str, Any]) -> date:
    return row.get("until") or date.max


def _is_in_force(row: dict[str, Any]) -> bool:
    return bool(row["since"] <= clock.today() <= _last(row))


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
