"""The BestillerID: eight characters, the last of them a check character.

`HXK7-2P4W`: letters that cannot be taken for digits, in two groups of four to be read aloud. The
check character catches every single mistyped character and every two neighbours that changed
places: characters count alternately once and twice, and the sum is a multiple of 27; both weights
and their difference are coprime with 27.
"""

from hmskort.common.references import ALPHABET, new_reference

LENGTH = 8
GROUP = 4
SIZE = len(ALPHABET)


class InvalidNumber(ValueError):
    """What was typed is no BestillerID."""


def new_number() -> str:
    """A random BestillerID without its hyphen; 27^7 of them."""
    body = new_reference(LENGTH - 1)
    return body + next(mark for mark in ALPHABET if _sum(body + mark) == 0)


def canonical(typed: str) -> str:
    """The BestillerID as it is stored: capital letters, no spaces or hyphens.

    Raises:
        InvalidNumber: it has another length, other characters, or a wrong check character.
    """
    number = "".join(typed.upper().replace("-", " ").split())
    if len(number) != LENGTH or not set(number) <= set(ALPHABET) or _sum(number):
        raise InvalidNumber
    return number


def shown(number: str) -> str:
    """The BestillerID as people read it: `HXK7-2P4W`."""
    return f"{number[:GROUP]}-{number[GROUP:]}"


def _sum(number: str) -> int:
    """Zero for a right number. The last character counts once."""
    values = [ALPHABET.index(mark) for mark in reversed(number)]
    return sum(value * (1 + place % 2) for place, value in enumerate(values)) % SIZE
