"""What a file or pasted text becomes, and which files are refused."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from orders.importing import columns, reading
from orders.importing.columns import Entry
from orders.importing.reading import Unusable

ONE, TWO = "01819012345", "02829054321"


def people(data: bytes | str) -> list[tuple[str, str, str]]:
    lines = reading.lines_of_text(data) if isinstance(data, str) else reading.lines_of(data)
    return [(each.number, each.surname, each.unit) for each in columns.entries(lines)]


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.feature("F249")
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_is_read_whatever_parts_it_and_however_it_is_encoded(delimiter, encoding):
    rows = [["Fødselsnummer", "Etternavn"], [ONE, "Sæther"], [TWO, "Ås"]]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    assert people(data) == [(ONE, "Sæther", ""), (TWO, "Ås", "")]


@pytest.mark.feature("F249")
@pytest.mark.parametrize(
    "headings",
    [
        ["Fødselsnummer", "Etternavn", "Underenhet"],
        ["fødselsnummer eller D-nummer", "etternamn", "undereining"],
        ["Fnr.", "Navn", "Org.nr."],
        ["National identity number", "Surname", "Sub-unit"],
        ["NATIONAL ID", "Last name", "Organisation number"],
        None,
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_columns_are_found_by_their_headings_or_by_what_stands_in_them(headings, order):
    row = [ONE, "Berg", "310010014"]
    rows = [[each[at] for at in order] for each in ([headings] if headings else []) + [row, row]]
    assert people(workbook(*rows)) == [(ONE, "Berg", "310010014")] * 2


def test_a_workbook_gives_a_number_its_lost_zero_back_and_counts_lines_as_it_does():
    data = workbook(["Fødselsnummer", "Etternavn"], [], [1019012345, "Berg"], [2829054321.0, "Moe"])
    lines = columns.entries(reading.lines_of(data))
    assert lines == [Entry(3, "01019012345", "Berg"), Entry(4, "02829054321", "Moe")]


def test_a_formula_is_text_and_nothing_else():
    data = workbook(["Fødselsnummer", "Etternavn"], ["=1+1", '=HYPERLINK("http://x")'], [ONE, "A"])
    assert people(data)[0] == ("=1+1", '=HYPERLINK("http://x")', "")


def test_a_quoted_cell_may_hold_what_parts_the_others():
    assert people(f'Fødselsnummer;Etternavn\n{ONE};"Berg; Hansen"') == [(ONE, "Berg; Hansen", "")]


def test_what_is_pasted_from_a_spreadsheet_is_parted_by_tabs():
    assert people(f"{ONE}\tBerg, Kari\n{TWO}\tMoe, Ola\n") == [
        (ONE, "Berg, Kari", ""),
        (TWO, "Moe, Ola", ""),
    ]


def test_numbers_alone_are_a_list_too():
    assert people(f"{ONE}\n{TWO}") == [(ONE, "", ""), (TWO, "", "")]


def bomb() -> bytes:
    """A small workbook that unpacks to a hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for number in range(500):
            book.writestr(f"xl/{number}.xml", "<x/>")
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose text grows a billion times, if entities in it are taken out."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "lol">{grown}]>'.encode()
    out, changed = io.BytesIO(workbook([ONE, "Berg"])), io.BytesIO()
    with zipfile.ZipFile(out) as book, zipfile.ZipFile(changed, "w") as copy:
        for part in book.namelist():
            text = book.read(part)
            if "sheet1" in part:
                text = doctype + text.replace(b"Berg", b"&a9;")
            copy.writestr(part, text)
    return changed.getvalue()


def changed(part: str, change) -> bytes:
    """A workbook of which one part is another than it was."""
    out, before = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook([ONE, "Berg"])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if part in name else data)
    return out.getvalue()


def endless_row() -> bytes:
    cells = b"<c/>" * 600_000
    return changed("sheet1", lambda text: text.replace(b"<sheetData>", b"<sheetData>" + cells))


def packed_wrong() -> bytes:
    """The table of contents is whole, and what it points at cannot be unpacked."""
    data = bytearray(changed("nothing", bytes))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as book:
        part = book.getinfo("xl/workbook.xml")
    start = part.header_offset + 30 + len(part.filename)
    data[start : start + 12] = b"\xff" * 12
    return bytes(data)


def packed_strangely() -> bytes:
    """A way of packing that nobody knows."""
    data = bytearray(workbook([ONE, "Berg"]))
    at = data.index(b"PK\x01\x02")
    data[at + 10 : at + 12] = b"\x63\x00"
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as book:
        offset = book.infolist()[0].header_offset
    data[offset + 8 : offset + 10] = b"\x63\x00"
    return bytes(data)


@pytest.mark.feature("F249")
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"x" * 3_000_000, "too_big"),
        (bomb, "too_big"),
        (many_parts, "too_big"),
        (entities, "broken"),
        (endless_row, "too_big"),
        (packed_wrong, "broken"),
        (packed_strangely, "broken"),
        (lambda: changed("sheet1", lambda text: text[:-40]), "broken"),
        (lambda: changed("styles", lambda _: b"<styles"), "broken"),
        (lambda: changed("workbook.xml", lambda _: b"\xff<"), "broken"),
        (lambda: workbook([ONE, "Berg"])[:-400], "broken"),
        (lambda: b"PK\x03\x04 and no more", "broken"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_excel"),
        (lambda: b"", "empty"),
        (lambda: b"\r\n;;;\r\n", "empty"),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not_a_table"),
        (lambda: b"Etternavn;Fornavn\nBerg;Kari", "no_numbers"),
        (lambda: b"F\xc3\xb8dselsnummer;Etternavn\n", "empty"),
        (lambda: "\n".join([ONE] * 1001).encode(), "too_many"),
    ],
)
def test_what_cannot_be_used_is_refused_with_why(make, code):
    with pytest.raises(Unusable) as refused:
        people(make())
    assert refused.value.code == code


def test_a_sheet_that_says_it_has_a_million_lines_is_read_no_longer_than_the_limit():
    book = Workbook()
    book.active["A1"], book.active["A1048576"] = ONE, TWO
    out = io.BytesIO()
    book.save(out)
    assert people(out.getvalue()) == [(ONE, "", "")]


def test_a_cell_is_cut_and_columns_far_out_are_not_read():
    far = [""] * 60 + [ONE]
    assert len(people(workbook([ONE, "b" * 5000], [TWO, "Moe", *far]))[0][1]) == 201
