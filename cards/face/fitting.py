"""Names of any length in a box of fixed size: the largest letters that fit, on the fewest lines."""

from collections.abc import Sequence
from functools import cache

from fontTools.ttLib import TTFont

from hmskort.common.documents import FONT_FOLDER

MM_PER_POINT = 25.4 / 72
BOLD = 1.08  # semi-bold Inter is this much wider than the regular that is measured
UNKNOWN_EM = 1.1  # a letter that the font lacks comes from another font; none is wider
FILES = ("inter-latin.woff2", "inter-latin-ext.woff2")

Step = tuple[float, int]
"""A letter size in points and the lines there is room for at that size."""


def size_for(text: str, *, width_mm: float, steps: Sequence[Step]) -> float:
    """The first size of the steps at which the text fits; the last if it fits at none.

    steps: from the largest letters down, each with the lines it may take.
    """
    for size, lines in steps:
        if lines_of(text, width_em=width_mm / (size * MM_PER_POINT)) <= lines:
            return size
    return steps[-1][0]


def lines_of(text: str, *, width_em: float) -> int:
    """The lines that the text takes, broken at spaces, and inside words that are too long."""
    space, lines, used = width_of(" "), 1, 0.0
    for word in text.split():
        width = width_of(word)
        if used and used + space + width > width_em:
            lines, used = lines + 1, 0.0
        used += width + (space if used else 0.0)
        while used > width_em:
            lines, used = lines + 1, used - width_em
    return lines


def width_of(text: str) -> float:
    """The width in semi-bold Inter, in em."""
    widths = _widths()
    return sum(widths.get(ord(letter), UNKNOWN_EM) for letter in text) * BOLD


@cache
def _widths() -> dict[int, float]:
    """Each letter's width in em, from the fonts that the card is printed with."""
    widths: dict[int, float] = {}
    for name in FILES:
        font = TTFont(FONT_FOLDER / name)
        advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
        for code, glyph in font.getBestCmap().items():
            widths.setdefault(code, advances[glyph][0] / em)
    return widths
