"""What the hand can do, one form for each: filled in on a page or sent as JSON."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import DjangoTemplates

from hmskort.common import clock
from hmskort.common.simulation import Store
from hmskort.simulators.hand import companies, people
from registers import national_id as national_ids
from registers import orgnr as orgnrs
from registers.bemanningsforetaksregisteret.simulator import CODES
from registers.enhetsregisteret.simulator import SUBUNITS
from registers.renholdsregisteret.simulator import STATUSES
from registers.udi.simulator import ACCESS, GENERAL, KINDS

FEED_OF_PERSONS = "hendelseslisten til Folkeregisteret"
FEED_OF_COMPANIES = "oppdateringene fra Enhetsregisteret"
NOT_IN_REGISTER = (companies.NOT_THERE, "ikke i registeret")
KIND_NAMES = (
    "generell",
    "bestemt arbeidsgiver",
    "bestemt arbeid",
    "bestemt arbeidsgiver og arbeid",
)


def yesterday() -> date:
    """The last day of what is over now."""
    return clock.today() - timedelta(days=1)


class Hand(forms.Form):
    """One thing that can happen. `feed`: where it is told; empty where the register has no feed.

    Labels stand around their fields, for a page may hold the same form many times.
    """

    what: ClassVar[str]
    title: ClassVar[str]
    feed: ClassVar[str] = ""
    default_renderer = DjangoTemplates

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = False

    @property
    def button(self) -> str:
        return self.title

    def do(self, store: Store) -> None:
        """It has happened. Raises `NotPossible`."""
        raise AttributeError(f"{type(self).__name__} does nothing")


class _Date(forms.DateField):
    """A day; left empty it is what the form says."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"])


def _is_national_id(text: str) -> None:
    if not national_ids.is_valid(text):
        raise forms.ValidationError("Dette er ikke et fødselsnummer eller D-nummer.")


def _is_orgnr(text: str) -> None:
    if not orgnrs.is_valid(text):
        raise forms.ValidationError("Dette er ikke et organisasjonsnummer.")


class _NationalId(forms.CharField):
    widget = forms.HiddenInput
    default_validators = [_is_national_id]


class _Orgnr(forms.CharField):
    default_validators = [_is_orgnr]


class _OfPerson(Hand):
    national_id = _NationalId()


class _OfCompany(Hand):
    orgnr = _Orgnr(widget=forms.HiddenInput)


class _Switch(_OfCompany):
    """Something that is so or is not. The button offers what it is not now."""

    buttons: ClassVar[tuple[str, str]]  # when it is not so, when it is
    on = forms.TypedChoiceField(
        choices=[("true", "ja"), ("false", "nei")],
        coerce=lambda text: text == "true",
        widget=forms.HiddenInput,
    )

    @property
    def button(self) -> str:
        return self.buttons[0] if self["on"].value() == "true" else self.buttons[1]


class StartEmployment(_OfPerson):
    what, title = "start-employment", "Ansett"
    orgnr = _Orgnr(label="Organisasjonsnummer, helst underenhetens")
    on = _Date("Første dag (tomt: i dag)")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        first_day = data["on"] or clock.today()
        people.start_employment(store, data["national_id"], _subunit(store, data), first_day)


def _subunit(store: Store, data: dict[str, Any]) -> str:
    """The sub-unit, or the first one of a main unit."""
    subunits = store.find(SUBUNITS, {"overordnetEnhet": data["orgnr"]})
    return str(subunits[0]["organisasjonsnummer"] if subunits else data["orgnr"])


class EndEmployment(_OfPerson):
    what, title = "end-employment", "Avslutt"
    orgnr = _Orgnr(widget=forms.HiddenInput)
    on = _Date("Siste dag (tomt: i går)")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        last_day = data["on"] or yesterday()
        people.end_employment(store, data["national_id"], data["orgnr"], last_day)


class StartPosting(_OfPerson):
    what, title = "start-posting", "Meld i OAR"
    orgnr = _Orgnr(label="Den utenlandske virksomhetens organisasjonsnummer")
    on = _Date("Første dag (tomt: i dag)")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        people.post(store, data["national_id"], data["orgnr"], data["on"] or clock.today())


class EndPosting(_OfPerson):
    what, title = "end-posting", "Avslutt"
    orgnr = _Orgnr(widget=forms.HiddenInput)
    on = _Date("Siste dag (tomt: i går)")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        people.end_posting(store, data["national_id"], data["orgnr"], data["on"] or yesterday())


class Activity(_OfPerson):
    what, title, feed = "d-number", "Endre D-nummeret", FEED_OF_PERSONS
    status = forms.ChoiceField(
        label="D-nummeret er", choices=[("inaktiv", "inaktivt"), ("midlertidig", "aktivt")]
    )

    def do(self, store: Store) -> None:
        people.set_activity(store, self.cleaned_data["national_id"], self.cleaned_data["status"])


class Death(_OfPerson):
    what, title, feed = "death", "Registrer dødsfall", FEED_OF_PERSONS
    on = _Date("Døde (tomt: i dag)")

    def do(self, store: Store) -> None:
        on = self.cleaned_data["on"] or clock.today()
        people.die(store, self.cleaned_data["national_id"], on)


class Citizenship(_OfPerson):
    what, title, feed = "citizenship", "Endre statsborgerskap", FEED_OF_PERSONS
    citizenships = forms.RegexField(
        r"^[A-Z]{3}( [A-Z]{3})*$",
        label="Landkoder med tre bokstaver",
        error_messages={"invalid": "Skriv landkoder som POL, med mellomrom mellom."},
    )

    def do(self, store: Store) -> None:
        codes = self.cleaned_data["citizenships"].split()
        people.set_citizenships(store, self.cleaned_data["national_id"], codes)


class Name(_OfPerson):
    what, title, feed = "name", "Endre navn", FEED_OF_PERSONS
    given_names = forms.CharField(label="Fornavn", required=False)
    surname = forms.CharField(label="Etternavn")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        people.rename(store, data["national_id"], data["given_names"], data["surname"])


class Fodselsnummer(_OfPerson):
    what, title, feed = "fodselsnummer", "Gi fødselsnummer", FEED_OF_PERSONS

    def do(self, store: Store) -> None:
        people.give_fodselsnummer(store, self.cleaned_data["national_id"])


class RightToWork(_OfPerson):
    what, title = "right-to-work", "Endre svaret"
    access = forms.ChoiceField(label="Har arbeidsadgang", choices=[(each, each) for each in ACCESS])
    kind = forms.ChoiceField(
        label="Adgangen er",
        choices=list(zip(KINDS, KIND_NAMES, strict=True)),
        required=False,
    )
    on = _Date("Siste dag (tomt: uten slutt)")

    def do(self, store: Store) -> None:
        data = self.cleaned_data
        kind = data["kind"] or GENERAL
        people.set_right_to_work(store, data["national_id"], data["access"], kind, data["on"])


class Bankruptcy(_Switch):
    what, title, feed = "bankruptcy", "Konkurs", FEED_OF_COMPANIES
    buttons = ("Slå konkurs", "Opphev konkursen")

    def do(self, store: Store) -> None:
        companies.set_bankrupt(store, self.cleaned_data["orgnr"], bankrupt=self.cleaned_data["on"])


class Vat(_Switch):
    what, title, feed = "vat", "Merverdiavgiftsregisteret", FEED_OF_COMPANIES
    buttons = ("Registrer for mva", "Ta ut av registeret")

    def do(self, store: Store) -> None:
        companies.set_vat(store, self.cleaned_data["orgnr"], registered=self.cleaned_data["on"])


class Foretaksregisteret(_Switch):
    what, title, feed = "foretaksregisteret", "Foretaksregisteret", FEED_OF_COMPANIES
    buttons = ("Registrer", "Ta ut av registeret")

    def do(self, store: Store) -> None:
        companies.set_foretaksregisteret(
            store, self.cleaned_data["orgnr"], registered=self.cleaned_data["on"]
        )


class Deletion(_OfCompany):
    what, title, feed = "deletion", "Slett virksomheten", FEED_OF_COMPANIES
    on = _Date("Slettet (tomt: i dag)")

    def do(self, store: Store) -> None:
        on = self.cleaned_data["on"] or clock.today()
        companies.delete(store, self.cleaned_data["orgnr"], on)


class Restoration(_OfCompany):
    what, title, feed = "restoration", "Sett tilbake slik den var", FEED_OF_COMPANIES

    def do(self, store: Store) -> None:
        companies.restore(store, self.cleaned_data["orgnr"])


class Cleaning(_OfCompany):
    what, title = "cleaning", "Endre status"
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[(each, each) for each in STATUSES] + [NOT_IN_REGISTER],
    )

    def do(self, store: Store) -> None:
        companies.set_cleaning(store, self.cleaned_data["orgnr"], self.cleaned_data["status"])


class Staffing(_OfCompany):
    what, title = "staffing", "Endre status"
    status = forms.ChoiceField(
        label="Status", required=False, choices=[(each, each) for each in CODES] + [NOT_IN_REGISTER]
    )

    def do(self, store: Store) -> None:
        companies.set_staffing(store, self.cleaned_data["orgnr"], self.cleaned_data["status"])


HANDS: dict[str, type[Hand]] = {
    hand.what: hand
    for hand in (
        StartEmployment,
        EndEmployment,
        StartPosting,
        EndPosting,
        Activity,
        Death,
        Citizenship,
        Name,
        Fodselsnummer,
        RightToWork,
        Bankruptcy,
        Vat,
        Foretaksregisteret,
        Deletion,
        Restoration,
        Cleaning,
        Staffing,
    )
}
