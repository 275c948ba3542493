"""What somebody without Norwegian electronic ID writes, and the desk's forms of agreements."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.accounts.orderers.forms import mobile
from hmskort.common import clock
from hmskort.common.uploads.limits import Picture
from hmskort.common.uploads.receiving import DocumentField
from hmskort.desk.admission import Applicant
from hmskort.desk.attachments import NAMES, PASSPORT
from hmskort.desk.forms import ACCEPT, Words
from registers import national_id
from registers import orgnr as orgnrs
from registers.models import CardKind
from registers.national_id import InvalidNationalId
from registers.orgnr import InvalidOrgnr

YOUNGEST = 16  # years
OLDEST = 110


class CompanyField(forms.CharField):
    """An organisation number, as nine digits."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": gettext_lazy("Organisasjonsnummer"),
            "max_length": 20,
            "widget": forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "size": 14}
            ),
        }
        super().__init__(**{**given, **kwargs})

    def clean(self, value: Any) -> str:
        try:
            return orgnrs.validate(super().clean(value))
        except InvalidOrgnr as problem:
            raise ValidationError(str(problem)) from None


class AdmissionForm(forms.Form):
    """Company, person, passport."""

    use_required_attribute = False

    orgnr = CompanyField(
        label=gettext_lazy("Virksomhetens norske organisasjonsnummer"),
        help_text=gettext_lazy(
            "Utenlandske virksomheter får det i Enhetsregisteret, for eksempel som NUF."
        ),
    )
    position = Words(
        label=gettext_lazy("Rollen din i virksomheten"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Korttyper du skal bestille"),
        queryset=CardKind.objects.filter(open_for_orders=True),
        widget=forms.CheckboxSelectMultiple,
    )
    given_names = Words(
        label=gettext_lazy("Fornavn, som i passet"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    surname = Words(
        label=gettext_lazy("Etternavn, som i passet"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Fødselsdato"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )
    number = forms.CharField(
        label=gettext_lazy("D-nummer eller fødselsnummer"),
        help_text=gettext_lazy("Hvis du har fått et. Du kan søke uten."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 14}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-postadresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobilnummer"),
        help_text=gettext_lazy("Utenlandske nummer med + og landkode."),
        max_length=25,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "size": 16}),
    )
    passport = DocumentField(
        label=NAMES[PASSPORT],
        help_text=gettext_lazy("Siden med bilde. PDF, JPEG eller PNG, høyst 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not YOUNGEST <= clock.today().year - born.year <= OLDEST:
            raise ValidationError(_("Kontroller fødselsdatoen."))
        return born

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        try:
            return national_id.validate(typed) if typed else ""
        except InvalidNationalId as problem:
            raise ValidationError(str(problem)) from None

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> str:
        return mobile(self.cleaned_data["phone"])

    @property
    def applicant(self) -> Applicant:
        """Who asks, as they wrote it."""
        given = self.cleaned_data
        return Applicant(
            orgnr=given["orgnr"],
            given_names=given["given_names"],
            surname=given["surname"],
            birth_date=given["birth_date"],
            email=given["email"],
            phone=given["phone"],
            position=given["position"],
            kinds=[kind.code for kind in given["kinds"]],
            national_id=given["number"],
        )

    @property
    def pictures(self) -> dict[str, Picture]:
        return {PASSPORT: self.cleaned_data["passport"]}


class PromiseForm(forms.Form):
    """Within how many days the agreement promises that cards are sent."""

    promise_days = forms.IntegerField(
        label=gettext_lazy("Leveringsløfte i dager"),
        help_text=gettext_lazy(
            "Fra bestillingen er komplett. La feltet stå tomt der det vanlige løftet gjelder."
        ),
        required=False,
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"size": 4}),
    )


class AgreementForm(PromiseForm):
    """A company and its contact, registered on their behalf."""

    use_required_attribute = False

    orgnr = CompanyField()
    company_name = Words(label=gettext_lazy("Virksomhetens navn"), max_length=200)
    contact_name = Words(label=gettext_lazy("Kontaktpersonens navn"), max_length=200)
    contact_email = forms.EmailField(label=gettext_lazy("Kontaktpersonens e-postadresse"))
    language = forms.ChoiceField(
        label=gettext_lazy("Språk"),
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
    )
    field_order = [
        "orgnr",
        "company_name",
        "contact_name",
        "contact_email",
        "language",
        "promise_days",
    ]
