"""A list of identity numbers, as it is typed or pasted, is taken apart into one entry for each.

Plain Python. What stands on one line, or between two commas, semicolons or tabs, is one entry;
where it holds more, spaces part it as soon as eleven digits are whole: "010190 12345" is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DIGITS_OF_A_NUMBER = 11
ORNAMENTS = re.compile("[-–.\N{ZERO WIDTH SPACE}]")  # some write 010190-12345
BIRTH_DATE = 6  # its digits may be shown


@dataclass(frozen=True)
class Typed:
    """One entry of the list, and the line it stands on, counted from 1."""

    line: int
    text: str

    @property
    def shown(self) -> str:
        """The birth date that helps find the entry, and never more of what may be a number."""
        digits = re.sub(r"\D", "", self.text)
        return f"{digits[:BIRTH_DATE]} •••••" if len(digits) >= BIRTH_DATE else ""


def entries(text: str) -> list[Typed]:
    """Every entry of the list; empty lines count as lines, and give no entry."""
    return [
        Typed(number, entry)
        for number, line in enumerate(text.splitlines(), 1)
        for part in re.split(r"[,;]+", line)
        for entry in _parted(part)
    ]


def _parted(part: str) -> Iterator[str]:
    """What stands between two commas: one entry, or several with spaces between them."""
    gathered = ""
    for word in ORNAMENTS.sub("", part).split():
        gathered = f"{gathered} {word}".strip()
        if len(re.sub(r"\D", "", gathered)) >= DIGITS_OF_A_NUMBER:
            yield gathered
            gathered = ""
    if gathered:
        yield gathered
