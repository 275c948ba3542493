"""Pictures for demonstration cards: drawn people, nobody's face."""

import io
from colorsys import hls_to_rgb
from functools import cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 600
SCALE = 2  # drawn larger and made smaller: smooth edges


@cache
def silhouette(seed: int) -> bytes:
    """A drawn head and shoulders as JPEG, 480 x 600; the same for the same seed."""
    hue = (seed * 0.381966) % 1
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), _colour(hue, 0.92, 0.25))
    draw = ImageDraw.Draw(picture)
    skin = _colour(0.07, 0.38 + (seed * 7 % 5) * 0.1, 0.42)
    hair = _colour(0.07, 0.16 + (seed * 3 % 4) * 0.1, 0.35)
    jacket = _colour((hue + 0.45) % 1, 0.32, 0.55)
    _ellipse(draw, (240, 640), (215, 250), jacket)
    _ellipse(draw, (240, 405), (58, 70), skin)
    _ellipse(draw, (240, 262), (126, 150 + seed * 11 % 3 * 16), hair)
    _ellipse(draw, (240, 280), (104, 132), skin)
    draw.pieslice(_box((240, 232), (112, 108)), 180, 360, fill=hair)
    out = io.BytesIO()
    picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


@cache
def scribble(seed: int) -> bytes:
    """A drawn signature as PNG, dark on white, 400 x 140; the same for the same seed."""
    picture = Image.new("L", (400 * SCALE, 140 * SCALE), 255)
    points = [
        ((20 + step * 30) * SCALE, (70 + ((seed * 37 + step * 53) % 90 - 45)) * SCALE)
        for step in range(13)
    ]
    ImageDraw.Draw(picture).line(points, fill=30, width=5 * SCALE, joint="curve")
    out = io.BytesIO()
    picture.resize((400, 140), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _ellipse(
    draw: ImageDraw.ImageDraw, centre: tuple[int, int], radii: tuple[int, int], fill: str
) -> None:
    draw.ellipse(_box(centre, radii), fill=fill)


def _box(centre: tuple[int, int], radii: tuple[int, int]) -> tuple[int, int, int, int]:
    (x, y), (rx, ry) = centre, radii
    return (x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE


def _colour(hue: float, light: float, strength: float) -> str:
    red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, light, strength))
    return f"#{red:02x}{green:02x}{blue:02x}"
