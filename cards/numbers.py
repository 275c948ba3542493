"""Card numbers: seven random digits and one that catches typing errors.

Our own numbers have eight digits, the last by Damm's method: every single wrong digit and every
two neighbours changed about is caught. Cards of the former issuer have seven digits and no check
digit. Neither tells anything of the holder.
"""

import re
import secrets
from enum import StrEnum

from stdnum import damm

OWN_DIGITS = 8
IMPORTED_DIGITS = 7
SHORTEST = 5  # what is left of an imported number whose leading zeros were lost
SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u00a0\u202f]+")
READS_AS_A_YEAR = ("19", "20")


class Form(StrEnum):
    """What a text looks like before anybody has looked it up."""

    OWN = "own"
    IMPORTED = "imported"
    MISTYPED = "mistyped"  # as many digits as our own, but the check digit is another
    NEITHER = "neither"


def new_number() -> str:
    """A random number of eight digits; that it is unused is for the database to say.

    The first is never 0, which spreadsheets lose and which imported numbers are padded with, and
    none begins as a date does.
    """
    while True:
        body = str(10 ** (IMPORTED_DIGITS - 1) + secrets.randbelow(9 * 10 ** (IMPORTED_DIGITS - 1)))
        if not body.startswith(READS_AS_A_YEAR):
            return body + damm.calc_check_digit(body)


def compact(text: str) -> str:
    """The number as it is stored, from what a person wrote; other texts come back in capitals.

    Spaces (also hard ones), points and hyphens go. Leading zeros that were lost or added are put
    right: fewer than eight digits are an imported number of seven.
    """
    tight = SEPARATORS.sub("", text).upper()
    if not (tight.isascii() and tight.isdigit() and len(tight) >= SHORTEST):
        return tight
    bare = tight.lstrip("0")
    return bare.zfill(IMPORTED_DIGITS) if len(bare) < OWN_DIGITS else bare


def form_of(number: str) -> Form:
    """What a compact number looks like."""
    if not (number.isascii() and number.isdigit()):
        return Form.NEITHER
    if len(number) == IMPORTED_DIGITS:
        return Form.IMPORTED
    if len(number) != OWN_DIGITS:
        return Form.NEITHER
    return Form.OWN if damm.is_valid(number) else Form.MISTYPED
