"""Folkeregisteret's person document into an answer.

Every property may come as an object or as a list, current and former entries mixed.
"""

from datetime import date

from registers.folkeregisteret.answers import Kind, Person, Sex
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
