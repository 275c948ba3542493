"""What can happen to a person. Numbers are those in use; dates are last or first days."""

import json
from datetime import date
from typing import Any

from hmskort.common import clock
from hmskort.common.simulation import DELEGATIONS, PEOPLE, ROLES, Document, Store
from hmskort.simulators.hand import NotPossible
from hmskort.simulators.world.documents import company_place, employment, entry
from hmskort.simulators.world.numbers import IdentityNumbers
from registers.aaregisteret.simulator import EMPLOYMENTS
from registers.enhetsregisteret.simulator import SUBUNITS
from registers.folkeregisteret import simulator as folkeregisteret
from registers.folkeregisteret.simulator import EVENTS, PERSONS
from registers.krr.simulator import PERSONS as CONTACTS
from registers.oar.simulator import ROWS as POSTED
from registers.oar.simulator import WHO
from registers.udi.simulator import PERMITS, permit

NUMBERS = "identifikasjonsnummer"
BY_HAND = 90_000_000  # ids from here on were made by the hand


def start_employment(store: Store, national_id: str, subunit: str, on: date) -> None:
    """The person is employed in the sub-unit from a day."""
    main = _main_unit(store, subunit)
    key = _free(store, EMPLOYMENTS)
    place = company_place(subunit, main)
    store.put(EMPLOYMENTS, key, employment(key, national_id, place, on, None))


def end_employment(store: Store, national_id: str, orgnr: str, last_day: date) -> None:
    """The person's employments in the main unit or sub-unit have this as their last day.

    One that had not begun by then is taken back.
    """
    ended = 0
    for key, row in store.all(EMPLOYMENTS):
        if row["arbeidstaker"]["ident"] == national_id and orgnr in _places(row):
            _end(store, EMPLOYMENTS, key, row, last_day)
            ended += 1
    if not ended:
        raise NotPossible("Personen er ikke ansatt der.")


def post(store: Store, national_id: str, orgnr: str, on: date) -> None:
    """The foreign company has reported to OAR that the person works for it from a day."""
    key = _free(store, POSTED)
    store.put(
        POSTED,
        key,
        {
            "oppdragsId": key,
            "oppdragsgiver": orgnr,
            "oppdragstaker": orgnr,
            "startdato": on.isoformat(),
            "sluttdato": None,
            "idKontroll": True,
            WHO: national_id,
        },
    )


def end_posting(store: Store, national_id: str, orgnr: str, last_day: date) -> None:
    """What the company has reported of the person has this as its last day."""
    ended = 0
    for key, row in store.all(POSTED):
        if row[WHO] == national_id and row["oppdragstaker"] == orgnr:
            _end(store, POSTED, key, row, last_day)
            ended += 1
    if not ended:
        raise NotPossible("Personen er ikke meldt i OAR av virksomheten.")


def set_activity(store: Store, national_id: str, status: str) -> None:
    """The D-number is inactive, as five years after its issue, or active again."""
    document = _person(store, national_id)
    if document[NUMBERS][-1]["identifikatortype"] != "dNummer":
        raise NotPossible("Bare et D-nummer kan bli inaktivt.")
    kinds = ["endringIStatus", *(["personErInaktiv"] if status == "inaktiv" else [])]
    _change(store, national_id, {**document, "status": [_entry(status=status)]}, *kinds)


def die(store: Store, national_id: str, on: date) -> None:
    """The person died on a day."""
    document = {
        **_person(store, national_id),
        "status": [_entry(status="doed")],
        "doedsfall": [_entry(doedsdato=on.isoformat())],
    }
    _change(store, national_id, document, "endringIDoedsfall", "endringIStatus", "personErDoed")


def set_citizenships(store: Store, national_id: str, codes: list[str]) -> None:
    """The person is a citizen of these countries and no longer of those before."""
    document = _person(store, national_id)
    now = [_entry(statsborgerskap=code) for code in codes]
    former = [{**each, "erGjeldende": False} for each in document["statsborgerskap"]]
    document = {**document, "statsborgerskap": now + former}
    _change(store, national_id, document, "endringIStatsborgerskap")


def rename(store: Store, national_id: str, given_names: str, surname: str) -> None:
    """The person has another name."""
    document = _person(store, national_id)
    name = {"fornavn": given_names, "etternavn": surname}
    now = _entry(**{key: text for key, text in name.items() if text})
    former = [{**each, "erGjeldende": False} for each in document["navn"]]
    _change(store, national_id, {**document, "navn": [now, *former]}, "endringINavn")
    with store.changing(PEOPLE, national_id) as shown:
        shown["name"] = f"{given_names} {surname}".strip()


def give_fodselsnummer(store: Store, national_id: str) -> str:
    """The D-number is replaced by a fødselsnummer, everywhere where the person is known by it.

    Under which of the two the real feed tells of it is not documented: here under both.
    """
    document = _person(store, national_id)
    if document[NUMBERS][-1]["identifikatortype"] != "dNummer":
        raise NotPossible("Personen har alt et fødselsnummer.")
    born = date.fromisoformat(document["foedsel"][0]["foedselsdato"])
    new = IdentityNumbers(key for key, _ in store.all(PERSONS)).fodselsnummer(born)
    former = [{**each, "erGjeldende": False, "status": "opphoert"} for each in document[NUMBERS]]
    now = _entry(status="iBruk", foedselsEllerDNummer=new, identifikatortype="foedselsnummer")
    document = {**document, NUMBERS: [*former, now], "status": [_entry(status="bosatt")]}
    store.delete(PERSONS, national_id)
    store.append(EVENTS, {"identifikator": national_id, "type": "endringIIdentifikasjonsnummer"})
    _change(store, new, document, "endringIIdentifikasjonsnummer")
    _renumber(store, national_id, new)
    return new


def set_right_to_work(
    store: Store, national_id: str, access: str, kind: str, last_day: date | None
) -> None:
    """UDI answers this of the person from now."""
    ends = last_day.isoformat() if last_day else None
    starts = clock.today().isoformat() if access == "Ja" else None
    store.put(PERMITS, national_id, permit(access, kind, starts, ends))


def _person(store: Store, national_id: str) -> Document:
    document = store.get(PERSONS, national_id)
    if document is None:
        raise NotPossible("Folkeregisteret har ingen med dette nummeret.")
    return document


def _change(store: Store, national_id: str, document: Document, *kinds: str) -> None:
    folkeregisteret.change(store, national_id, document, *kinds)


def _entry(**fields: Any) -> Document:
    return entry(**fields, ajourholdstidspunkt=clock.now().isoformat())


def _main_unit(store: Store, subunit: str) -> str:
    unit = store.get(SUBUNITS, subunit)
    if unit is None:
        raise NotPossible("Folk ansettes i en underenhet, og dette nummeret er ikke en.")
    main: str = unit["overordnetEnhet"]
    return main


def _places(row: Document) -> set[str]:
    return {row["arbeidssted"]["ident"], row["opplysningspliktig"]["ident"]}


def _end(store: Store, collection: str, key: str, row: Document, last_day: date) -> None:
    period = row.get("ansettelsesperiode", row)
    if period["startdato"] > last_day.isoformat():
        store.delete(collection, key)
        return
    period["sluttdato"] = last_day.isoformat()
    store.put(collection, key, row)


def _free(store: Store, collection: str) -> str:
    taken = [int(key) for key, _ in store.all(collection)]
    return str(max([BY_HAND, *taken]) + 1)


def _renumber(store: Store, old: str, new: str) -> None:
    """Wherever the old number stands outside Folkeregisteret, the new one does."""
    for collection in (PEOPLE, ROLES, DELEGATIONS, EMPLOYMENTS, POSTED, PERMITS, CONTACTS):
        for key, body in store.all(collection):
            text = json.dumps(body)
            if old in key or old in text:
                store.delete(collection, key)
                store.put(collection, key.replace(old, new), json.loads(text.replace(old, new)))
