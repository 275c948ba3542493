"""What an orderer types: identity numbers, an address, a declaration."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.common.logs import masked
from orders.actions.cart import obstacle
from registers import national_id
from registers.models import CardKind
from registers.persons import person_with

MOST_AT_ONCE = 200


class PeopleForm(forms.Form):
    """One or many identity numbers, one on each line; spaces and pasted signs are forgiven."""

    numbers = forms.CharField(
        label=gettext_lazy("Fødselsnummer eller D-nummer"),
        help_text=gettext_lazy(
            "Elleve siffer. Skal du bestille til flere, skriver du ett nummer på hver linje."
        ),
        widget=forms.Textarea(
            attrs={"rows": 4, "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, orgnr: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.orgnr = orgnr

    def clean_numbers(self) -> list[str]:
        """The numbers in canonical form. Each line that cannot be used is named, with why."""
        typed = [
            part for part in re.split(r"[\n\r,;]+", self.cleaned_data["numbers"]) if part.strip()
        ]
        if len(typed) > MOST_AT_ONCE:
            raise ValidationError(_("Du kan legge til %d personer om gangen.") % MOST_AT_ONCE)
        accepted: list[str] = []
        problems: list[str] = []
        for number, text in enumerate(typed, 1):
            try:
                accepted.append(self._usable(text, accepted))
            except (ValidationError, national_id.InvalidNationalId) as problem:
                why = problem.message if isinstance(problem, ValidationError) else str(problem)
                problems.append(self._named(number, len(typed), text, str(why)))
        if problems:
            raise ValidationError(problems)
        return accepted

    def _usable(self, text: str, accepted: list[str]) -> str:
        number = national_id.validate(text)
        if number in accepted:
            raise ValidationError(_("Nummeret står to ganger i listen."))
        person = person_with(number)
        reason = obstacle(person, self.orgnr) if person else None
        if reason:
            raise ValidationError(reason)
        return number

    @staticmethod
    def _named(number: int, of: int, text: str, why: str) -> str:
        if of == 1:
            return why
        shown = masked(re.sub(r"\D", "", text))
        return _("Linje %(number)d (%(shown)s): %(why)s") % {
            "number": number,
            "shown": shown,
            "why": why,
        }


class StartForm(PeopleForm):
    """A new order: which kind of card, and for whom."""

    kort_type = forms.ModelChoiceField(
        label=gettext_lazy("Korttype"),
        queryset=CardKind.objects.filter(open_for_orders=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ["kort_type", "numbers"]


class DeliveryForm(forms.Form):
    """Where the cards go, and where the receipt goes. Kept with this order alone."""

    deliver_to = forms.CharField(
        label=gettext_lazy("Mottaker"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Adresse"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postnummer"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = forms.CharField(
        label=gettext_lazy("Poststed"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("E-postadresse for kvittering"),
        help_text=gettext_lazy("Hit sender vi kvittering, og beskjed når kortene er kontrollert."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_postal_code(self) -> str:
        code = str(self.cleaned_data["postal_code"]).replace(" ", "")
        if not re.fullmatch(r"\d{4}", code):
            raise ValidationError(_("Postnummer må ha 4 siffer."))
        return code


class PayForm(forms.Form):
    """The last page before the payment: the declaration must be accepted."""

    declared = forms.BooleanField(
        label=gettext_lazy(
            "Jeg har kontrollert legitimasjonen til alle i bestillingen, "
            "og opplysningene er riktige."
        ),
    )
