"""The worker's three files: those given, or drawn ones that say that they are examples."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class Picture:
    """A file to upload."""

    name: str
    content: bytes
    content_type: str


def given(path: Path) -> Picture:
    """The file as it is; what the portal thinks of it is the portal's."""
    content_type = TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Picture(path.name, path.read_bytes(), content_type)


def drawn_portrait() -> Picture:
    """A drawn head and shoulders, 800 x 1000 pixels."""
    image = Image.new("RGB", (800, 1000), "#dfe6ea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((120, 700, 680, 1300), fill="#2d5a73")
    draw.rectangle((340, 560, 460, 760), fill="#d9a679")
    draw.ellipse((240, 200, 560, 640), fill="#e6b58a")
    draw.pieslice((225, 160, 575, 560), 180, 360, fill="#4a3426")
    for x in (330, 470):
        draw.ellipse((x - 28, 390, x + 28, 420), fill="white")
        draw.ellipse((x - 12, 392, x + 12, 418), fill="#33221a")
    draw.line((400, 430, 385, 500, 415, 502), fill="#b98558", width=6)
    draw.arc((340, 500, 460, 570), 20, 160, fill="#a4543f", width=8)
    return _jpeg("portrett.jpg", image)


def drawn_signature() -> Picture:
    """A drawn line, 600 x 200 pixels."""
    paper = Image.new("RGB", (600, 200), "white")
    wave = [(20 + 14 * n, 100 + (60 if n % 2 else -60) * (1 - n / 45)) for n in range(40)]
    ImageDraw.Draw(paper).line(wave, fill="navy", width=5)
    return _jpeg("signatur.jpg", paper)


def drawn_id() -> Picture:
    """A drawn card that says it is an example, 1000 x 630 pixels."""
    card = Image.new("RGB", (1000, 630), "#dfe8ee")
    draw = ImageDraw.Draw(card)
    draw.rectangle((40, 160, 340, 560), fill="#9fb4c2")
    for row in range(5):
        draw.rectangle((400, 180 + 70 * row, 900 - 60 * row, 210 + 70 * row), fill="#40525f")
    draw.text((400, 60), "EKSEMPEL / EXAMPLE", fill="#203040", font_size=48)
    return _jpeg("legitimasjon.jpg", card)


def _jpeg(name: str, image: Image.Image) -> Picture:
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return Picture(name, out.getvalue(), "image/jpeg")
