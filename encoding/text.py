"""Names in few bytes: UTF-8 that is cut where a reader of the name would cut it."""

import unicodedata

_JOINERS = "\u200c\u200d"


def fit(text: str, capacity: int) -> tuple[bytes, bool]:
    """UTF-8 of `text` in at most `capacity` bytes, and whether it had to be shortened.

    The text is NFC-normalised first (decomposed letters cost bytes and lose their marks when cut).
    Cut after the last whole name that fits; where not even the first fits, between characters,
    never before a combining mark. No space or hyphen is left dangling at the cut.
    """
    whole = unicodedata.normalize("NFC", text)
    encoded = whole.encode()
    if len(encoded) <= capacity:
        return encoded, False
    kept = _longest_start(whole, capacity)
    names = _whole_names(whole, kept)
    return whole[: names or kept].rstrip(" -").encode(), True


def _longest_start(text: str, capacity: int) -> int:
    """How many characters fit, without parting a letter from its marks."""
    used = kept = 0
    for index, letter in enumerate(text):
        if not _clings(letter):
            kept = index
        used += len(letter.encode())
        if used > capacity:
            return kept
    return len(text)


def _whole_names(text: str, kept: int) -> int:
    """The end of the last whole name within the first `kept` characters; 0 if there is none."""
    return kept if text[kept] == " " else max(text.rfind(" ", 0, kept), 0)


def _clings(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M") or letter in _JOINERS
