"""A scanner: the printed form with pictures glued on, laid a little askew on the glass."""

import io

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdfium2 import PdfDocument

from orders.paper.form import form_of
from orders.paper.layout import FIELDS, Box
from tests import pictures

DPI = 200
PER_MM = DPI / 25.4
GLUED = {
    "portrait": pictures.portrait,
    "signature": pictures.signature,
    "id_copy": pictures.id_copy,
}


def page_of(sheet, *, without=()) -> Image.Image:
    """The form as it comes out of the printer, with a picture in each field."""
    page = PdfDocument(form_of(sheet))[0].render(scale=DPI / 72).to_pil().convert("RGB")
    for kind, make in GLUED.items():
        if kind not in without:
            _glue(page, Image.open(io.BytesIO(make())).convert("RGB"), FIELDS[kind])
    return page


def _glue(page: Image.Image, picture: Image.Image, box: Box) -> None:
    width, height = round((box.width - 4) * PER_MM), round((box.height - 4) * PER_MM)
    picture.thumbnail((width, height))
    page.paste(picture, (round((box.left + 2) * PER_MM), round((box.top + 2) * PER_MM)))


def scanned(page: Image.Image, *, degrees: float = 2.0, grey: bool = False, dirty: bool = True):
    """The page as a JPEG from the scanner."""
    askew = page.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    if grey:
        askew = askew.convert("L")
    values = np.asarray(askew).astype(float)
    if dirty:
        values += np.random.default_rng(4711).normal(0, 10, values.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(values, 0, 255).astype("uint8")).save(out, "JPEG", quality=80)
    return SimpleUploadedFile("skann.jpg", out.getvalue(), "image/jpeg")
