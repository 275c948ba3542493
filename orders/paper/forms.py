"""Scanned pages, and the code of one that could not be read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.paper.models import Sheet
from orders.paper.queries import sheet_with

MOST_AT_ONCE = 20  # files, as the help text says


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ScansForm(forms.Form):
    """One or many pages, as the scanner gave them. What is in a file is judged when it is taken."""

    use_required_attribute = False
    pages = forms.FileField(
        label=gettext_lazy("Skannede skjemaer"),
        help_text=gettext_lazy(
            "Høyst 20 filer om gangen: JPEG, PNG eller PDF med én side, høyst 10 MB hver. "
            "Minst 150 dpi."
        ),
        widget=ManyFiles(
            attrs={"accept": "image/jpeg,image/png,application/pdf", "multiple": True}
        ),
        required=False,
    )


class CodeForm(forms.Form):
    """Whose page it is, typed by a person."""

    code = forms.CharField(
        label=gettext_lazy("Skjemakode"),
        help_text=gettext_lazy("De 12 tegnene etter bestillingsnummeret på skjemaet."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> Sheet:
        sheet = sheet_with(self.cleaned_data["code"])
        if sheet is None:
            raise ValidationError(_("Koden hører ikke til noe skjema."))
        return sheet

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data
