"""What Enhetsregisteret answers, as far as the portal needs it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class Address:
    """An address as registered; `municipality` is the four-digit number."""

    lines: tuple[str, ...]
    postal_code: str
    city: str
    municipality: str
    country_code: str


@dataclass(frozen=True)
class Company:
    """A main unit or a sub-unit that is not deleted.

    `main_orgnr` is None for a main unit. The flags that only a main unit has are None for a
    sub-unit: what the register does not say is never taken for a no.
    """

    orgnr: str
    name: str
    form: str  # organisasjonsform: AS, ENK, NUF, BEDR ...
    main_orgnr: str | None
    bankrupt: bool | None
    winding_up: bool | None  # under avvikling, tvangsavvikling or tvangsopplosning
    vat_registered: bool
    in_foretaksregisteret: bool | None
    sector_code: str
    industries: tuple[str, ...]  # NACE codes, the main one first
    registered_on: date | None
    closed_on: date | None  # nedleggelsesdato of a sub-unit
    address: Address | None  # where it does business


@dataclass(frozen=True)
class Deleted:
    """The company has been deleted; `removed` when for legal reasons nothing else may be shown."""

    orgnr: str
    name: str
    deleted_on: date | None
    removed: bool = False


@dataclass(frozen=True)
class PersonHolder:
    """A person with a role. The open register has the birth date, never the identity number."""

    given_names: str
    surname: str
    birth_date: date | None
    dead: bool


@dataclass(frozen=True)
class CompanyHolder:
    """A company with a role, such as the accountant."""

    orgnr: str
    deleted: bool


@dataclass(frozen=True)
class Role:
    """A role that is in force. `code`: DAGL, LEDE, INNH, DTPR, DTSO, MEDL ..."""

    code: str
    group: str
    holder: PersonHolder | CompanyHolder


Units = Literal["enheter", "underenheter"]
Feed = Literal["enheter", "underenheter", "roller"]
Kind = Literal["unknown", "new", "changed", "deleted", "removed"]


@dataclass(frozen=True)
class Change:
    """Something changed for a unit, its sub-unit or its roles; what, the unit itself tells.

    `paths`: the fields that changed, as JSON Pointers such as `/konkurs`; None where the register
    does not say, as for roles. They hint at what to read first: no rule rests on them.
    """

    sequence: int
    orgnr: str
    kind: Kind
    at: datetime
    paths: tuple[str, ...] | None
