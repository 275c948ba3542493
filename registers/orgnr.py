"""Organisation numbers: nine digits, the last a check digit (mod 11, weights 3 2 7 6 5 4 3 2)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import exceptions
from stdnum.no import orgnr as stdnum_orgnr

LENGTH = 9


class InvalidOrgnr(ValueError):
    """What was typed is no organisation number; `message` says why to the person."""

    message: str | Promise = _("Organisasjonsnummeret er ikke gyldig.")

    def __str__(self) -> str:
        return str(self.message)


class NotNineDigits(InvalidOrgnr):
    message = _("Organisasjonsnummeret må ha ni siffer.")


class WrongCheckDigit(InvalidOrgnr):
    message = _("Organisasjonsnummeret stemmer ikke. Kontroller at alle sifrene er riktige.")


def validate(text: str) -> str:
    """The number as nine digits; spaces, a leading `NO` and a trailing `MVA` are taken off."""
    compact = "".join(text.split()).upper().removeprefix("NO").removesuffix("MVA")
    if len(compact) != LENGTH or not (compact.isascii() and compact.isdigit()):
        raise NotNineDigits
    try:
        number: str = stdnum_orgnr.validate(compact)
    except exceptions.ValidationError:
        raise WrongCheckDigit from None
    return number


def is_valid(text: str) -> bool:
    """True for nine digits with the right check digit."""
    try:
        return validate(text) == text
    except InvalidOrgnr:
        return False


def formatted(orgnr: str) -> str:
    """The number in groups of three, with no-break spaces."""
    return "\N{NO-BREAK SPACE}".join((orgnr[:3], orgnr[3:6], orgnr[6:]))
