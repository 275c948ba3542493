"""Identity numbers: fødselsnummer and D-nummer, `ddmmyy iii k1 k2`.

Source: Skatteetaten, "Nytt fødselsnummer fra 2032" and the documentation of Folkeregisteret's API.
A D-number has 4 added to its first digit; synthetic numbers have 80 added to the month
(Skatteetaten's test population) or 40 (Nav's). The digits are never read as sex or century.
"""

import re
from datetime import date
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.common.dated import Dated, in_force

LENGTH = 11
APART = r"[\s.\-\u00ad\u200b\u2010-\u2015\u2212]"  # what people write between the digits
IN_TEXT = re.compile(rf"(?<!\d)\d(?:{APART}*\d){{10}}(?!\d)")
WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
RESTS_1 = (
    Dated(date(1964, 1, 1), frozenset({0}), "Skatteetaten: oppbygging av fødselsnummeret"),
    Dated(date(2032, 1, 1), frozenset({0, 1, 2, 3}), "Skatteetaten: nytt fødselsnummer fra 2032"),
)
D_NUMBER_DAYS = 40
SYNTHETIC_MONTHS = (80, 40)

Kind = Literal["fodselsnummer", "d_nummer"]


class InvalidNationalId(ValueError):
    """What was typed is no identity number; `message` says why, and never repeats it."""

    message: str | Promise = _("Fødselsnummeret eller D-nummeret er ikke gyldig.")

    def __str__(self) -> str:
        return str(self.message)


class NotElevenDigits(InvalidNationalId):
    message = _("Fødselsnummeret eller D-nummeret må ha 11 siffer.")


class ImpossibleDate(InvalidNationalId):
    message = _(
        "De seks første sifrene er ikke en dato. Kontroller fødselsnummeret eller D-nummeret."
    )


class WrongCheckDigits(InvalidNationalId):
    message = _(
        "Nummeret stemmer ikke. Kontroller at alle sifrene i fødselsnummeret eller D-nummeret "
        "er riktige."
    )


def validate(text: str, *, on: date | None = None) -> str:
    """The number as eleven digits, spaces taken off. `on`: the day whose rules hold, or today."""
    number = "".join(text.split())
    if len(number) != LENGTH or not (number.isascii() and number.isdigit()):
        raise NotElevenDigits
    if not _has_possible_date(number):
        raise ImpossibleDate
    if not _check_digits_hold(number, on or clock.today()):
        raise WrongCheckDigits
    return number


def found_in(text: str) -> str:
    """The eleven digits of what may be an identity number in the text, or empty; not validated."""
    found = IN_TEXT.search(text)
    return re.sub(r"\D", "", found[0]) if found else ""


def is_valid(text: str, *, on: date | None = None) -> bool:
    """True for eleven digits that `validate` leaves as they are."""
    try:
        return validate(text, on=on) == text
    except InvalidNationalId:
        return False


def kind(number: str) -> Kind:
    """Which kind of number a valid number is."""
    return "d_nummer" if int(number[0]) >= D_NUMBER_DAYS // 10 else "fodselsnummer"


def is_synthetic(number: str) -> bool:
    """True for a valid number that no real person can have."""
    return int(number[2:4]) > min(SYNTHETIC_MONTHS)


def can_be_born_on(number: str, birth_date: date) -> bool:
    """Does a valid number fit the birth date? Only a hint: a date may have been corrected since."""
    day, month, year = _date_parts(number)
    return (day, month, year) == (birth_date.day, birth_date.month, birth_date.year % 100)


def check_digits(nine: str) -> str | None:
    """k1 and k2 for the nine digits by the rule of rest 0; None where the nine cannot be used."""
    k1 = -_weighted(nine, WEIGHTS_1) % 11
    k2 = -_weighted(f"{nine}{k1}", WEIGHTS_2) % 11
    return f"{k1}{k2}" if k1 < 10 and k2 < 10 else None


def _has_possible_date(number: str) -> bool:
    """The century is not in the digits, so 29 February passes in every year that may have it."""
    day, month, year = _date_parts(number)
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _date_parts(number: str) -> tuple[int, int, int]:
    """Day, month and year of the century, without what marks D-numbers and synthetic ones."""
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    day -= D_NUMBER_DAYS if day > D_NUMBER_DAYS else 0
    month -= next((added for added in SYNTHETIC_MONTHS if month > added), 0)
    return day, month, year


def _check_digits_hold(number: str, on: date) -> bool:
    rest_1 = _weighted(number, WEIGHTS_1) % 11
    rest_2 = _weighted(number, WEIGHTS_2) % 11
    return rest_1 in in_force(RESTS_1, on).value and rest_2 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    """The weighted sum over as many digits as there are of both."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
