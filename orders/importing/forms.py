"""The list as it is sent in: a file, or what was copied from a spreadsheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.actions.cart import may_order
from orders.forms import ONLY_CLEANING
from orders.importing import columns, reading
from orders.importing.columns import Entry
from orders.importing.texts import UNUSABLE
from registers.models import CardKind

ACCEPT = ".xlsx,.csv,.txt,text/csv,text/plain"


class ImportForm(forms.Form):
    """Which kind of card, and for whom. `entries` are the people, once the form is valid."""

    kort_type = forms.ModelChoiceField(
        label=gettext_lazy("Korttype"),
        queryset=CardKind.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    file = forms.FileField(
        label=gettext_lazy("Fil fra regneark"),
        help_text=gettext_lazy("Excel (.xlsx) eller CSV, høyst 2 MB og 1000 personer."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    rows = forms.CharField(
        label=gettext_lazy("Eller lim inn radene"),
        help_text=gettext_lazy("Merk radene i regnearket, kopier dem, og lim dem inn her."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, orgnr: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = list(CardKind.objects.filter(open_for_orders=True))
        self._open = [kind for kind in every if may_order(orgnr, kind)]
        field: Any = self.fields["kort_type"]
        field.queryset = CardKind.objects.filter(open_for_orders=True)
        if len(self._open) < len(every):
            field.help_text = ONLY_CLEANING
        self.initial.setdefault("kort_type", self._open[0] if self._open else None)
        self.entries: list[Entry] = []

    def clean_kort_type(self) -> CardKind:
        """A company in the cleaning register may have to order cleaning cards alone."""
        kind: CardKind = self.cleaned_data["kort_type"]
        if kind not in self._open:
            raise ValidationError(ONLY_CLEANING)
        return kind

    def clean(self) -> dict[str, Any]:
        """The people of the file, or of what was pasted: one of them, not both."""
        found: dict[str, Any] = super().clean() or {}
        upload, pasted = found.get("file"), (found.get("rows") or "").strip("\r\n ")
        if bool(upload) == bool(pasted):
            self.add_error("file" if not upload else "rows", _("Velg en fil, eller lim inn rader."))
            return found
        try:
            lines = (
                reading.lines_of(upload.read(reading.MOST_BYTES + 1))
                if upload
                else reading.lines_of_text(pasted)
            )
            self.entries = columns.entries(lines)
        except reading.Unusable as reason:
            self.add_error("file" if upload else "rows", str(UNUSABLE[reason.code]))
        return found
