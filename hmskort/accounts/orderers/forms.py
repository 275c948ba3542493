"""What an orderer types about themselves."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NORWEGIAN = re.compile(r"[49]\d{7}")  # mobile numbers
INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")  # E.164


def mobile(typed: str) -> str:
    """The number as `+4791234567`.

    Raises:
        ValidationError: it is no mobile number.
    """
    digits = re.sub(r"[\s().-]", "", typed)
    digits = re.sub(r"^00", "+", digits).removeprefix("+47") or digits
    if NORWEGIAN.fullmatch(digits):
        return f"+47{digits}"
    if INTERNATIONAL.fullmatch(digits):
        return digits
    raise ValidationError(
        _("Skriv et norsk mobilnummer med åtte siffer, eller et utenlandsk med + og landkode.")
    )


class ContactForm(forms.Form):
    """Where the person is reached."""

    email = forms.EmailField(
        label=gettext_lazy("E-postadresse"),
        help_text=gettext_lazy("Vi sender en lenke dit, som du bekrefter adressen med."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobilnummer"),
        max_length=25,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "size": 16}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> str:
        return mobile(self.cleaned_data["phone"])
