"""Fronts and backs of cards as PDF, one page of ID-1 size a card.

What stands on the front is FOR-2007-03-30-366 § 7 and FOR-2012-05-08-408 § 12: company, its number,
holder, photo, birth date, issue date, card number and issuer, in Norwegian and English. The last
valid day is ours. The back leaves the magnetic stripe's field free of print and carries a QR code
that opens the public check.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import segno
from django.template.loader import render_to_string
from django.utils import translation
from PIL import Image

from cards.face.fitting import Step, size_for
from hmskort.common.documents import pdf

PER_DOCUMENT = 100
WIDTH_MM, HEIGHT_MM = 85.6, 53.98  # ISO/IEC 7810 ID-1
TEXT_MM = 51.0  # width of the column beside the portrait, see face.css
NAME_STEPS: tuple[Step, ...] = (
    (12, 1), (10.5, 1), (9, 2), (7.5, 2), (6, 3), (5, 3), (4.5, 4)
)  # fmt: skip
COMPANY_STEPS: tuple[Step, ...] = ((8.5, 1), (7.5, 2), (6.5, 2), (5.5, 2), (5, 3), (4.5, 3), (4, 3))
KIND_MM = 41.0  # beside the mark, in the band
KIND_STEPS: tuple[Step, ...] = ((8, 1), (7.5, 1), (6.5, 1), (6, 2), (5.5, 2), (5, 2), (4.5, 2))
STYLES = Path(__file__).parent / "face.css"


@dataclass(frozen=True, kw_only=True)
class Face:
    """All that is printed on one card. portrait, signature: JPEG or PNG.

    number and dates are empty on a preview: they are given when the card is issued.
    """

    number: str
    kind_code: str
    kind_nb: str
    kind_en: str
    company_name: str
    orgnr: str
    holder_name: str
    birth_date: date | None
    issued_on: date | None
    expires_on: date | None
    portrait: bytes
    signature: bytes | None
    issuer_name: str
    issuer_phone: str
    issuer_email: str
    base_url: str
    is_preview: bool = False

    @property
    def check_url(self) -> str:
        """What the QR code says; a phone's camera is enough to open it."""
        return f"{self.base_url}/k/{self.number}/" if self.number else f"{self.base_url}/sjekk/"

    @property
    def check_host(self) -> str:
        return f"{urlsplit(self.base_url).netloc}/sjekk"

    @property
    def name_size(self) -> str:
        """The style class for the name's letters."""
        return _class(size_for(self.holder_name, width_mm=TEXT_MM, steps=NAME_STEPS))

    @property
    def kind_size(self) -> str:
        return _class(size_for(self.kind_nb, width_mm=KIND_MM, steps=KIND_STEPS))

    @property
    def company_size(self) -> str:
        return _class(size_for(self.company_name, width_mm=TEXT_MM, steps=COMPANY_STEPS))

    @property
    def portrait_address(self) -> str:
        return _as_address(self.portrait)

    @property
    def signature_address(self) -> str:
        return _as_address(self.signature) if self.signature else ""

    @property
    def qr_address(self) -> str:
        code = segno.make(self.check_url, error="m", micro=False)
        return code.svg_data_uri(border=4, omitsize=True, light="white")


def fronts(faces: Sequence[Face]) -> bytes:
    """One page a card, in the order given. Raises ValueError for more than `PER_DOCUMENT`."""
    return _document("cards/face/fronts.html", faces)


def backs(faces: Sequence[Face]) -> bytes:
    """The backs, page by page as the fronts."""
    return _document("cards/face/backs.html", faces)


def _document(template: str, faces: Sequence[Face]) -> bytes:
    if not 0 < len(faces) <= PER_DOCUMENT:
        raise ValueError(f"a document holds 1 to {PER_DOCUMENT} cards")
    with translation.override("nb"):  # the card says each thing in both languages itself
        return pdf(render_to_string(template, {"faces": faces}), styles=STYLES)


def _class(size: float) -> str:
    return f"pt-{size * 10:.0f}"


def _as_address(picture: bytes) -> str:
    """The picture as a `data:` address. Raises ValueError for one that would leave a hole."""
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG"]) as image:
            image.draft("L", (1, 1))  # as small as a JPEG decodes: quick, and yet to its end
            image.load()
            kind = Image.MIME[str(image.format)]
    except OSError as broken:
        raise ValueError(f"a picture on a card is a whole JPEG or PNG: {broken}") from None
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}"
