"""What can happen to a company: a main unit, or for staffing also one of its sub-units."""

from datetime import date

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from hmskort.simulators import world
from hmskort.simulators.hand import NotPossible
from registers.bemanningsforetaksregisteret.simulator import AGENCIES, CODES, agency
from registers.enhetsregisteret import simulator as enhetsregisteret
from registers.enhetsregisteret.simulator import SUBUNITS, UNITS
from registers.renholdsregisteret.simulator import COMPANIES as CLEANING

NOT_THERE = ""  # the status of a company that a register of approvals does not have


def set_bankrupt(store: Store, orgnr: str, *, bankrupt: bool) -> None:
    """The company is bankrupt, or its bankruptcy is lifted."""
    unit = {key: value for key, value in _unit(store, orgnr).items() if key != "konkursdato"}
    dated = {"konkursdato": clock.today().isoformat()} if bankrupt else {}
    _change_unit(store, orgnr, {**unit, "konkurs": bankrupt, **dated})


def set_vat(store: Store, orgnr: str, *, registered: bool) -> None:
    """The company and its sub-units are in Merverdiavgiftsregisteret, or are taken out of it."""
    _change_unit(store, orgnr, {**_unit(store, orgnr), "registrertIMvaregisteret": registered})
    for sub in _subunits(store, orgnr):
        _change_subunit(store, {**sub, "registrertIMvaregisteret": registered})


def set_foretaksregisteret(store: Store, orgnr: str, *, registered: bool) -> None:
    """The company is in Foretaksregisteret, or is taken out of it."""
    _change_unit(store, orgnr, {**_unit(store, orgnr), "registrertIForetaksregisteret": registered})


def delete(store: Store, orgnr: str, on: date) -> None:
    """The company was deleted on a day, and its sub-units closed."""
    unit = _unit(store, orgnr)
    kept = {key: unit[key] for key in ("organisasjonsnummer", "navn", "organisasjonsform")}
    deleted = {"respons_klasse": "SlettetEnhet", **kept, "slettedato": on.isoformat()}
    _change_unit(store, orgnr, deleted)
    for sub in _subunits(store, orgnr):
        _change_subunit(store, {**sub, "nedleggelsesdato": on.isoformat()})


def restore(store: Store, orgnr: str) -> None:
    """Enhetsregisteret has the company as the world had it at first."""
    documents = world.on(clock.today()).documents()
    first = documents[UNITS].get(orgnr)
    if first is None:
        raise NotPossible("Verden har ingen slik virksomhet.")
    _change_unit(store, orgnr, first)
    for sub in _subunits(store, orgnr):
        _change_subunit(store, documents[SUBUNITS][sub["organisasjonsnummer"]])


def set_cleaning(store: Store, orgnr: str, status: str) -> None:
    """The company has this status in Renholdsregisteret, or is not there."""
    if status == NOT_THERE:
        store.delete(CLEANING, orgnr)
        return
    unit = _unit(store, orgnr)
    entry = {
        "navn": unit["navn"],
        "form": unit["organisasjonsform"]["kode"],
        "status": status,
        "poststed": unit["forretningsadresse"]["poststed"],
        "underenheter": [
            {"orgnr": sub["organisasjonsnummer"], "navn": sub["navn"]}
            for sub in _subunits(store, orgnr)
        ],
    }
    store.put(CLEANING, orgnr, entry)


def set_staffing(store: Store, orgnr: str, status: str) -> None:
    """The main unit or sub-unit has this status in Bemanningsforetaksregisteret, or is not there.

    A main unit takes its sub-units along; a sub-unit alone can differ from it.
    """
    sub = store.get(SUBUNITS, orgnr)
    if sub is not None:
        _set_staffing_of_subunit(store, sub["overordnetEnhet"], orgnr, status)
    elif status == NOT_THERE:
        store.delete(AGENCIES, orgnr)
    else:
        unit, form = _unit(store, orgnr), _unit(store, orgnr)["organisasjonsform"]["kode"]
        subs = [
            (each["organisasjonsnummer"], each["navn"], status) for each in _subunits(store, orgnr)
        ]
        store.put(AGENCIES, orgnr, agency(orgnr, unit["navn"], form, status, subs))


def _set_staffing_of_subunit(store: Store, main: str, orgnr: str, status: str) -> None:
    entry = store.get(AGENCIES, main)
    if entry is None:
        raise NotPossible("Hovedenheten er ikke i Bemanningsforetaksregisteret.")
    others = [each for each in entry["underenheter"] if each["organisasjonsnummer"] != orgnr]
    sub = store.get(SUBUNITS, orgnr) or {}
    this: list[Document] = []
    if status != NOT_THERE:
        this = [
            {
                "organisasjonsnummer": orgnr,
                "overordnetEnhet": main,
                "navn": sub.get("navn", ""),
                "registerstatus": CODES[status],
                "godkjenningsstatus": status,
            }
        ]
    store.put(AGENCIES, main, {**entry, "underenheter": others + this})


def _unit(store: Store, orgnr: str) -> Document:
    unit = store.get(UNITS, orgnr)
    if unit is None or "slettedato" in unit:
        raise NotPossible("Enhetsregisteret har ingen slik hovedenhet i drift.")
    return unit


def _subunits(store: Store, orgnr: str) -> list[Document]:
    return store.find(SUBUNITS, {"overordnetEnhet": orgnr})


def _change_unit(store: Store, orgnr: str, body: Document) -> None:
    enhetsregisteret.change(store, UNITS, orgnr, body)


def _change_subunit(store: Store, body: Document) -> None:
    enhetsregisteret.change(store, SUBUNITS, body["organisasjonsnummer"], body)
