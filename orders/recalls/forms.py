"""Which cards have the fault, and what it is."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from cards.production.models import Batch
from orders.recalls import queries

NUMBER = re.compile(r"\d{4}[ \N{NO-BREAK SPACE}]?\d{3,4}")


class FaultyForm(forms.Form):
    """A production batch, or card numbers; the fault as employers read it."""

    batch = forms.CharField(
        label=_("Produksjonsparti"),
        help_text=_("Referansen, når hele partiet har feilen."),
        max_length=12,
        required=False,
    )
    numbers = forms.CharField(
        label=_("Kortnumre"),
        help_text=_("Når bare noen kort har feilen. Ett på hver linje, eller med komma mellom."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    fault = forms.CharField(
        label=_("Hva er feil?"),
        help_text=_("Bestillerne leser dette i e-posten. Skriv en kort setning."),
        max_length=200,
    )

    def clean_batch(self) -> Batch | None:
        given = self.cleaned_data["batch"].strip().upper()
        batch = Batch.objects.filter(reference=given).first()
        if given and batch is None:
            raise forms.ValidationError(now_in("Vi finner ikke noe parti med denne referansen."))
        return batch

    def clean_numbers(self) -> list[str]:
        found = NUMBER.findall(self.cleaned_data["numbers"])
        numbers = [re.sub(r"\D", "", number) for number in found]
        known = set(queries.cards_of(numbers).values_list("number", flat=True))
        unknown = [number for number in dict.fromkeys(numbers) if number not in known]
        if unknown:
            told = ", ".join(unknown[:10])
            raise forms.ValidationError(now_in("Disse kortene finnes ikke: %s.") % told)
        if self.cleaned_data["numbers"].strip() and not numbers:
            raise forms.ValidationError(now_in("Skriv kortnumre med sju eller åtte sifre."))
        return numbers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("batch")) == bool(cleaned.get("numbers")):
            raise forms.ValidationError(now_in("Oppgi enten et parti eller kortnumre."))
        return cleaned

    def cards(self) -> QuerySet[Card]:
        """The cards that are meant."""
        if batch := self.cleaned_data["batch"]:
            return queries.cards_in(batch)
        return queries.cards_of(self.cleaned_data["numbers"])
