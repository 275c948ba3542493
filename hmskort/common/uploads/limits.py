"""What an uploaded file must be, and what it becomes.

Plain Python, shared with the process that decodes. Only hard facts stand here; everything else is
advice (`photo.rules`).

Sources: the portrait's least size is that of GOV.UK's passport service; file size and types are
those of the card scheme today (JPEG or PNG, under 10 MB); the pixel limits keep what is uploaded
within the memory of one small process.
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
CARD_RATIO = (4, 5)  # the portrait on the card, width to height


class FileType(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


# A JPEG can be read at a fraction of its size, a PNG only whole.
MOST_PIXELS = {FileType.JPEG: 50_000_000, FileType.PNG: 24_000_000}


@dataclass(frozen=True)
class Limits:
    """Sides in pixels. A picture may lie on its side, so they are compared short to short."""

    types: tuple[FileType, ...]
    least_short: int
    least_long: int
    stored_long: int  # a larger picture is scaled down to this
    pages: int = 2  # of a PDF; for an ID its front and back
    page_long: int = 1200  # what a page of a PDF is drawn at
    whole: bool = False  # a PDF with more pages is refused, not cut


class Rejected(Exception):
    """The file cannot be used. `code` is of `problems.TEXTS`, `values` fill its text."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Picture:
    """A re-encoded JPEG in sRGB without any metadata."""

    jpeg: bytes
    width: int
    height: int


PICTURE = (FileType.JPEG, FileType.PNG)
LIMITS = {
    "portrait": Limits(PICTURE, least_short=600, least_long=750, stored_long=1600),
    "signature": Limits(PICTURE, least_short=80, least_long=200, stored_long=1200),
    "id_copy": Limits((*PICTURE, FileType.PDF), least_short=400, least_long=600, stored_long=2400),
    "scan": Limits(  # a page of paper at 150 dpi or more
        (*PICTURE, FileType.PDF),
        least_short=1100,
        least_long=1600,
        stored_long=3600,
        pages=1,
        page_long=3508,
        whole=True,
    ),
    "attachment": Limits(  # a document of a case
        (*PICTURE, FileType.PDF),
        least_short=400,
        least_long=600,
        stored_long=2400,
        pages=12,
        page_long=1600,
        whole=True,
    ),
}
