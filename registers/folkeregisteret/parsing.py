"""Folkeregisteret's person document into an answer.

Every property may come as an object or as a list, current and former entries mixed.
"""

from datetime import date
from itertools import pairwise

from hmskort.common.services import Unreadable
from registers.folkeregisteret.answers import Event, Kind, Person, Sex
from registers.reading import Reader

SERVICE = "folkeregisteret"
PARTS = (
    "identifikasjonsnummer",
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
SEXES: dict[str, Sex] = {"mann": "M", "kvinne": "K"}


def person(body: object) -> Person:
    """The person of a document. An unknown status or kind of number is unreadable."""
    document = Reader(SERVICE, body, "the person")
    number = _current(document, "identifikasjonsnummer")
    status = _current(document, "status")
    if number is None or status is None:
        raise document.misfit("identifikasjonsnummer or status", "is missing")
    name = _current(document, "navn")
    death = _current(document, "doedsfall")
    return Person(
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
