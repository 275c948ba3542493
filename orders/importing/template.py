"""The workbook that an employer may fill in: headings, and cells that are text."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

TEXT = "@"  # so that a number keeps the zero that it begins with
FILLED = 300  # rows that are made ready


def workbook() -> bytes:
    """An .xlsx file in the reader's language."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one  # noqa: S101
    sheet.title = _("Personer")
    sheet.append([_("Fødselsnummer"), _("Etternavn"), _("Underenhet")])
    for column, width in (("A", 22), ("B", 28), ("C", 16)):
        sheet.column_dimensions[column].width = width
        sheet[f"{column}1"].font = Font(bold=True)
        for row in range(2, FILLED + 2):
            sheet[f"{column}{row}"].number_format = TEXT
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
