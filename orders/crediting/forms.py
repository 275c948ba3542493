"""Which orders paid too much for postage, and what it should have been."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.payments.methods import Method
from registers.orgnr import is_valid

MOST_KR = 1_000
BETWEEN = re.compile(r"[\s,;]+")


class CorrectionForm(forms.Form):
    """The filters stand in the address; the reason is asked for when it is confirmed."""

    first = forms.DateField(label=_("Bestilt fra og med"), required=False, widget=forms.DateInput(
        attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    last = forms.DateField(label=_("Bestilt til og med"), required=False, widget=forms.DateInput(
        attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    paid = forms.DecimalField(
        label=_("Porto de betalte, kr uten mva."),
        required=False,
        min_value=0,
        max_value=MOST_KR,
        decimal_places=2,
        localize=True,
    )
    right = forms.DecimalField(
        label=_("Riktig porto, kr uten mva."),
        help_text=_("0 gir tilbake alt."),
        min_value=0,
        max_value=MOST_KR,
        decimal_places=2,
        localize=True,
    )
    orgnr = forms.CharField(label=_("Organisasjonsnummer"), required=False, max_length=11)
    method = forms.ChoiceField(
        label=_("Betalt med"), required=False, choices=[("", _("Alle")), *Method.choices]
    )
    only = forms.CharField(
        label=_("Bare disse bestillingene"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    without = forms.CharField(
        label=_("Ikke disse bestillingene"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_orgnr(self) -> str:
        orgnr = re.sub(r"\s", "", self.cleaned_data["orgnr"])
        if orgnr and not is_valid(orgnr):
            raise forms.ValidationError(now_in("Organisasjonsnummeret er ikke gyldig."))
        return orgnr

    def clean_only(self) -> list[str]:
        return _known(self.cleaned_data["only"])

    def clean_without(self) -> list[str]:
        return _known(self.cleaned_data["without"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", now_in("Til-datoen er før fra-datoen."))
        if not (first or cleaned.get("only")):
            self.add_error("first", now_in("Velg fra hvilken dag, eller skriv bestillingene."))
        return cleaned

    @property
    def filters(self) -> dict[str, Any]:
        """As `queries.correctable` takes them."""
        paid = self.cleaned_data["paid"]
        return {**self.cleaned_data, "postage_ore": int(paid * 100) if paid is not None else None}

    @property
    def right_net_ore(self) -> int:
        return int(self.cleaned_data["right"] * 100)


def _known(typed: str) -> list[str]:
    """The references that were typed, each of an order that exists."""
    references = [each for each in BETWEEN.split(typed.upper()) if each]
    found = Order.objects.filter(reference__in=references).values_list("reference", flat=True)
    if unknown := [each for each in references if each not in set(found)]:
        raise forms.ValidationError(
            now_in("Disse bestillingene finnes ikke: %s.") % ", ".join(unknown)
        )
    return references


class ReasonForm(forms.Form):
    """Why, as the orderers read it; and what staff saw when they confirmed."""

    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Bestillerne leser dette i e-posten."),
        max_length=200,
    )
    seen = forms.CharField(widget=forms.HiddenInput)
