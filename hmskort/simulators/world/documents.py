"""The world's rows as the documents that the registers' simulators keep."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from hmskort.common.simulation import Document
from hmskort.simulators.world import companies, people
from hmskort.simulators.world.companies import Place

SECTORS = {
    "2100": "Private aksjeselskaper mv.",
    "2300": "Personlige foretak",
    "8200": "Personlig næringsdrivende",
    "1510": "Kommuneforetak med ubegrenset ansvar",
    "6100": "Statsforvaltningen",
    "6500": "Kommuneforvaltningen",
    "7000": "Ideelle organisasjoner",
}
GROUPS = {"LEDE": "STYR", "MEDL": "STYR", "DTPR": "DELT", "DTSO": "DELT"}  # else as the role


def unit(row: companies.Row, orgnr: str, registered_on: date, staff: int) -> Document:
    """A main unit that is not deleted."""
    return {
        "organisasjonsnummer": orgnr,
        "navn": row.name,
        "organisasjonsform": {"kode": row.form, "beskrivelse": row.form},
        "forretningsadresse": address(row.place),
        "registreringsdatoEnhetsregisteret": registered_on.isoformat(),
        "registrertIMvaregisteret": row.vat,
        "naeringskode1": {"kode": row.industry, "beskrivelse": row.industry},
        "antallAnsatte": staff,
        "harRegistrertAntallAnsatte": staff > 0,
        "institusjonellSektorkode": {"kode": row.sector, "beskrivelse": SECTORS[row.sector]},
        "registrertIForetaksregisteret": row.foretaksregisteret,
        "registrertIStiftelsesregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "konkurs": row.state == "bankrupt",
        "underAvvikling": row.state == "winding_up",
        "underTvangsavviklingEllerTvangsopplosning": row.state == "forced",
        "maalform": "Bokmål",
        "_links": {},
        "respons_klasse": "Enhet",
    }


def deleted_unit(row: companies.Row, orgnr: str, on: date) -> Document:
    """A deleted main unit: a reduced body without any flag."""
    return {
        "respons_klasse": "SlettetEnhet",
        "organisasjonsnummer": orgnr,
        "navn": row.name,
        "organisasjonsform": {"kode": row.form, "beskrivelse": row.form},
        "slettedato": on.isoformat(),
    }


def subunit(row: companies.Row, orgnr: str, main_orgnr: str, name: str, opened: date) -> Document:
    """A sub-unit, where people are employed."""
    return {
        "organisasjonsnummer": orgnr,
        "navn": f"{row.name} {name}".strip(),
        "organisasjonsform": {"kode": "BEDR", "beskrivelse": "Underenhet til næringsdrivende"},
        "beliggenhetsadresse": address(row.place),
        "registreringsdatoEnhetsregisteret": opened.isoformat(),
        "registrertIMvaregisteret": row.vat,
        "naeringskode1": {"kode": row.industry, "beskrivelse": row.industry},
        "overordnetEnhet": main_orgnr,
        "oppstartsdato": opened.isoformat(),
        "_links": {},
        "respons_klasse": "Underenhet",
    }


def address(place: Place) -> Document:
    return {
        "land": "Norge",
        "landkode": "NO",
        "postnummer": place.postal_code,
        "poststed": place.city,
        "adresse": [place.street],
        "kommune": place.municipality,
        "kommunenummer": place.number,
    }


def role_groups(held: Iterable[tuple[people.Row, str]], accountant: str) -> Document:
    """The roles of a main unit. `accountant`: its orgnr, as every company has one."""
    groups: dict[str, list[Document]] = {}
    for row, text in held:
        code, _, resigned = text.partition(" ")
        roles = groups.setdefault(GROUPS.get(code, code), [])
        roles.append(_role(row, code, len(roles), is_over=bool(resigned)))
    groups["REGN"] = [
        {
            "type": {"kode": "REGN", "beskrivelse": "Regnskapsfører"},
            "enhet": {"organisasjonsnummer": accountant, "navn": ["REGNSKAP"], "erSlettet": False},
            "fratraadt": False,
            "avregistrert": False,
            "rekkefolge": 0,
        }
    ]
    return {
        "rollegrupper": [
            {"type": {"kode": code}, "sistEndret": "2024-01-15", "roller": roles}
            for code, roles in groups.items()
        ],
        "_links": {},
    }


def _role(row: people.Row, code: str, order: int, *, is_over: bool) -> Document:
    name = {"fornavn": row.given_names, "etternavn": row.surname}
    return {
        "type": {"kode": code},
        "person": {
            "fodselsdato": row.born.isoformat(),
            "navn": {key: text for key, text in name.items() if text},
            "erDoed": row.died is not None,
        },
        "fratraadt": is_over,
        "avregistrert": False,
        "rekkefolge": order,
    }


def person(row: people.Row, numbers: tuple[str, ...], died_on: date | None) -> Document:
    """The document of Folkeregisteret; the last number is the one of today."""
    name = {"fornavn": row.given_names, "etternavn": row.surname}
    document: Document = {
        "identifikasjonsnummer": [
            entry(
                status="iBruk" if row.in_use and number == numbers[-1] else "opphoert",
                foedselsEllerDNummer=number,
                identifikatortype="dNummer" if number[0] >= "4" else "foedselsnummer",
                erGjeldende=number == numbers[-1],
            )
            for number in numbers
        ],
        "status": [entry(status=row.status)],
        "navn": [entry(**{key: text for key, text in name.items() if text})],
        "kjoenn": [entry(kjoenn=row.sex)],
        "foedsel": [entry(foedselsdato=row.born.isoformat(), foedselsaar=str(row.born.year))],
        "statsborgerskap": [entry(statsborgerskap=code) for code in row.citizenships],
    }
    if died_on:
        document["doedsfall"] = entry(doedsdato=died_on.isoformat())  # an object, as of old
    return document


def entry(**fields: Any) -> Document:
    return {
        "ajourholdstidspunkt": "2024-01-15T09:33:23+01:00",
        "erGjeldende": True,
        "kilde": "KILDE_DSF",
        "gyldighetstidspunkt": "2024-01-15T00:00:00+01:00",
        **fields,
    }


def employment(
    register_id: str, national_id: str, place: Document, starts: date, ends: date | None
) -> Document:
    """An employment as Aa-registeret gives it. `place`: arbeidssted and opplysningspliktig."""
    return {
        "id": register_id,
        "type": {"kode": "ordinaertArbeidsforhold", "beskrivelse": "Ordinært arbeidsforhold"},
        "arbeidstaker": {"ident": national_id},
        **place,
        "ansettelsesperiode": {
            "startdato": starts.isoformat(),
            "sluttdato": ends.isoformat() if ends else None,
            "sluttaarsak": None,
            "varsling": None,
        },
        "permisjoner": [],
        "permitteringer": [],
    }


def company_place(orgnr: str, main_orgnr: str) -> Document:
    return {
        "arbeidssted": {"type": "Underenhet", "ident": orgnr},
        "opplysningspliktig": {"type": "Hovedenhet", "ident": main_orgnr},
    }


def household_place(national_id: str) -> Document:
    """A private household employs under a person's number."""
    return {
        "arbeidssted": {"type": "Person", "ident": national_id},
        "opplysningspliktig": {"type": "Person", "ident": national_id},
    }
