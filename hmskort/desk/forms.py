"""What an employer is asked, which follows from the kind; and what a caseworker decides."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.rules import months_from
from hmskort.common import clock
from hmskort.common.uploads.limits import Picture
from hmskort.common.uploads.receiving import DocumentField
from hmskort.desk.attachments import NAMES, OTHER
from hmskort.desk.incoming import without_numbers
from hmskort.desk.models import Case
from registers import national_id
from registers import orgnr as orgnrs
from registers.exemptions.models import ExemptionKind
from registers.national_id import InvalidNationalId
from registers.orgnr import InvalidOrgnr

ACCEPT = "image/jpeg,image/png,application/pdf"
LANGUAGES = [("no", gettext_lazy("Norsk")), ("en", gettext_lazy("Engelsk"))]
MOST_TEXT = 4000


class Words(forms.CharField):
    """What is written to others, and stored as it is: without identity numbers."""

    def to_python(self, value: Any) -> Any:
        return without_numbers(super().to_python(value) or "")


def _line(label: object, hint: object = "") -> Callable[[], forms.Field]:
    return lambda: Words(label=label, help_text=hint, max_length=300)  # type: ignore[arg-type]


def _tick(label: object) -> Callable[[], forms.Field]:
    return lambda: forms.BooleanField(label=label)  # type: ignore[arg-type]


HIDDEN = gettext_lazy("Fødselsnummer og D-nummer du skriver her, blir skjult.")


def _text(label: object, *, rows: int = 5, missing: object = None, hint: object = "") -> Words:
    return Words(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=_missing(missing),
    )


def _missing(text: object) -> dict[str, Any] | None:
    """What is said of an empty field, where its name does not say it well."""
    return {"required": text} if text else None


def _day(label: object, *, missing: object = None) -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        error_messages=_missing(missing),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def _numbers() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Fødselsnummer eller D-nummer til alle unntaket gjelder"),
        help_text=gettext_lazy("Ett nummer på hver linje."),
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "numeric", "autocomplete": "off"}),
    )


PEOPLE = "people"
# What a kind may ask for, by code; each that it asks for is mandatory.
ASKED: dict[str, Callable[[], forms.Field]] = {
    "provision": _line(
        gettext_lazy("Bestemmelsen i merverdiavgiftsloven med forskrifter"),
        gettext_lazy("Den som virksomheten er unntatt etter, for eksempel § 3-28."),
    ),
    "staff_registered": _tick(
        gettext_lazy("Utenlandske ansatte har D-nummer og er meldt til Aa-registeret eller OAR")
    ),
    "language": lambda: forms.ChoiceField(
        label=gettext_lazy("Språket avtalen er skrevet på"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
    ),
    "reason": lambda: _text(gettext_lazy("Hvorfor virksomheten ikke skal være registrert")),
    "explanation": lambda: _text(gettext_lazy("Hvorfor unntaket gjelder dere")),
    "spouse": _tick(gettext_lazy("Personen er gift med innehaveren av foretaket")),
    "contact": _line(
        gettext_lazy("Kontaktperson hos oppdragsgiver"),
        gettext_lazy("Navn, og telefon eller e-postadresse."),
    ),
    "ends_on": lambda: _day(gettext_lazy("Når oppdraget er ventet å være ferdig")),
    "case_number": _line(gettext_lazy("Saksnummer hos Arbeidstilsynet")),
    PEOPLE: _numbers,
}


def field_of(code: str) -> str:
    """What the form names the field. A kind may ask for what has no code, in words of its own."""
    return code if code in ASKED or code in NAMES else slugify(code)


def asked_name(code: str) -> str:
    """What the form calls an answer."""
    return str(ASKED[code]().label) if code in ASKED else code


def _document(code: str, *, required: bool = True) -> DocumentField:
    return DocumentField(
        label=NAMES.get(code, code),
        help_text=gettext_lazy("PDF, JPEG eller PNG, høyst 10 MB."),
        required=required,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class _WithDocuments(forms.Form):
    """A form whose files are documents."""

    documents: Sequence[str] = (OTHER,)  # their codes

    @property
    def pictures(self) -> dict[str, Picture]:
        """The documents that were sent, by code."""
        found = ((code, self.cleaned_data.get(field_of(code))) for code in self.documents)
        return {code: value for code, value in found if isinstance(value, Picture)}


def _email() -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("E-postadresse for svar"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ApplicationForm(_WithDocuments):
    """Exactly what the kind of exemption requires, and where to answer."""

    use_required_attribute = False

    def __init__(self, *args: Any, kind: ExemptionKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.documents = kind, kind.documents
        for code in kind.asks:
            self.fields[field_of(code)] = ASKED[code]() if code in ASKED else _line(code)()
        for code in kind.documents:
            self.fields[field_of(code)] = _document(code)
        self.fields["contact_email"] = _email()

    def clean_people(self) -> list[str]:
        """The numbers in canonical form."""
        typed = [part for part in re.split(r"[\n\r,;]+", self.cleaned_data[PEOPLE]) if part.strip()]
        try:
            return list(dict.fromkeys(national_id.validate(text) for text in typed))
        except InvalidNationalId as problem:
            raise ValidationError(str(problem)) from None

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < clock.today():
            raise ValidationError(_("Oppdraget må slutte i dag eller senere."))
        return day

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as it is stored: people are kept as persons, never as numbers."""
        asked = (code for code in self.kind.asks if code != PEOPLE)
        given = {code: self.cleaned_data[field_of(code)] for code in asked}
        return {c: v.isoformat() if isinstance(v, date) else v for c, v in given.items()}


class DisputeForm(_WithDocuments):
    """Why a refusal is wrong."""

    use_required_attribute = False
    text = _text(gettext_lazy("Hva er feil?"), hint=HIDDEN)
    other = _document(OTHER, required=False)
    contact_email = _email()


class AnswerForm(_WithDocuments):
    """The employer's answer to what the caseworker asked."""

    use_required_attribute = False
    text = _text(gettext_lazy("Svaret ditt"), hint=HIDDEN)
    other = _document(OTHER, required=False)


class ComplaintForm(_WithDocuments):
    """Why a refusal is to be decided anew."""

    use_required_attribute = False
    text = _text(gettext_lazy("Hvorfor du klager"), hint=HIDDEN)
    other = _document(OTHER, required=False)


class KindForm(forms.Form):
    """Which of the exemptions that the company may apply for is applied for."""

    use_required_attribute = False
    type = forms.ChoiceField(
        label=gettext_lazy("Hva gjelder søknaden?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva søknaden gjelder.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[ExemptionKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [(kind.code, kind.name) for kind in kinds]  # type: ignore[attr-defined]


NEED_NO_WORDS = frozenset({"grant", "admit", "read", "ask_register"})


class RulingForm(forms.Form):
    """What a caseworker decides: which of the decisions it is, is said by the button."""

    use_required_attribute = False
    from_on = _day(gettext_lazy("Fra"), missing=gettext_lazy("Første dag må fylles ut"))
    to_on = _day(gettext_lazy("Til og med"), missing=gettext_lazy("Siste dag må fylles ut"))
    text = _text(
        gettext_lazy("Begrunnelse, eller det du spør om"),
        rows=4,
        missing=gettext_lazy("Begrunnelsen må fylles ut"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"from_on": today, "to_on": last_day(case, today)})
        super().__init__(*args, **kwargs)
        self.case = case
        if self.is_bound:
            decision = str(self.data.get("decision"))
            self.fields["text"].required = decision not in NEED_NO_WORDS
            for name in ("from_on", "to_on"):
                self.fields[name].required = self.has_period(decision)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.has_period(str(self.data.get("decision"))):
            self._check_period(given)
        return given

    def has_period(self, decision: str) -> bool:
        """Is it decided from a day to a day? A no is only where an unclear answer is read."""
        read_as_no = decision == "refuse" and self.case.kind == Case.Kind.UNCLEAR
        return decision in {"grant", "propose"} or read_as_no

    def _check_period(self, given: dict[str, Any]) -> None:
        first, last = given.get("from_on"), given.get("to_on")
        if first is None or last is None:
            return
        if last < first:
            self.add_error("to_on", _("Siste dag kan ikke være før den første."))
        elif last > last_day(self.case, first):
            self.add_error(
                "to_on",
                _("Dette unntaket kan vare til og med %s.")
                % last_day(self.case, first).strftime("%d.%m.%Y"),
            )


def last_day(case: Case, first: date) -> date:
    """The longest that the case's exemption can last when it begins on a day.

    It never outlives the assignment that it was applied for.
    """
    kind = case.exemption_kind
    longest = months_from(first, kind.longest_months if kind else 0)
    ends = case.answers.get("ends_on")
    return min(longest, date.fromisoformat(ends)) if ends else longest


class PlaceForm(forms.Form):
    """Which company a mail is about."""

    use_required_attribute = False
    orgnr = forms.CharField(
        label=gettext_lazy("Organisasjonsnummer"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_orgnr(self) -> str:
        """Nine digits with the right check digit."""
        try:
            return orgnrs.validate(self.cleaned_data["orgnr"])
        except InvalidOrgnr as problem:
            raise ValidationError(str(problem)) from None


class RevealForm(forms.Form):
    """Why identity numbers are needed; the reason stands in the history."""

    use_required_attribute = False
    reason = Words(label=gettext_lazy("Hvorfor trenger du numrene?"), max_length=300)
