"""Renholdsregisteret's XML into rows, in one pass without a tree.

Two generations of the file are in use, and both are read:

    renhold.xml           ArrayOfRenholdsvirksomhet / Renholdsvirksomhet with Status, sub-units in
                          Underavdelinger / Avdeling
    renhold_register.xml  Virksomhet / Hovedenhet with Godkjenningsstatus, sub-units as Underenhet

Where the newer file keeps its sub-units has not been seen; an `Underenhet` is found wherever it
stands inside its `Virksomhet`.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from hmskort.common.services import Unreadable
from registers import orgnr as numbers
from registers.renholdsregisteret.answers import CleaningCompany, Status

SERVICE = "renholdsregisteret"
COMPANY = frozenset({"Virksomhet", "Renholdsvirksomhet"})
MAIN_UNIT = {"Hovedenhet": "Godkjenningsstatus", "Renholdsvirksomhet": "Status"}
SUB_UNIT = frozenset({"Underenhet", "Avdeling"})
ORGNR, NAME = "Organisasjonsnummer", "Navn"
STATUSES = {
    "godkjent med ansatte": Status.APPROVED_WITH_EMPLOYEES,
    "godkjent uten ansatte": Status.APPROVED_WITHOUT_EMPLOYEES,
    "under behandling": Status.UNDER_CONSIDERATION,
    "søknad under behandling": Status.UNDER_CONSIDERATION,
    "under hms-kortbestilling": Status.ORDERING_CARDS,
    "hms-kortbestilling under behandling": Status.ORDERING_CARDS,
    "ikke godkjent": Status.NOT_APPROVED,
}


def companies(file: bytes) -> tuple[CleaningCompany, ...]:
    """Every unit of the file, main units and sub-units, each once.

    Raises `Unreadable` when the file is no such XML, ends too early, holds no company or not one
    status that is documented. A unit that is told of twice in different ways is `UNKNOWN`.
    """
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.StartElementHandler = reading.start
    parser.CharacterDataHandler = reading.characters
    parser.EndElementHandler = reading.end
    try:
        parser.Parse(file, True)  # noqa: FBT003 - expat's way to say that this is all
    except expat.ExpatError:
        raise Unreadable(SERVICE, "the file is broken XML") from None
    rows = tuple(reading.rows.values())
    if all(row.status == Status.UNKNOWN for row in rows):
        raise Unreadable(SERVICE, "the file tells of no company")
    return rows


def status(text: str) -> Status:
    """What a status text means, in whichever case and spacing it is written."""
    plain = text.casefold().replace("\N{NON-BREAKING HYPHEN}", "-")
    return STATUSES.get(" ".join(plain.split()), Status.UNKNOWN)


@dataclass
class _Unit:
    """An element with what its direct children say."""

    element: str
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def orgnr(self) -> str:
        orgnr = "".join(self.texts.get(ORGNR, "").split())
        if not numbers.is_valid(orgnr):
            raise Unreadable(SERVICE, f"{ORGNR} of {self.element} is missing or not valid")
        return orgnr

    @property
    def name(self) -> str:
        return " ".join(self.texts.get(NAME, "").split())


class _Reading:
    """What expat tells, gathered company by company."""

    def __init__(self) -> None:
        self.rows: dict[str, CleaningCompany] = {}
        self._open: list[_Unit] = []
        self._main: _Unit | None = None
        self._subs: list[_Unit] = []
        self._text: list[str] = []

    def doctype(self, *_: object) -> None:
        """The register's files have none; entities of one could grow without end."""
        raise Unreadable(SERVICE, "the file has a document type")

    def start(self, name: str, attributes: object) -> None:
        self._open.append(_Unit(name.rpartition(" ")[2]))
        self._text = []

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        closed = self._open.pop()
        if self._open:
            self._open[-1].texts.setdefault(closed.element, "".join(self._text))
        self._text = []
        if closed.element in MAIN_UNIT:
            self._main = closed
        elif closed.element in SUB_UNIT:
            self._subs.append(closed)
        if closed.element in COMPANY:
            self._company(closed)

    def _company(self, closed: _Unit) -> None:
        """A company has been read: its sub-units have the main unit's status."""
        main, subs = self._main, self._subs
        self._main, self._subs = None, []
        if main is None:
            raise Unreadable(SERVICE, f"{closed.element} has no main unit")
        held = status(main.texts.get(MAIN_UNIT[main.element], ""))
        for unit in (main, *subs):
            self._keep(CleaningCompany(unit.orgnr, main.orgnr, unit.name or main.name, held))

    def _keep(self, row: CleaningCompany) -> None:
        known = self.rows.setdefault(row.orgnr, row)
        if known.status != row.status:
            self.rows[row.orgnr] = CleaningCompany(
                known.orgnr, known.main_orgnr, known.name, Status.UNKNOWN
            )
