"""What Folkeregisteret answers, as far as the portal needs it."""

from dataclasses import dataclass
from datetime import date, datetime
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


# Changes after which what the portal knows of a person may be wrong, beside every `personEr...`.
# Others are not looked at: each lookup is shown to the person, and some kinds come by the million.
CHANGES = frozenset(
    {
        "endringIStatus",
        "endringIIdentifikasjonsnummer",
        "endringINavn",
        "endringIStatsborgerskap",
        "endringIFalskIdentitet",
        "endringIDoedsfall",
    }
)


@dataclass(frozen=True)
class Event:
    """Something changed for the person with this number; what, the person's document tells.

    `kind` is the register's own word. No repr shows the number.
    """

    sequence: int
    kind: str
    national_id: str
    at: datetime | None

    def __repr__(self) -> str:
        return f"<Event {self.sequence} {self.kind}>"

    @property
    def changes_a_person(self) -> bool:
        """Is the person to be read again?"""
        return self.kind in CHANGES or self.kind.startswith("personEr")


@dataclass(frozen=True)
class Events:
    """New events, oldest first. `more`: ask again at once, from the last one here."""

    items: tuple[Event, ...]
    more: bool
