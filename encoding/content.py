"""What a card says about its holder: the values that every profile lays out in its own way."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self

from encoding.errors import Unfit

EARLIEST_BIRTH = date(1900, 1, 1)
"""Nobody who works was born earlier; an earlier date is a mistake."""


class Kind(StrEnum):
    """Which of the two cards it is."""

    CONSTRUCTION = "construction"
    CLEANING = "cleaning"


class Sex(StrEnum):
    """As the register says it: man, woman (kvinne) or not known. Never read off a number."""

    MAN = "M"
    WOMAN = "K"
    UNKNOWN = "U"


@dataclass(frozen=True, kw_only=True)
class CardContent:
    """One card's content, checked when it is made.

    Names are NFC-normalised; one of the two may be empty (some people have a single name).
    generation: 1 for the first encoding, higher for each that replaces it, at most 255.
    Personal fields stay out of `repr`, so that a log line cannot hold them.
    Raises Unfit, naming the field.
    """

    kind: Kind
    card_number: str
    given_names: str = field(repr=False)
    surname: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    orgnr: str
    org_name: str
    issued_on: date
    expires_on: date
    generation: int = 1

    def __post_init__(self) -> None:
        for name in ("given_names", "surname", "org_name"):
            object.__setattr__(self, name, _tidy(name, getattr(self, name)))
        _require(re.fullmatch("[0-9]{8}", self.card_number), "card_number: 8 digits")
        _require(re.fullmatch("[0-9]{9}", self.orgnr), "orgnr: 9 digits")
        _require(self.given_names or self.surname, "surname: a card needs a name")
        _require(self.org_name, "org_name: empty")
        _require(self.birth_date >= EARLIEST_BIRTH, "birth_date: before 1900")
        _require(self.expires_on > self.issued_on, "expires_on: not after issued_on")
        _require(1 <= self.generation <= 255, "generation: 1 to 255")

    @classmethod
    def from_json(cls, data: Mapping[str, object], *, generation: int = 1) -> Self:
        """The content as the portal sends it: dates as YYYY-MM-DD, kind and sex by their value."""
        try:
            return cls(
                kind=Kind(_text(data, "kind")),
                card_number=_text(data, "card_number"),
                given_names=_text(data, "given_names"),
                surname=_text(data, "surname"),
                birth_date=date.fromisoformat(_text(data, "birth_date")),
                sex=Sex(_text(data, "sex")),
                orgnr=_text(data, "orgnr"),
                org_name=_text(data, "org_name"),
                issued_on=date.fromisoformat(_text(data, "issued_on")),
                expires_on=date.fromisoformat(_text(data, "expires_on")),
                generation=generation,
            )
        except ValueError as wrong:
            raise Unfit(str(wrong)) from None

    def to_json(self) -> dict[str, str]:
        """The same content as `from_json` reads; the generation travels beside it."""
        values = asdict(self)
        del values["generation"]
        return {name: str(value) for name, value in values.items()}


def _tidy(name: str, text: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in tidy):
        raise Unfit(f"{name}: holds a character that is not text")
    return tidy


def _require(holds: object, complaint: str) -> None:
    if not holds:
        raise Unfit(complaint)


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise Unfit(f"{name}: missing or not text")
    return value
