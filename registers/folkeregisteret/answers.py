"""What Folkeregisteret answers, as far as the portal needs it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["M", "K", "U"]
Kind = Literal["fodselsnummer", "d_nummer"]


@dataclass(frozen=True)
class Person:
    """A person, under the number in use today, which may be another than was asked for.

    `status` is the register's own word: bosatt, utflyttet, inaktiv, doed ... Names are as
    registered; either may be empty. No repr shows the number.
    """

    national_id: str
    kind: Kind
    number_in_use: bool
    status: str
    given_names: str
    surname: str
    birth_date: date | None
    sex: Sex
    citizenships: tuple[str, ...]  # ISO 3166-1 alpha-3, those held today
    died_on: date | None

    def __repr__(self) -> str:
        return f"<Person {self.kind} {self.status}>"

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()
