"""Where an order goes, and the addresses that the company keeps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.common.templatetags.portal import orgnr as spaced
from orders.delivery.countries import COUNTRIES, NORWAY
from orders.delivery.places import FIELDS, Place, kept
from orders.delivery.queries import Choices
from orders.delivery.rules import is_city, is_norwegian_postal_code
from orders.models import Order

REGISTER, OWN, BOOK = "register", "ny", "bok:"
MOST_SLEEVES = 500


def _countries() -> list[tuple[str, str | Promise]]:
    norway, *others = COUNTRIES.items()
    return [norway, *sorted(others, key=lambda each: str(each[1]).casefold())]


class PlaceFields(forms.Form):
    """A receiver and an address, in Norway or abroad."""

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
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "size": 6}),
    )
    city = forms.CharField(
        label=gettext_lazy("Poststed"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country_code = forms.ChoiceField(
        label=gettext_lazy("Land"),
        choices=_countries,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._need_what_was_asked("country_code")

    def _need_what_was_asked(self, name: str) -> None:
        """Who sends a form without the field, as another system may, means what is proposed."""
        self.fields[name].required = not self.is_bound or name in self.data

    def clean_country_code(self) -> str:
        return self.cleaned_data["country_code"] or NORWAY

    def _check_place(self) -> None:
        """A Norwegian address has a Norwegian postal code, and the city is one's name."""
        data = self.cleaned_data
        if data.get("country_code") != NORWAY:
            return
        if code := data.get("postal_code"):
            data["postal_code"] = code.replace(" ", "")
            if not is_norwegian_postal_code(data["postal_code"]):
                self.add_error("postal_code", _("Postnummer må ha 4 siffer, for eksempel 0181."))
        if data.get("city") and not is_city(data["city"]):
            self.add_error("city", _("Skriv bare navnet på poststedet, uten tall."))

    @property
    def typed(self) -> Place:
        return Place(**{name: self.cleaned_data[name] for name in FIELDS})


class PlaceForm(PlaceFields):
    """Another address for an order that is paid for."""

    def clean(self) -> dict[str, Any]:
        self._check_place()
        return self.cleaned_data


class AddressForm(PlaceFields):
    """An address of the company's book."""

    label = forms.CharField(
        label=gettext_lazy("Navn i adresseboken"),
        help_text=gettext_lazy("Det dere kaller stedet, for eksempel «Brakkeriggen på Fornebu»."),
        max_length=60,
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Bruk denne som fast leveringsadresse"),
        help_text=gettext_lazy("Den blir foreslått i stedet for adressen i Enhetsregisteret."),
        required=False,
    )
    field_order = ["label", *FIELDS, "is_default"]

    def clean(self) -> dict[str, Any]:
        self._check_place()
        return self.cleaned_data


class DeliveryForm(PlaceFields):
    """Where the cards of an order go, and what goes on its papers. Kept with this order alone.

    A form that says nothing of `where` is about the address that is typed in it.
    """

    unit = forms.ChoiceField(label=gettext_lazy("Underenhet"))
    where = forms.ChoiceField(label=gettext_lazy("Leveringsadresse"), widget=forms.RadioSelect)
    keep = forms.BooleanField(label=gettext_lazy("Lagre i adresseboken"), required=False)
    label = forms.CharField(
        label=gettext_lazy("Navn i adresseboken"),
        help_text=gettext_lazy("Bare når du lagrer. Står det tomt, bruker vi mottakeren."),
        max_length=60,
        required=False,
    )
    buyer_reference = forms.CharField(
        label=gettext_lazy("Deres referanse"),
        help_text=gettext_lazy(
            "Prosjekt, bestillingsnummer eller navn. Står på kvittering og faktura."
        ),
        max_length=50,
        required=False,
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("E-postadresse for kvittering"),
        help_text=gettext_lazy("Hit sender vi kvittering, og beskjed når kortene er kontrollert."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    PLACE = (*FIELDS, "keep", "label")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self._offer_units()
        self._offer_places()
        if self.is_bound and self._where() != OWN:
            for name in FIELDS:
                self.fields[name].required = False

    def _offer_units(self) -> None:
        units = [(each.orgnr, f"{each.name} ({spaced(each.orgnr)})") for each in self.choices.units]
        if len(units) < 2:
            del self.fields["unit"]
            return
        field = self.fields["unit"]
        chosen = self.choices.unit
        if chosen:
            self._need_what_was_asked("unit")
        field.choices = units if chosen else [("", _("Velg underenhet")), *units]  # type: ignore[attr-defined]
        field.initial = chosen.orgnr if chosen else ""

    def _offer_places(self) -> None:
        offered: list[tuple[str, str]] = []
        if place := self.choices.registered:
            offered.append((REGISTER, _("Enhetsregisteret: %s") % ", ".join(place.lines)))
        offered += [
            (f"{BOOK}{each.pk}", f"{each.label}: {', '.join(kept(each).lines)}")
            for each in self.choices.book
        ]
        if not offered:
            del self.fields["where"]
            return
        self._need_what_was_asked("where")
        self.fields["where"].choices = [*offered, (OWN, _("En annen adresse"))]  # type: ignore[attr-defined]

    def _where(self) -> str:
        return str(self.data.get("where", "")) or OWN

    def clean(self) -> dict[str, Any]:
        if "where" not in self.fields or self.cleaned_data.get("where", "") in {"", OWN}:
            self._check_place()
        elif self.cleaned_data["where"] == REGISTER and self._registered is None:
            self.add_error(
                "where", ValidationError(_("Underenheten har ingen adresse i Enhetsregisteret."))
            )
        return self.cleaned_data

    @property
    def _registered(self) -> Place | None:
        return self.choices.at(self.unit_orgnr)

    @property
    def unit_orgnr(self) -> str:
        """Of the sub-unit that it is for; empty where the company has none that we know."""
        only = self.choices.unit.orgnr if self.choices.unit else ""
        return str(self.cleaned_data.get("unit") or only)

    @property
    def kept_by_order(self) -> dict[str, str]:
        """What the order keeps of it all, by the names of its fields."""
        names = {each.orgnr: each.name for each in self.choices.units}
        source, place = self._chosen()
        return {
            **place.as_fields(),
            "address_choice": source,
            "unit_orgnr": self.unit_orgnr,
            "unit_name": names.get(self.unit_orgnr, ""),
            "buyer_reference": self.cleaned_data["buyer_reference"],
            "contact_email": self.cleaned_data["contact_email"],
        }

    def _chosen(self) -> tuple[str, Place]:
        where = self.cleaned_data.get("where") or OWN
        if where == REGISTER and self._registered:
            return Order.Address.REGISTER, self._registered
        if where.startswith(BOOK):
            wanted = next(e for e in self.choices.book if f"{BOOK}{e.pk}" == where)
            return Order.Address.BOOK, kept(wanted)
        return Order.Address.OWN, self.typed

    @property
    def label_to_keep(self) -> str:
        """The name of a typed address that is to stand in the book; empty for none."""
        if (self.cleaned_data.get("where") or OWN) != OWN or not self.cleaned_data["keep"]:
            return ""
        return str(self.cleaned_data["label"] or self.cleaned_data["deliver_to"])[:60]


class SleevesForm(forms.Form):
    """How many card sleeves go in the cart."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Antall kortholdere"),
        min_value=0,
        max_value=MOST_SLEEVES,
        error_messages={
            "min_value": gettext_lazy("Antallet kan ikke være under 0."),
            "max_value": gettext_lazy("Du kan bestille inntil %(limit_value)s om gangen."),
            "invalid": gettext_lazy("Skriv antallet med tall."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "size": 4}),
    )
