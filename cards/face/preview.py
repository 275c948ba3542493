"""A card as it will look, before it is ordered: both sides as pictures, marked as a preview.

Drawn from the templates of the print, so that nobody sees another card than the one that is made.
Neither WeasyPrint's style sheets nor pdfium are for several threads at once: one card at a time.
"""

import hashlib
import io
import pickle
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from threading import Lock

from django.core.cache import cache as kept
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from cards.face.faces import Face, backs, fronts

PIXELS_PER_POINT = 3.2  # a card of 243 points comes out 776 pixels wide
KEPT_S = 600  # there is a portrait in it: not for longer than somebody looks
VERSION = 1  # of the drawing, for what is kept
_drawing = Lock()


@dataclass(frozen=True)
class Preview:
    """Both sides of a card as PNG."""

    front: bytes
    back: bytes


def preview(face: Face) -> Preview:
    """The card as it will look; drawn again only when something on it has changed."""
    key = f"face:{VERSION}:{hashlib.sha256(pickle.dumps(face)).hexdigest()}"
    found: Preview | None = kept.get(key)
    if found is None:
        with _drawing:
            found = Preview(_drawn(fronts([face])), _drawn(backs([face])))
        kept.set(key, found, KEPT_S)
    return found


def _drawn(pdf: bytes) -> bytes:
    with closing(PdfDocument(pdf)) as document:
        picture = document[0].render(scale=PIXELS_PER_POINT).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def nobody() -> bytes:
    """A portrait's place while there is none: a figure in grey, as JPEG."""
    picture = Image.new("RGB", (400, 500), "#dde5ea")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((125, 105, 275, 285), fill="#a9b8c2")
    draw.ellipse((50, 310, 350, 700), fill="#a9b8c2")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()
