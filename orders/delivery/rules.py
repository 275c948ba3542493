"""What an address must be, in plain Python."""

import re

POSTAL_CODE = re.compile(r"\d{4}")
FIRST_CODE, LAST_CODE = 1, 9991  # 0001 Oslo to 9991 Båtsfjord


def is_norwegian_postal_code(text: str) -> bool:
    """Four digits, from 0001 to 9991."""
    return bool(POSTAL_CODE.fullmatch(text)) and FIRST_CODE <= int(text) <= LAST_CODE


def is_city(text: str) -> bool:
    """The name of a place: letters, and none of the digits that belong in the postal code."""
    return any(c.isalpha() for c in text) and not any(c.isdigit() for c in text)
