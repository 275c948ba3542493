"""The paper form (KB4) of one person, as a PDF to print."""

import base64
from functools import cache
from pathlib import Path

import cv2
import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hmskort.common.documents import pdf
from orders.paper.layout import CODE, FIELDS, MARKS, Box
from orders.paper.models import Sheet
from orders.paper.queries import kinds_on

STYLES = Path(__file__).parent / "form.css"
DICTIONARY = cv2.aruco.DICT_4X4_50
MARK_PIXELS = 120


def form_of(sheet: Sheet) -> bytes:
    """One A4 page: who it is about, the code, and a field for each piece."""
    order = sheet.line.order
    kinds = kinds_on(order.kind)
    code = segno.make(sheet.code, error="h", micro=False)
    context = {
        "sheet": sheet,
        "line": sheet.line,
        "order": order,
        "pictures": [
            *((_place(box), mark_address(number)) for number, box in MARKS.items()),
            (_place(CODE), code.svg_data_uri(border=2, omitsize=True, light="white")),
        ],
        "fields": [_place(FIELDS[kind]) for kind in kinds],
        "with_signature": "signature" in kinds,
        "issuer": ", ".join(issuer_lines()),
        "phone": settings.ISSUER_PHONE,
    }
    with translation.override(order.language):
        return pdf(render_to_string("paper/form.html", context), styles=STYLES)


def issuer_lines() -> list[str]:
    """Who takes in the forms, and where they are sent."""
    place = f"{settings.ISSUER_POSTAL_CODE} {settings.ISSUER_CITY}".strip()
    return [part for part in (settings.ISSUER_NAME, settings.ISSUER_STREET, place) if part]


def _place(box: Box) -> str:
    return f"left:{box.left}mm;top:{box.top}mm;width:{box.width}mm;height:{box.height}mm"


@cache
def mark_address(number: int) -> str:
    """A registration mark as a `data:` address."""
    marks = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    _, png = cv2.imencode(".png", cv2.aruco.generateImageMarker(marks, number, MARK_PIXELS))
    return f"data:image/png;base64,{base64.b64encode(png.tobytes()).decode()}"
