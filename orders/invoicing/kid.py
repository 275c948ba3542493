"""KID: the customer identification number by which a payment finds its invoice.

Two to 25 digits of which the last checks the others. The agreement with the bank fixes the length
and which of the two checks is used; MOD11 has a hyphen where its remainder needs two digits.
"""

from typing import Literal, cast

from django.conf import settings

Check = Literal["mod10", "mod11"]
LONGEST = 25
DIGITS = 8  # of the invoice's number in it


def with_check(digits: str, check: Check = "mod10") -> str:
    """The digits with their check digit.

    >>> with_check("1234567")
    '12345674'
    >>> with_check("1234567", "mod11")
    '12345674'
    """
    if not (digits.isascii() and digits.isdigit() and len(digits) < LONGEST):
        raise ValueError("a KID is made of 1 to 24 digits and their check")
    return digits + {"mod10": _mod10, "mod11": _mod11}[check](digits)


def of_invoice(number: int) -> str:
    """The KID of that invoice, checked as was agreed with the bank."""
    return with_check(f"{number:0{DIGITS}d}", cast("Check", settings.KID_CHECK))


def is_valid(kid: str, check: Check = "mod10") -> bool:
    """Does the last sign check the others?"""
    try:
        return with_check(kid[:-1], check) == kid
    except ValueError:
        return False


def _mod10(digits: str) -> str:
    """Luhn: every second digit from the right doubled, the digits of the products summed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (1 if place % 2 else 2)
        total += product // 10 + product % 10
    return str(-total % 10)


def _mod11(digits: str) -> str:
    """Weights 2 to 7 from the right, over and over; ten is written as a hyphen."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    rest = -total % 11
    return "-" if rest == 10 else str(rest)
