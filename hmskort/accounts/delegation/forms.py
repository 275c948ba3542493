"""What whoever leads the company is asked when they let somebody act for it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.accounts.delegation.actions import Terms
from hmskort.accounts.delegation.rules import LONGEST
from hmskort.accounts.models import Access, Authorisation, Right
from hmskort.common import clock
from hmskort.common.uploads.receiving import DocumentField
from registers import national_id
from registers.national_id import InvalidNationalId

GIVEN = [(right.value, right.label) for right in Right if right != Right.SEE]
OUTSIDE = "outside"
WHERE = [
    ("here", gettext_lazy("Ja, personen er ansatt i virksomheten")),
    (OUTSIDE, gettext_lazy("Nei, personen er utenfor virksomheten, for eksempel regnskapsfører")),
]


def _day(label: object, hint: object = "") -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def a_year_from(day: date) -> date:
    """The last day that is proposed."""
    return day + timedelta(days=365)


class TermsForm(forms.Form):
    """What is given: rights, days, and where the person is told of it."""

    use_required_attribute = False
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Hva skal personen kunne gjøre?"),
        help_text=gettext_lazy("Alle som får tilgang, kan se bestillinger og kort."),
        choices=GIVEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Er personen ansatt hos dere?"),
        help_text=gettext_lazy("Den som er utenfor, må ha fullmakt før bestillinger godtas."),
        choices=WHERE,
        widget=forms.RadioSelect,
    )
    from_on = _day(gettext_lazy("Fra"))
    to_on = _day(gettext_lazy("Til og med"), gettext_lazy("Vi varsler dere begge 14 dager før."))
    contact_email = forms.EmailField(
        label=gettext_lazy("E-postadressen til personen"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Språk vi skriver til personen på"), choices=settings.LANGUAGES[:3]
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("from_on"), given.get("to_on")
        if last and last < clock.today():
            self.add_error("to_on", _("Siste dag kan ikke være passert."))
        elif first and last and last < first:
            self.add_error("to_on", _("Siste dag kan ikke være før den første."))
        elif first and last and last - first > LONGEST:
            self.add_error("to_on", _("Tilgangen kan vare i høyst tre år om gangen."))
        return given

    @property
    def terms(self) -> Terms:
        """What was filled in."""
        given = self.cleaned_data
        return Terms(
            rights=given["rights"],
            from_on=given["from_on"],
            to_on=given["to_on"],
            contact_email=given["contact_email"],
            language=given["language"],
            outside=given["where"] == OUTSIDE,
        )


class GiveForm(TermsForm):
    """Whom to let in, by number and surname together."""

    number = forms.CharField(
        label=gettext_lazy("Fødselsnummer eller D-nummer"),
        help_text=gettext_lazy("11 siffer. Vi lagrer det kryptert."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    surname = forms.CharField(
        label=gettext_lazy("Etternavn"),
        help_text=gettext_lazy("Nummer og navn må stemme, så ingen andre får tilgang ved en feil."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("number", "surname")

    def clean_number(self) -> str:
        """The number in canonical form."""
        try:
            return national_id.validate(self.cleaned_data["number"])
        except InvalidNationalId as problem:
            raise ValidationError(str(problem)) from None

    def clean_surname(self) -> str:
        """A number that was put in the wrong field goes no further."""
        typed = str(self.cleaned_data["surname"])
        if any(mark.isdecimal() for mark in typed):
            raise ValidationError(_("Skriv etternavnet her, uten tall."))
        return typed

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        if day < clock.today():
            raise ValidationError(_("Tilgangen kan begynne i dag eller senere."))
        return day


def as_filled_in(access: Access) -> dict[str, object]:
    """The form for changing an access, as it stands."""
    return {
        "rights": access.rights,
        "where": OUTSIDE if access.outside else "here",
        "from_on": access.from_on,
        "to_on": access.to_on,
        "contact_email": access.contact_email,
        "language": access.language,
    }


class _AuthorisationForm(forms.Form):
    """Both ways of authorising ask what for, and who reports cards as blocked or lost."""

    use_required_attribute = False
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Hva omfatter fullmakten?"),
        help_text=gettext_lazy("Personen kan gjøre det som står i fullmakten, og ikke noe annet."),
        choices=GIVEN,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg hva fullmakten omfatter.")},
    )
    blocks_cards = forms.ChoiceField(
        label=gettext_lazy("Hvem melder kort sperret eller tapt?"),
        choices=Authorisation.Blocks.choices,
        widget=forms.RadioSelect,
    )


class SignForm(_AuthorisationForm):
    """The authorisation is signed here, by who is logged in and leads the company."""

    signed = forms.BooleanField(
        label=gettext_lazy("Jeg signerer fullmakten på vegne av virksomheten")
    )


class StoreForm(_AuthorisationForm):
    """A signed paper is stored."""

    document = DocumentField(
        label=gettext_lazy("Signert fullmakt"),
        help_text=gettext_lazy("PDF, JPEG eller PNG, høyst 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    to_on = _day(gettext_lazy("Fullmakten gjelder til og med"))

    def clean_to_on(self) -> date:
        day: date = self.cleaned_data["to_on"]
        if day < clock.today():
            raise ValidationError(_("Fullmakten har gått ut."))
        return day
