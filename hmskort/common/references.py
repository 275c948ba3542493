"""References that people read on the telephone: no vowels, no letters that look like digits."""

import secrets

ALPHABET = "BCDFGHJKMNPQRSTVWXZ23456789"


def new_reference(length: int = 8) -> str:
    """A random reference; 8 characters give 2.8e11 of them, so guessing finds nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
