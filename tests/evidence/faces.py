"""Portraits with every kind of damage, made from one good one (NASA's astronaut, public domain)."""

from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from skimage import data

WIDTH, HEIGHT = 960, 1200


@cache
def good() -> Image.Image:
    astronaut = Image.fromarray(data.astronaut())
    return astronaut.crop((62, 0, 382, 400)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def blurred() -> Image.Image:
    return good().filter(ImageFilter.GaussianBlur(6))


def dark() -> Image.Image:
    return ImageEnhance.Brightness(good()).enhance(0.35)


def bright() -> Image.Image:
    return ImageEnhance.Brightness(good()).enhance(1.9)


def grey() -> Image.Image:
    return good().convert("L").convert("RGB")


def tilted(degrees: int = 20) -> Image.Image:
    return good().rotate(degrees, fillcolor=(200, 190, 185))


def turned(degrees: int) -> Image.Image:
    return good().rotate(degrees, expand=True)


def half_in_shadow() -> Image.Image:
    light = np.asarray(good()).astype(float)
    light[:, : WIDTH // 2] *= 0.4
    return Image.fromarray(light.astype("uint8"))


def two_people() -> Image.Image:
    both = Image.new("RGB", (2 * WIDTH, HEIGHT))
    both.paste(good(), (0, 0))
    both.paste(good(), (WIDTH, 0))
    return both


def masked() -> Image.Image:
    face = good().copy()
    ImageDraw.Draw(face).rectangle((380, 380, 720, 620), fill=(90, 140, 200))
    return face


def small_in_the_picture() -> Image.Image:
    room = Image.new("RGB", (900, 1125), (200, 200, 200))
    room.paste(good().resize((360, 450)), (270, 400))
    return room


def on_a_flag() -> Image.Image:
    return Image.fromarray(data.astronaut()).resize((1200, 1200), Image.Resampling.LANCZOS)


def cat() -> Image.Image:
    return Image.fromarray(data.chelsea()).resize((902, 600))


def jpeg(image: Image.Image, **how: object) -> bytes:
    return encoded(image, "JPEG", **how)


def encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
