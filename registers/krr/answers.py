"""What Kontakt- og reservasjonsregisteret answers."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Language = Literal["nb", "nn", "en", "se"]


@dataclass(frozen=True)
class Address:
    """An e-mail address or a mobile number. No repr shows it."""

    value: str = field(repr=False)
    updated_on: date | None
    verified_on: date | None


@dataclass(frozen=True)
class Contact:
    """How the person may be reached. No answer shows who it is about."""

    registered: bool  # and not deleted
    may_be_notified: bool  # varslingsstatus: the register's own word
    reserved: bool  # against letters in digital form
    email: Address | None
    mobile: Address | None
    language: Language | None
