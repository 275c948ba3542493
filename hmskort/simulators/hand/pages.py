"""What the registers hold on a person or a company, beside what the hand can do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from hmskort.common.simulation import PEOPLE, ROLES, Document, Store
from hmskort.simulators.hand import forms
from hmskort.simulators.hand.forms import Hand
from registers.aaregisteret.simulator import EMPLOYMENTS
from registers.bemanningsforetaksregisteret.simulator import AGENCIES
from registers.enhetsregisteret.simulator import SUBUNITS, UNITS
from registers.folkeregisteret.simulator import PERSONS
from registers.krr.simulator import PERSONS as CONTACTS
from registers.oar.simulator import ROWS as POSTED
from registers.oar.simulator import WHO
from registers.renholdsregisteret.simulator import COMPANIES as CLEANING
from registers.udi.simulator import PERMITS

NOWHERE = "Ikke i registeret."
YES_NO = {True: "ja", False: "nei"}


@dataclass(frozen=True)
class Line:
    """One thing a register says, with what can be done about just that."""

    text: str
    forms: tuple[Hand, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One register. `feed`: where its changes are told."""

    title: str
    lines: list[Line]
    forms: tuple[Hand, ...] = ()
    feed: str = ""


@dataclass(frozen=True)
class Offers:
    """Makes the forms of a page; the one that was sent and not accepted comes back as it was."""

    subject: Mapping[str, str]
    sent: Hand | None = None

    def __call__(self, hand: type[Hand], **initial: Any) -> Hand:
        known = {**self.subject, **initial}
        sent = self.sent
        if isinstance(sent, hand) and known.get("orgnr") in (None, sent.data.get("orgnr")):
            return sent
        return hand(initial=known)


@dataclass(frozen=True)
class Page:
    """Everything on one page."""

    heading: str
    about: str
    sections: list[Section] = field(default_factory=list)


def person(store: Store, place: int, sent: Hand | None = None) -> Page:
    """The page of the person at this place among all."""
    for national_id, body in store.all(PEOPLE):
        if body["place"] == place:
            offer = Offers({"national_id": national_id}, sent)
            sections = [
                _folkeregisteret(store, national_id, offer),
                _employments(store, national_id, offer),
                _postings(store, national_id, offer),
                _udi(store, national_id, offer),
                _contact(store, national_id),
                _roles(store, national_id),
            ]
            return Page(body["name"], f"{body['about']} ({national_id})", sections)
    raise Http404


def company(store: Store, orgnr: str, sent: Hand | None = None) -> Page:
    """The page of a main unit."""
    unit = store.get(UNITS, orgnr)
    if unit is None:
        raise Http404
    offer = Offers({"orgnr": orgnr}, sent)
    subs = store.find(SUBUNITS, {"overordnetEnhet": orgnr})
    sections = [
        _enhetsregisteret(unit, offer),
        Section("Underenheter", [Line(_subunit_text(sub)) for sub in subs]),
        _cleaning(store, orgnr, offer),
        _staffing(store, orgnr, offer),
        Section("Ansatte i Aa-registeret", list(_employed(store, orgnr))),
    ]
    return Page(unit["navn"], f"{unit['organisasjonsform']['kode']} ({orgnr})", sections)


def _folkeregisteret(store: Store, national_id: str, offer: Offers) -> Section:
    document = store.get(PERSONS, national_id)
    if document is None:
        return Section("Folkeregisteret", [Line(NOWHERE)])
    number, name = document["identifikasjonsnummer"][-1], document["navn"][0]
    status = document["status"][0]["status"]
    codes = " ".join(_current(document, "statsborgerskap", "statsborgerskap"))
    is_d_number = number["identifikatortype"] == "dNummer"
    other = "midlertidig" if status == "inaktiv" else "inaktiv"
    names = {"given_names": name.get("fornavn", ""), "surname": name.get("etternavn", "")}
    hands = [
        *([offer(forms.Activity, status=other), offer(forms.Fodselsnummer)] if is_d_number else []),
        offer(forms.Name, **names),
        offer(forms.Citizenship, citizenships=codes),
        *([offer(forms.Death)] if status != "doed" else []),
    ]
    kind = "D-nummer" if is_d_number else "Fødselsnummer"
    lines = [
        Line(f"{kind}, {'i bruk' if number['status'] == 'iBruk' else 'opphørt'}"),
        Line(f"Status: {status}"),
        Line(f"Navn: {' '.join(names.values()).strip()}"),
        Line(f"Statsborger av: {codes}"),
    ]
    return Section("Folkeregisteret", lines, tuple(hands), forms.FEED_OF_PERSONS)


def _current(document: Document, key: str, value: str) -> list[str]:
    return [each[value] for each in document[key] if each["erGjeldende"]]


def _employments(store: Store, national_id: str, offer: Offers) -> Section:
    lines = []
    for row in store.find(EMPLOYMENTS, {"arbeidstaker": {"ident": national_id}}):
        orgnr, period = row["arbeidssted"]["ident"], row["ansettelsesperiode"]
        text = f"{_name(store, orgnr)}: {_period(period)}"
        lines.append(Line(text, (offer(forms.EndEmployment, orgnr=orgnr),)))
    return Section("Aa-registeret", lines or [Line(NOWHERE)], (offer(forms.StartEmployment),))


def _postings(store: Store, national_id: str, offer: Offers) -> Section:
    lines = []
    for row in store.find(POSTED, {WHO: national_id}):
        orgnr = row["oppdragstaker"]
        text = f"{_name(store, orgnr)}: {_period(row)}"
        lines.append(Line(text, (offer(forms.EndPosting, orgnr=orgnr),)))
    title = "Oppdrags- og arbeidsforholdsregisteret (OAR)"
    return Section(title, lines or [Line(NOWHERE)], (offer(forms.StartPosting),))


def _udi(store: Store, national_id: str, offer: Offers) -> Section:
    told = store.get(PERMITS, national_id)
    text = "UDI kjenner ikke personen."
    known = {}
    if told:
        ends = (told["arbeidsadgangsPeriode"] or {}).get("til")
        text = f"Har arbeidsadgang: {told['harArbeidsadgang']}"
        text += f", {told['typeArbeidsadgang']}" if told["typeArbeidsadgang"] else ""
        text += f", til og med {ends}" if ends else ""
        known = {"access": told["harArbeidsadgang"], "kind": told["typeArbeidsadgang"], "on": ends}
    return Section("UDI", [Line(text)], (offer(forms.RightToWork, **known),))


def _contact(store: Store, national_id: str) -> Section:
    told = store.get(CONTACTS, national_id)
    lines = [Line(NOWHERE)]
    if told:
        addresses = told["kontaktinformasjon"]
        seen = addresses["epostadresse_sist_verifisert"][:10]
        lines = [
            Line(f"{addresses['epostadresse']}, {addresses['mobiltelefonnummer']}"),
            Line(f"Bekreftet {seen}; reservert mot digital post: {told['reservasjon'].lower()}"),
        ]
    return Section("Kontakt- og reservasjonsregisteret", lines)


def _roles(store: Store, national_id: str) -> Section:
    held = store.find(ROLES, {"national_id": national_id})
    lines = [Line(f"{role['role']} i {_name(store, role['orgnr'])}") for role in held]
    return Section("Roller i Enhetsregisteret", lines or [Line("Ingen.")])


def _enhetsregisteret(unit: Document, offer: Offers) -> Section:
    title, feed = "Enhetsregisteret", forms.FEED_OF_COMPANIES
    restore = offer(forms.Restoration)
    if "slettedato" in unit:
        return Section(title, [Line(f"Slettet {unit['slettedato']}")], (restore,), feed)

    def line(text: str, key: str, hand: type[Hand]) -> Line:
        other = "false" if unit[key] else "true"
        return Line(f"{text}: {YES_NO[unit[key]]}", (offer(hand, on=other),))

    lines = [
        line("Konkurs", "konkurs", forms.Bankruptcy),
        line("I Merverdiavgiftsregisteret", "registrertIMvaregisteret", forms.Vat),
        line("I Foretaksregisteret", "registrertIForetaksregisteret", forms.Foretaksregisteret),
    ]
    return Section(title, lines, (offer(forms.Deletion), restore), feed)


def _subunit_text(sub: Document) -> str:
    closed = sub.get("nedleggelsesdato")
    ending = f", lagt ned {closed}" if closed else ""
    return f"{sub['navn']} ({sub['organisasjonsnummer']}){ending}"


def _cleaning(store: Store, orgnr: str, offer: Offers) -> Section:
    held = (store.get(CLEANING, orgnr) or {}).get("status", "")
    lines = [Line(held or NOWHERE)]
    return Section("Renholdsregisteret", lines, (offer(forms.Cleaning, status=held),))


def _staffing(store: Store, orgnr: str, offer: Offers) -> Section:
    entry = store.get(AGENCIES, orgnr)
    title = "Bemanningsforetaksregisteret"
    if entry is None:
        return Section(title, [Line(NOWHERE)], (offer(forms.Staffing, status=""),))
    lines = [
        Line(
            f"{unit['navn']}: {unit['godkjenningsstatus']}",
            (
                offer(
                    forms.Staffing,
                    orgnr=unit["organisasjonsnummer"],
                    status=unit["godkjenningsstatus"],
                ),
            ),
        )
        for unit in (entry, *entry["underenheter"])
    ]
    return Section(title, lines)


def _employed(store: Store, orgnr: str) -> Iterator[Line]:
    people = dict(store.all(PEOPLE))
    for row in store.find(EMPLOYMENTS, {"opplysningspliktig": {"ident": orgnr}}):
        person = people.get(row["arbeidstaker"]["ident"])
        if person:
            text = f"{person['name']}: {_period(row['ansettelsesperiode'])}"
            yield Line(text, url=f"/people/{person['place']}/")


def _name(store: Store, orgnr: str) -> str:
    unit = store.get(SUBUNITS, orgnr) or store.get(UNITS, orgnr)
    return f"{unit['navn']} ({orgnr})" if unit else "en privat husholdning"


def _period(period: Document) -> str:
    return f"fra {period['startdato']}" + (
        f" til og med {period['sluttdato']}" if period["sluttdato"] else ""
    )
