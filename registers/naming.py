"""Does a surname that somebody typed belong to the number beside it? Plain Python.

Forgiving about what people write differently: letters without their marks, hyphens, one of several
surnames, the whole name. Never about another surname.
"""

import re
import unicodedata

# What no decomposition takes apart; å becomes a by decomposition.
LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ß": "ss", "ı": "i", "œ": "oe"}
)
# Two letters where a keyboard has not the one: the same is done to both sides.
SPELLED_OUT = (("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("th", "t"))


def agrees(stated: str, *, given_names: str, surname: str) -> bool:
    """Is what was typed this person's surname, one of them, or their name with it?"""
    typed, names = _words(stated), _words(given_names)
    surnames = _words(surname) or names  # some have but one name
    if not typed:
        return False
    if "".join(typed) == "".join(surnames):  # written in one word, or in two
        return True
    return set(typed) <= {*names, *surnames} and not set(typed).isdisjoint(surnames)


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", _folded(name)) if word]


def _folded(name: str) -> str:
    marked = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    plain = "".join(letter for letter in marked if not unicodedata.combining(letter))
    plain = re.sub("['’`´]", "", plain)  # O'Brien is Obrien
    for two, one in SPELLED_OUT:
        plain = plain.replace(two, one)
    return plain
