"""Track 1 of the magnetic stripe: name and card number. Source: ISO/IEC 7811-2 and 7813.

`%` format code, card number, `^` SURNAME/GIVEN, `^` expiry YYMM, `?` LRC. The format code is `N`,
free for issuers (`B` belongs to banks). The track's 64 characters have no lower case and no
national letters, so names are transliterated: the interoperable choice, AE OE AA for ours.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import xor

from encoding.errors import Unfit, Unreadable
from encoding.text import fit

LONGEST = 79
"""Characters on track 1, sentinels and LRC among them."""
LONGEST_NAME = 26
FORMAT = "N"

_SPELLED = str.maketrans(
    {
        "Æ": "AE", "Ø": "OE", "Å": "AA", "ß": "SS", "ẞ": "SS", "Œ": "OE", "Þ": "TH", "Ð": "D",
        "Đ": "D", "Ł": "L", "Ŋ": "NG", "Ŧ": "T", "Ħ": "H", "Ə": "E", "ʻ": "'", "ʼ": "'",
        "‘": "'", "’": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‐": "-", "‑": "-",
    }
)  # fmt: skip
_TRACK = re.compile(
    r"%N(?P<number>[0-9]{1,19})\^(?P<surname>[A-Z0-9 .'-]*)/(?P<given>[A-Z0-9 .'-]*)"
    r"\^(?P<expiry>[0-9]{4})\?(?P<lrc>[ -_])"
)


@dataclass(frozen=True)
class Track1:
    """What track 1 says. expires_in: YYMM."""

    card_number: str
    surname: str
    given_names: str
    expires_in: str


def track1(*, card_number: str, surname: str, given_names: str, expires_on: date) -> str:
    """The track's characters, from start sentinel to LRC. Raises Unfit, never guesses a letter."""
    if not re.fullmatch("[0-9]{1,19}", card_number):
        raise Unfit("card_number: 1 to 19 digits")
    name = _name(spelled(surname), spelled(given_names))
    body = f"%{FORMAT}{card_number}^{name}^{expires_on:%y%m}?"
    return body + lrc(body)


def parse(track: str) -> Track1:
    """What the characters say. Raises Unreadable on wrong sentinels, characters, length or LRC."""
    found = _TRACK.fullmatch(track)
    if not found or len(track) > LONGEST:
        raise Unreadable("track 1: not of the form %N…^SURNAME/GIVEN^YYMM? LRC")
    if lrc(track[:-1]) != found["lrc"]:
        raise Unreadable("track 1: wrong LRC")
    return Track1(found["number"], found["surname"], found["given"], found["expiry"])


def lrc(characters: str) -> str:
    """The longitudinal check character: xor of the values of all before it (value 0 is space)."""
    return chr(reduce(xor, (ord(character) - 0x20 for character in characters), 0) + 0x20)


def spelled(name: str) -> str:
    """The name in the track's letters: capitals, accents off, ligatures spelled out."""
    capitals = unicodedata.normalize("NFC", name).upper().translate(_SPELLED)
    bare = (c for c in unicodedata.normalize("NFKD", capitals) if not unicodedata.combining(c))
    letters = " ".join("".join(bare).replace("/", " ").split())
    strange = sorted(set(re.sub(r"[A-Z0-9 .'-]", "", letters)))
    if strange:
        raise Unfit(f"name: no letter on track 1 for {' '.join(strange)}")
    return letters


def _name(surname: str, given: str) -> str:
    """SURNAME/GIVEN in 26 characters: given names give way first, then the surname."""
    surname = fit(surname, LONGEST_NAME - 1)[0].decode()
    room = LONGEST_NAME - 1 - len(surname)
    return f"{surname}/{fit(given, room)[0].decode() if room else ''}"
