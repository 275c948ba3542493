"""What is sought in the list of orders."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import show
from orders.models import Order
from orders.my_orders import listing
from orders.payments.methods import Method
from registers import national_id
from registers.models import CardKind
from registers.national_id import InvalidNationalId

SOURCES = Order.Source.choices
ALWAYS_SHOWN = frozenset({"q", "person", "status", "mine", "sorter"})  # the rest folds away


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Skriv datoen slik: 31.12.2026.")},
    )


class SearchForm(forms.Form):
    """The search of *Mine ordre*. Bound to an address, or to what was posted."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Bestillingsnummer, navn, kortnummer eller fødselsnummer"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    person = forms.CharField(required=False, widget=forms.HiddenInput)  # what was sought by number
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Bare mine bestillinger"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Korttype"), required=False)
    enhet = forms.ChoiceField(label=gettext_lazy("Underenhet"), required=False)
    kilde = forms.ChoiceField(label=gettext_lazy("Bestilt gjennom"), required=False)
    betaling = forms.ChoiceField(label=gettext_lazy("Betaling"), required=False)
    fra = _day(gettext_lazy("Fra og med"))
    til = _day(gettext_lazy("Til og med"))
    sorter = forms.ChoiceField(label=gettext_lazy("Sorter etter"), required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self._offer("status", _standings())
        self._offer("type", [(kind.code, kind.name) for kind in CardKind.objects.all()])
        self._offer("enhet", units, everything=_("Alle underenheter"))
        self._offer("kilde", [(value, label.capitalize()) for value, label in SOURCES])
        self._offer("betaling", [(value, str(label)) for value, label in Method.choices])
        self.fields["sorter"].choices = show.SORTINGS()  # type: ignore[attr-defined]

    def _offer(self, name: str, values: list[tuple[str, str]], everything: str = "") -> None:
        choices = [("", everything or _("Alle")), *values]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def national_id(self) -> str:
        """The identity number that was sought, however it was written."""
        return national_id.found_in(self.cleaned_data.get("q", ""))

    @property
    def address(self) -> dict[str, str]:
        """What the address says of the search; never an identity number."""
        told = {name: value for name, value in self.cleaned_data.items() if value}
        if told.get("q"):
            told.pop("person", None)
        if self.national_id:
            told.pop("q")
        if told.get("sorter") == listing.NEWEST:
            told.pop("sorter")
        if told.get("mine"):
            told["mine"] = "ja"
        return {name: str(value) for name, value in told.items()}

    @property
    def is_narrowed(self) -> bool:
        """Is anything chosen that stands behind the summary, or wrong there?"""
        behind = set(self.fields) - ALWAYS_SHOWN
        return any(self[name].value() or self[name].errors for name in behind)

    def clean_q(self) -> str:
        sought = str(self.cleaned_data["q"]).strip()
        if number := national_id.found_in(sought):
            try:
                national_id.validate(number)
            except InvalidNationalId as problem:
                raise ValidationError(str(problem)) from None
        return sought

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        first, last = told.get("fra"), told.get("til")
        if first and last and last < first:
            self.add_error("til", _("Til og med kan ikke være før fra og med."))
        return told


def _standings() -> list[tuple[str, str]]:
    words = show.STANDING()
    return [(name, words[standing].label) for name, standing in listing.STANDINGS.items()]
