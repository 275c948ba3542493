"""Pictures for tests: the astronaut (NASA, public domain), a drawn signature, a drawn ID card."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from skimage import data


@cache
def portrait() -> bytes:
    """A JPEG of the astronaut's head and shoulders, 800 x 1000 pixels."""
    face = Image.fromarray(data.astronaut()).crop((122, 0, 332, 262))
    return _jpeg(face.resize((800, 1000), Image.Resampling.LANCZOS))


@cache
def signature() -> bytes:
    """A PNG of a drawn line, 600 x 200 pixels."""
    paper = Image.new("RGB", (600, 200), "white")
    wave = [(20 + 14 * n, 100 + (60 if n % 2 else -60) * (1 - n / 45)) for n in range(40)]
    ImageDraw.Draw(paper).line(wave, fill="navy", width=5)
    out = BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


@cache
def id_copy() -> bytes:
    """A JPEG of a drawn card that says it is an example, 1000 x 630 pixels."""
    card = Image.new("RGB", (1000, 630), "#dfe8ee")
    drawn = ImageDraw.Draw(card)
    drawn.rectangle((40, 160, 340, 560), fill="#9fb4c2")
    for row in range(5):
        drawn.rectangle((400, 180 + 70 * row, 900 - 60 * row, 210 + 70 * row), fill="#40525f")
    drawn.text((400, 60), "EKSEMPEL / EXAMPLE", fill="#203040")
    return _jpeg(card)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
