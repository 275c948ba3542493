"""Names as they are sought and sorted: without case and accents, æ, ø and å last and in that order.

The same in Python and in SQL (`SQL`): both translate letter by letter by one table, so that what a
database wrote is found by what a page was asked for.
"""

import unicodedata

LATIN = [chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x180), *range(0x218, 0x21C))]
# The last letters of the alphabet, with those of our neighbours that stand in their place.
LAST = {"Æ": "{", "Ä": "{", "Ø": "|", "Ö": "|", "Å": "}"}
ALONE = {"ß": "s", "ı": "i", "ĸ": "k", "ŉ": "n", "ſ": "s", "×": " ", "÷": " "}
WITHOUT_MARK = {"Ð": "d", "Đ": "d", "Þ": "t", "Ħ": "h", "Ł": "l", "Ŀ": "l", "Ŋ": "n", "Œ": "o",
                "Ŧ": "t", "Ĳ": "i"}  # fmt: skip


def _folded(letter: str) -> str:
    great = letter.upper()
    if letter in ALONE:
        return ALONE[letter]
    return (LAST | WITHOUT_MARK).get(great) or unicodedata.normalize("NFKD", letter)[0].lower()


TABLE = {letter: _folded(letter) for letter in LATIN} | {"-": " ", "æ": "{", "ø": "|"}
_TRANSLATION = str.maketrans(TABLE)
# One argument, `$1`; what stands in the function's body in the database.
SQL = "btrim(regexp_replace(translate($1, '{}', '{}'), '\\s+', ' ', 'g'))".format(
    "".join(TABLE), "".join(TABLE.values())
)


def folded(text: str) -> str:
    """The text as it is sought and sorted."""
    return " ".join(text.translate(_TRANSLATION).split())
