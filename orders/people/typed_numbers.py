"""A list of people, as it is typed or pasted, is taken apart into one entry for each number.

Plain Python. What stands on one line, or between two commas or semicolons, is one entry;
where it holds more, spaces part it as soon as eleven digits are whole: "010190 12345" is one.
Words without digits are the surname of the number before them on the line, or of the next where
the line begins with them. A line of words alone is an entry that cannot be used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

DIGITS_OF_A_NUMBER = 11
ORNAMENTS = re.compile("[-–.\N{ZERO WIDTH SPACE}]")  # some write 010190-12345
BIRTH_DATE = 6  # its digits may be shown


@dataclass(frozen=True)
class Typed:
    """One entry of the list, the line it stands on, counted from 1, and the name beside it."""

    line: int
    text: str
    surname: str = ""

    @property
    def shown(self) -> str:
        """The birth date that helps find the entry, and never more of what may be a number."""
        return birth_date_of(self.text)


def birth_date_of(text: str) -> str:
    """The first six digits, the others hidden; empty where there are fewer."""
    digits = re.sub(r"\D", "", text)
    return f"{digits[:BIRTH_DATE]} •••••" if len(digits) >= BIRTH_DATE else ""


def entries(text: str) -> list[Typed]:
    """Every entry of the list; empty lines count as lines, and give no entry."""
    return [
        entry
        for number, line in enumerate(text.splitlines(), 1)
        for entry in _of_line(number, line)
    ]


def _of_line(number: int, line: str) -> list[Typed]:
    """The entries of one line, each with the name that belongs to it."""
    found: list[Typed] = []
    before = ""  # a name that stands before its number
    for part, is_name in _parts(line):
        if not is_name:
            found.append(Typed(number, part, before))
            before = ""
        elif found and not found[-1].surname:
            found[-1] = replace(found[-1], surname=part)
        else:
            before = f"{before} {part}".strip()
    if before and found:
        found[-1] = replace(found[-1], surname=f"{found[-1].surname} {before}")
    elif before:
        found.append(Typed(number, before))
    return found


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """What a line holds, in order: numbers, and names."""
    for part in re.split(r"[,;]+", line):
        name: list[str] = []
        for words, is_name in _runs(part):
            if is_name:
                name += words
                continue
            if name:
                yield " ".join(name), True
                name = []
            yield from ((number, False) for number in _parted(words))
        if name:
            yield " ".join(name), True


def _runs(part: str) -> Iterator[tuple[list[str], bool]]:
    """Words that follow each other: with digits, or without."""
    run: list[str] = []
    named = False
    for word in part.split():
        is_name = not re.search(r"\d", word) and bool(re.search(r"\w", word))
        if run and is_name != named:
            yield run, named
            run = []
        named = is_name
        run.append(word)
    if run:
        yield run, named


def _parted(words: list[str]) -> Iterator[str]:
    """What stands between two names: one number, or several with spaces between them."""
    gathered = ""
    for word in ORNAMENTS.sub("", " ".join(words)).split():
        gathered = f"{gathered} {word}".strip()
        if len(re.sub(r"\D", "", gathered)) >= DIGITS_OF_A_NUMBER:
            yield gathered
            gathered = ""
    if gathered:
        yield gathered
