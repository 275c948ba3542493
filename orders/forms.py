"""What an orderer types: identity numbers, a declaration."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.actions.cart import may_order
from orders.payments.methods import Method
from orders.people.second_card import obstacles
from orders.people.typed_numbers import Typed, entries
from registers import national_id
from registers.models import CardKind
from registers.national_id import InvalidNationalId
from registers.persons import people_with

MOST_AT_ONCE = 200
MOST_LETTERS = 100  # of a surname
ONLY_CLEANING = gettext_lazy(
    "Virksomheten står i Renholdsregisteret og kan bare bestille renholdskort."
)


def _validated(text: str) -> str | InvalidNationalId:
    """The number in canonical form, or why it is none."""
    try:
        return national_id.validate(text)
    except InvalidNationalId as problem:
        return problem


class PeopleForm(forms.Form):
    """One or many identity numbers, as they were typed or pasted."""

    numbers = forms.CharField(
        label=gettext_lazy("Fødselsnummer eller D-nummer"),
        help_text=gettext_lazy(
            "Elleve siffer, og gjerne etternavnet etter nummeret. Skal du bestille til flere, "
            "skriver du én person på hver linje."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, orgnr: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.orgnr = orgnr
        self.surnames: dict[str, str] = {}  # as they were written, by number

    def clean_numbers(self) -> list[str]:
        """The numbers in canonical form. Each line that cannot be used is named, with why."""
        typed = entries(self.cleaned_data["numbers"])
        if not typed:
            raise ValidationError(_("Skriv minst ett fødselsnummer eller D-nummer."))
        if len(typed) > MOST_AT_ONCE:
            raise ValidationError(_("Du kan legge til %d personer om gangen.") % MOST_AT_ONCE)
        numbers = [_validated(entry.text) for entry in typed]
        reasons = self._reasons(numbers)
        problems = [
            self._named(entry, reason, alone=len(typed) == 1)
            for entry, reason in zip(typed, reasons, strict=True)
            if reason
        ]
        if problems:
            raise ValidationError(problems)
        self.surnames = {
            str(number): entry.surname[:MOST_LETTERS]
            for number, entry in zip(numbers, typed, strict=True)
            if entry.surname
        }
        return [str(number) for number in numbers]

    def _reasons(self, numbers: list[str | InvalidNationalId]) -> list[str]:
        """Why each number cannot be used, or an empty text. Two numbers may be one person's."""
        known = people_with([number for number in numbers if isinstance(number, str)])
        standing = obstacles(known.values(), self.orgnr)
        people = [known.get(str(number)) for number in numbers]
        reasons = []
        for place, (number, person) in enumerate(zip(numbers, people, strict=True)):
            if isinstance(number, InvalidNationalId):
                reasons.append(str(number))
            elif number in numbers[:place]:
                reasons.append(_("Nummeret står to ganger i listen."))
            elif person and person in people[:place]:
                reasons.append(_("Personen står to ganger i listen, med gammelt og nytt nummer."))
            else:
                reasons.append(standing.get(person.pk, "") if person else "")
        return reasons

    @staticmethod
    def _named(entry: Typed, why: str, *, alone: bool) -> str:
        if alone:
            return why
        where = {"number": entry.line, "shown": entry.shown, "why": why}
        if entry.shown:
            return _("Linje %(number)d (%(shown)s): %(why)s") % where
        return _("Linje %(number)d: %(why)s") % where


class SurnameForm(forms.Form):
    """The surname of somebody whose number is in the cart."""

    surname = forms.CharField(
        label=gettext_lazy("Etternavn"),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Skriv etternavnet.")},
    )


class StartForm(PeopleForm):
    """A new order: which kind of card, and for whom."""

    kort_type = forms.ModelChoiceField(
        label=gettext_lazy("Korttype"),
        queryset=CardKind.objects.filter(open_for_orders=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ["kort_type", "numbers"]

    def __init__(self, *args: object, orgnr: str, **kwargs: object) -> None:
        super().__init__(*args, orgnr=orgnr, **kwargs)
        kinds = list(self.fields["kort_type"].queryset)  # type: ignore[attr-defined]
        self._open = [kind for kind in kinds if may_order(orgnr, kind)]
        if len(self._open) < len(kinds):
            self.fields["kort_type"].help_text = ONLY_CLEANING
            self.initial["kort_type"] = self._open[0] if self._open else None

    def clean_kort_type(self) -> CardKind:
        """A company in the cleaning register may have to order cleaning cards alone."""
        kind: CardKind = self.cleaned_data["kort_type"]
        if kind not in self._open:
            raise ValidationError(ONLY_CLEANING)
        return kind


MEANINGS = {  # what each way to pay means, beside its name
    Method.NEXI: gettext_lazy(
        "Betalingskort: Vi reserverer beløpet nå, trekker for kortene som blir godkjent, "
        "og frigir resten."
    ),
    Method.VIPPS: gettext_lazy(
        "Vipps MobilePay: Du godkjenner i appen. Vi reserverer nå og trekker for kortene som "
        "blir godkjent."
    ),
    Method.INVOICE: gettext_lazy(
        "Faktura: Virksomheten får EHF og PDF når bestillingen er ferdig, bare for kortene som "
        "blir godkjent. Betalingsfrist 14 dager."
    ),
}


class PayForm(forms.Form):
    """The last page before the payment: how it is paid, and the declaration, must be chosen."""

    method = forms.ChoiceField(
        label=gettext_lazy("Hvordan vil du betale?"), widget=forms.RadioSelect
    )
    declared = forms.BooleanField(
        label=gettext_lazy(
            "Jeg har kontrollert legitimasjonen til alle i bestillingen, "
            "og opplysningene er riktige."
        ),
    )
    own_seen = forms.BooleanField(
        label=gettext_lazy("En annen enn jeg har kontrollert legitimasjonen min."),
        help_text=gettext_lazy(
            "Du bestiller kort til deg selv. Kontrolløren ser det, og ser nøye på legitimasjonen."
        ),
    )

    def __init__(
        self,
        *args: Any,
        methods: Sequence[Method],
        own: bool = False,
        free: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["method"]
        field.choices = [(method, MEANINGS[method]) for method in methods]
        field.initial = methods[0] if methods else None
        if free:
            del self.fields["method"]
        if not own:
            del self.fields["own_seen"]
