"""What an orderer types about themselves."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.accounts.models import User
from hmskort.accounts.orderers.second_factor import step_of

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


LONGEST_PASSWORD = 200
CODE_LENGTH = 10  # of what is typed as a code, at most


def password_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    """A password as it is typed: spaces belong to it."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **more,
    )


def code_field(label: Any, **more: Any) -> forms.CharField:
    """A code from a telephone or a list."""
    return forms.CharField(
        label=label,
        max_length=CODE_LENGTH + 2,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": CODE_LENGTH}
        ),
        **more,
    )


class PasswordLoginForm(forms.Form):
    """BestillerID and password. That they are wrong is told of both, never of one."""

    number = forms.CharField(
        label=gettext_lazy("BestillerID"),
        help_text=gettext_lazy("For eksempel HXK7-2P4W. Den står i e-posten du fikk."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "characters", "size": 12}
        ),
    )
    password = password_field(gettext_lazy("Passord"), "current-password")


class NewPasswordForm(forms.Form):
    """A password that is good enough, twice."""

    password = password_field(
        gettext_lazy("Nytt passord"),
        "new-password",
        help_text=gettext_lazy("Minst 12 tegn. Gjerne flere ord etter hverandre."),
    )
    again = password_field(gettext_lazy("Nytt passord en gang til"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", _("Passordene er ikke like."))
        return typed


class ProveForm(forms.Form):
    """The password, told once more by who is logged in."""

    password = password_field(gettext_lazy("Passordet ditt"), "current-password")


class SetUpForm(NewPasswordForm):
    """A password, and a code that shows that the telephone holds the second factor."""

    code = code_field(gettext_lazy("Koden appen viser"), help_text=gettext_lazy("Seks siffer."))

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.step = 0  # which of the app's codes was typed

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split())
        self.step = step_of(self.secret, code)
        if not self.step:
            raise ValidationError(
                _("Koden stemmer ikke. Vent på en ny kode i appen, og prøv igjen.")
            )
        return code


class CodeForm(forms.Form):
    """The second factor at a login."""

    code = code_field(
        gettext_lazy("Engangskode"),
        help_text=gettext_lazy("Seks siffer fra appen, eller en av reservekodene dine."),
    )


class LanguageForm(forms.Form):
    """The language of what we write to the person."""

    language = forms.ChoiceField(label=gettext_lazy("Språk"), choices=settings.LANGUAGES)


class EntryCodeForm(forms.Form):
    """The one-time code of a letter."""

    entry_code = forms.CharField(
        label=gettext_lazy("Engangskode fra brevet"),
        help_text=gettext_lazy("Tolv tegn, for eksempel HXK7-2P4W-QRS3."),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 18}
        ),
    )


class AcceptForm(forms.Form):
    """The terms are accepted for the company."""

    accepted = forms.BooleanField(
        label=gettext_lazy("Jeg har lest vilkårene og godtar dem på vegne av virksomheten."),
        error_messages={"required": gettext_lazy("Du må godta vilkårene for å gå videre.")},
    )
