"""Folkeregisteret's person document into an answer.

Every property may come as an object or as a list, current and former entries mixed.
"""

import re
from collections.abc import Collection
from datetime import date
from itertools import pairwise

from hmskort.common import clock
from hmskort.common.services import Unreadable
from registers import national_id
from registers.folkeregisteret.answers import Event, Kind, Person, Sex
from registers.reading import Reader

SERVICE = "folkeregisteret"
NUMBERS = "identifikasjonsnummer"
PARTS = (
    NUMBERS,
    "status",
    "navn",
    "kjoenn",
    "foedsel",
    "statsborgerskap",
    "doedsfall",
)
STATUSES = frozenset(
    {
        "bosatt",
        "utflyttet",
        "forsvunnet",
        "doed",
        "opphoert",
        "foedselsregistrert",
        "midlertidig",
        "inaktiv",
        "ikkeBosatt",
        "aktiv",
    }
)
KINDS: dict[str, Kind] = {"foedselsnummer": "fodselsnummer", "dNummer": "d_nummer"}
PERSON = "folkeregisterperson"
NOT_NAMED_YET = "foedselsregistrert"
COUNTRY = re.compile("[A-Z]{3}")  # ISO 3166-1 alpha-3
SEXES: dict[str, Sex] = {"mann": "M", "kvinne": "K"}


def person(body: object, asked_national_id: str) -> Person:
    """The person of a document, who has or had the number asked about.

    An unknown status or kind of number is unreadable, and so is what cannot be true together.
    """
    document = Reader(SERVICE, body, "the person")
    number = _current(document, NUMBERS)
    status = _current(document, "status")
    if number is None or status is None:
        raise document.misfit("identifikasjonsnummer or status", "is missing")
    if not _is_about(document, asked_national_id):
        raise Unreadable(SERVICE, "the answer is about another person")
    name = _current(document, "navn")
    death = _current(document, "doedsfall")
    found = Person(
        national_id=number.text("foedselsEllerDNummer"),
        kind=number.one_of("identifikatortype", KINDS),
        number_in_use=number.text("status") == "iBruk",
        status=status.one_of("status", {each: each for each in STATUSES}),
        given_names=_joined(name, "fornavn", "mellomnavn"),
        surname=_joined(name, "etternavn"),
        birth_date=_birth_date(document),
        sex=_sex(document),
        citizenships=_citizenships(document),
        died_on=death.date("doedsdato", None) if death else None,
    )
    _refuse_contradictions(document, found)
    return found


def persons(body: object, asked: Collection[str]) -> dict[str, Person | Unreadable]:
    """The persons of a bulk answer, by the number asked about; each is read apart from the others.

    Somebody who was not asked about makes the whole answer unreadable.
    """
    answer = Reader(SERVICE, body)
    if not answer.has("oppslag"):
        raise answer.misfit("oppslag", "is missing")
    items = {each.text("foedselsEllerDNummer"): each for each in answer.objects("oppslag")}
    if not items.keys() <= set(asked):
        raise Unreadable(SERVICE, "the answer is about other persons")
    return {number: _item(each, number) for number, each in items.items() if each.has(PERSON)}


def events(body: object) -> tuple[Event, ...]:
    """A page of the feed, in its order; one that does not grow is unreadable."""
    if not isinstance(body, list):
        raise Unreadable(SERVICE, "the feed is not a list")
    page = tuple(_event(Reader(SERVICE, each, "an event")) for each in body)
    if any(one.sequence >= next_.sequence for one, next_ in pairwise(page)):
        raise Unreadable(SERVICE, "the feed is not in order")
    return page


def last_sequence(body: object) -> int:
    """The number alone, or in an object: the form of this answer is not in the documentation."""
    if isinstance(body, int) and not isinstance(body, bool):
        return body
    return Reader(SERVICE, body).number("sekvensnummer")


def _event(item: Reader) -> Event:
    happened = item.object("hendelse")
    return Event(
        sequence=item.number("sekvensnummer"),
        kind=happened.text("hendelsetype"),
        national_id=happened.text("folkeregisteridentifikator"),
        at=happened.moment("ajourholdstidspunkt", None),
    )


def _item(item: Reader, asked_national_id: str) -> Person | Unreadable:
    try:
        return person(item.object(PERSON).body, asked_national_id)
    except Unreadable as trouble:
        return trouble


def _is_about(document: Reader, asked_national_id: str) -> bool:
    """Does the document list the number, or does all that it lists fit the same date of birth?

    Whoever had another number before may be listed with today's alone.
    """
    numbers = {each.text("foedselsEllerDNummer") for each in document.objects(NUMBERS)}
    if asked_national_id in numbers:
        return True
    born_on = _birth_date(document)
    return born_on is not None and all(
        national_id.is_valid(number) and national_id.can_be_born_on(number, born_on)
        for number in {asked_national_id, *numbers}
    )


def _refuse_contradictions(document: Reader, found: Person) -> None:
    """What no register can mean: then nothing of the answer is believed."""
    if not national_id.is_valid(found.national_id):
        raise document.misfit(NUMBERS, "is not a number of anybody")
    born_on, died_on, today = found.birth_date, found.died_on, clock.today()
    if born_on and born_on > today:
        raise document.misfit("foedselsdato", "is in the future")
    if died_on and (died_on > today or (born_on and died_on < born_on)):
        raise document.misfit("doedsdato", "cannot be")
    if not found.name and found.status != NOT_NAMED_YET:
        raise document.misfit("navn", "is missing")
    if not all(COUNTRY.fullmatch(code) for code in found.citizenships):
        raise document.misfit("statsborgerskap", "is a code that is not documented")


def _current(document: Reader, key: str) -> Reader | None:
    """The entry that holds today; an entry that does not say holds."""
    return next(
        (each for each in document.objects(key) if each.flag("erGjeldende", default=True)), None
    )


def _joined(name: Reader | None, *keys: str) -> str:
    return "" if name is None else " ".join(filter(None, (name.text(key, "") for key in keys)))


def _birth_date(document: Reader) -> date | None:
    birth = _current(document, "foedsel")
    born_on: date | None = birth.date("foedselsdato", None) if birth else None
    return born_on


def _sex(document: Reader) -> Sex:
    sex = _current(document, "kjoenn")
    return "U" if sex is None else SEXES.get(sex.text("kjoenn", ""), "U")


def _citizenships(document: Reader) -> tuple[str, ...]:
    held = (
        each
        for each in document.objects("statsborgerskap")
        if each.flag("erGjeldende", default=True)
    )
    return tuple(each.text("statsborgerskap") for each in held)
