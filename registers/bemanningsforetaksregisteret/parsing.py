"""Bemanningsforetaksregisteret's JSON into rows.

The full list of status codes is not public, so the texts are read, never the numbers.
"""

from collections.abc import Iterator
from datetime import datetime

from hmskort.common.services import Unreadable
from registers import orgnr as numbers
from registers.bemanningsforetaksregisteret.answers import StaffingAgency, Status
from registers.reading import Reader

SERVICE = "bemanningsforetaksregisteret"
STATUSES = {
    "godkjent": Status.APPROVED,
    "ikke godkjent": Status.NOT_APPROVED,
    "søknad under behandling": Status.UNDER_CONSIDERATION,
    "under behandling": Status.UNDER_CONSIDERATION,
}
TEXTS = ("godkjenningsstatus", "registerstatusTekst")


def agencies(body: object) -> tuple[StaffingAgency, ...]:
    """Every unit of the register, main units and sub-units, each once.

    Raises `Unreadable` when it is another register, is empty or has not one status that is
    documented. A unit that is told of twice in different ways is `UNKNOWN`.
    """
    register = Reader(SERVICE, body, "the register")
    if register.text("registernavn").casefold() != SERVICE:
        raise Unreadable(SERVICE, "the file is another register's")
    rows: dict[str, StaffingAgency] = {}
    for main in register.objects("data"):
        for row in _units(main):
            known = rows.setdefault(row.orgnr, row)
            if known.status != row.status:
                rows[row.orgnr] = StaffingAgency(
                    known.orgnr, known.main_orgnr, known.name, Status.UNKNOWN
                )
    if all(row.status == Status.UNKNOWN for row in rows.values()):
        raise Unreadable(SERVICE, "the file tells of no agency")
    return tuple(rows.values())


def generated_at(body: object) -> datetime:
    """When the register made the file."""
    at: datetime = Reader(SERVICE, body).object("metadata").moment("datoTidGenerert")
    return at


def _units(main: Reader) -> Iterator[StaffingAgency]:
    main_orgnr, name = _orgnr(main), main.text("navn", "")
    yield StaffingAgency(main_orgnr, main_orgnr, name, _status(main))
    for sub in main.objects("underenheter"):
        yield StaffingAgency(_orgnr(sub), main_orgnr, sub.text("navn", "") or name, _status(sub))


def _orgnr(unit: Reader) -> str:
    orgnr: str = unit.text("organisasjonsnummer")
    if not numbers.is_valid(orgnr):
        raise unit.misfit("organisasjonsnummer", "is not valid")
    return orgnr


def _status(unit: Reader) -> Status:
    """What the unit's texts say, where they say the same."""
    texts = {unit.text(key) for key in TEXTS if unit.has(key)}
    meant = {STATUSES.get(" ".join(text.casefold().split()), Status.UNKNOWN) for text in texts}
    return meant.pop() if len(meant) == 1 else Status.UNKNOWN
