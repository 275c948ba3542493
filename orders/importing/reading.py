"""What a spreadsheet or pasted text holds, as rows of texts. Plain Python; nothing is evaluated.

A file comes from anywhere, so everything has a limit, and a workbook is weighed before it is
unpacked. Sources: RFC 4180; ECMA-376 (a workbook is a zip file of XML).
"""

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1_000  # with anything in them
MOST_LINES = 5_000  # also empty ones
MOST_COLUMNS = 50
MOST_LETTERS = 200  # in a cell
MOST_UNPACKED = 40 * 1024 * 1024  # of a workbook
MOST_PARTS = 200  # files in a workbook
MOST_TAGS = 500_000  # in a workbook: a row of a sheet is held whole, with all its cells
AT_ONCE = 1024 * 1024  # bytes that are weighed
BROKEN = (  # what damaged workbooks make their readers say
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, InvalidFileException, SyntaxError, KeyError,
    ValueError, IndexError, TypeError, AttributeError, EOFError, OSError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
DELIMITERS = "\t;,|"
LOOKED_AT = 20  # lines, to find the delimiter
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, and workbooks with a password


class Unusable(Exception):
    """The file cannot be used. `code` is of `texts.UNUSABLE`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One line with something in it. number: as the spreadsheet counts, from 1."""

    number: int
    cells: tuple[str, ...]


def lines_of(data: bytes) -> list[Line]:
    """The lines of a file, whichever kind it is.

    Raises:
        Unusable: it is too big, broken, of another kind, or empty.
    """
    if len(data) > MOST_BYTES:
        raise Unusable("too_big")
    if data.startswith(OLD_EXCEL):
        raise Unusable("old_excel")
    rows = _workbook(data) if data.startswith(ZIP) else _text(_decoded(data))
    return _filled(rows)


def lines_of_text(text: str) -> list[Line]:
    """The lines of what was pasted.

    Raises:
        Unusable: it is too big, or empty.
    """
    if len(text) > MOST_BYTES:
        raise Unusable("too_big")
    return _filled(_text(text))


def _filled(rows: Iterable[Iterable[object]]) -> list[Line]:
    found: list[Line] = []
    for number, row in enumerate(islice(rows, MOST_LINES), 1):
        cells = tuple(_cell(value) for value in islice(row, MOST_COLUMNS))
        if any(cells):
            found.append(Line(number, cells))
        if len(found) > MOST_ROWS + 1:  # and a line of headings
            raise Unusable("too_many")
    if not found:
        raise Unusable("empty")
    return found


def _cell(value: object) -> str:
    """The cell as it was typed: a number has lost its decimals and its leading zeros."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())[: MOST_LETTERS + 1]


def _decoded(data: bytes) -> str:
    """The text in the encoding that it is in; Windows-1252 where it is no Unicode."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data[:200]:  # no text has them; UTF-16 without its mark has one in two
        return _strictly(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Unusable("not_a_table") from None
    if "\0" in text:
        raise Unusable("not_a_table")
    return text


def _text(text: str) -> Iterator[list[str]]:
    if "\0" in text:
        raise Unusable("not_a_table")
    delimiter = _delimiter(text.splitlines()[:LOOKED_AT])
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Unusable("not_a_table") from None


def _delimiter(lines: list[str]) -> str:
    """What parts most of the first lines: a comma also stands in names, a tab nowhere."""
    lines = [line for line in lines if line.strip()]
    return max(DELIMITERS, key=lambda each: sum(each in line for line in lines))


def _workbook(data: bytes) -> Iterator[tuple[object, ...]]:
    """The first sheet's rows. A formula is the text that it was written as."""
    _weigh(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(max_row=MOST_LINES, max_col=MOST_COLUMNS, values_only=True)
    except BROKEN:  # a ParseError is a SyntaxError, of whichever parser
        raise Unusable("broken") from None


def _weigh(data: bytes) -> None:
    """A small file may unpack to a huge one, so it is weighed first; what lies is found broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unusable("too_big")
            if any(part.flag_bits & 1 for part in parts):
                raise Unusable("old_excel")
            _count_tags(book, parts)
    except BROKEN:
        raise Unusable("broken") from None


def _count_tags(book: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo]) -> None:
    tags = 0
    for part in parts:
        with book.open(part) as unpacked:
            while piece := unpacked.read(AT_ONCE):
                tags += piece.count(b"<")
                if tags > MOST_TAGS:
                    raise Unusable("too_big")
