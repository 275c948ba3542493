"""Which column is what: by its heading in bokmål, nynorsk or English, or by what stands in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orders.importing.reading import MOST_ROWS, Line, Unusable

NUMBER, SURNAME, UNIT = "number", "surname", "unit"
HEADINGS = {
    "fodselsnummer": NUMBER,
    "fodselsnr": NUMBER,
    "fnr": NUMBER,
    "dnummer": NUMBER,
    "dnr": NUMBER,
    "fodselsnummerellerdnummer": NUMBER,
    "fodselsnummerdnummer": NUMBER,
    "personnummer": NUMBER,
    "identitetsnummer": NUMBER,
    "nationalidentitynumber": NUMBER,
    "nationalid": NUMBER,
    "identitynumber": NUMBER,
    "idnumber": NUMBER,
    "etternavn": SURNAME,
    "etternamn": SURNAME,
    "surname": SURNAME,
    "lastname": SURNAME,
    "familyname": SURNAME,
    "navn": SURNAME,
    "namn": SURNAME,
    "name": SURNAME,
    "underenhet": UNIT,
    "undereining": UNIT,
    "organisasjonsnummer": UNIT,
    "orgnr": UNIT,
    "subunit": UNIT,
    "organisationnumber": UNIT,
    "organizationnumber": UNIT,
}
ELEVEN, NINE = 11, 9
ZEROS_LOST = 10  # a spreadsheet takes 01019012345 for a number and drops what stands first


@dataclass(frozen=True)
class Entry:
    """One person as the list has them. line: as the spreadsheet counts."""

    line: int
    number: str
    surname: str = ""
    unit: str = ""


def entries(lines: Sequence[Line]) -> list[Entry]:
    """A person for each line below the headings, if there are any.

    Raises:
        Unusable: no column holds identity numbers, or there are too many lines.
    """
    named = _by_heading(lines[0])
    below = lines[1:] if named else lines
    places = named or _by_content(below)
    if NUMBER not in places:
        raise Unusable("no_numbers")
    if not below:
        raise Unusable("empty")
    if len(below) > MOST_ROWS:
        raise Unusable("too_many")
    return [_entry(line, places) for line in below]


def _entry(line: Line, places: dict[str, int]) -> Entry:
    def cell(name: str) -> str:
        at = places.get(name, len(line.cells))
        return line.cells[at] if at < len(line.cells) else ""

    return Entry(line.number, _whole(cell(NUMBER)), cell(SURNAME), cell(UNIT))


def _whole(number: str) -> str:
    """The number with the zero that a spreadsheet took away, where that is what is missing."""
    return number.zfill(ELEVEN) if number.isdigit() and len(number) == ZEROS_LOST else number


def _by_heading(line: Line) -> dict[str, int]:
    """The place of each column that the line names; empty where it is no line of headings."""
    if any(_digits(cell) >= NINE for cell in line.cells):
        return {}
    found: dict[str, int] = {}
    for at, cell in enumerate(line.cells):
        name = HEADINGS.get(_folded(cell))
        if name:
            found.setdefault(name, at)
    return found


def _by_content(lines: Sequence[Line]) -> dict[str, int]:
    """The column with most numbers, the next with names, and one with nine digits."""
    width = max((len(line.cells) for line in lines), default=0)
    columns = [[line.cells[at] for line in lines if at < len(line.cells)] for at in range(width)]
    numbers = [sum(_digits(cell) in {ELEVEN, ZEROS_LOST} for cell in cells) for cells in columns]
    if not any(numbers):
        return {}
    found = {NUMBER: numbers.index(max(numbers))}
    for at, cells in enumerate(columns):
        filled = [cell for cell in cells if cell]
        if at == found[NUMBER] or not filled:
            continue
        if all(_digits(cell) == 0 for cell in filled):
            found.setdefault(SURNAME, at)
        elif sum(_digits(cell) == NINE for cell in filled) * 2 > len(filled):
            found.setdefault(UNIT, at)
    return found


def _digits(cell: str) -> int:
    return len(re.sub(r"\D", "", cell))


def _folded(cell: str) -> str:
    return re.sub("[^a-z]", "", cell.casefold().replace("ø", "o"))
