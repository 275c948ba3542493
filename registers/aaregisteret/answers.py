"""What Aa-registeret answers, as far as the portal needs it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Employment:
    """An employment that is active or begins later. No repr shows who is employed."""

    register_id: str
    national_id: str
    orgnr: str  # arbeidssted: the sub-unit
    main_orgnr: str  # opplysningspliktig: the main unit
    kind: str  # ordinaertArbeidsforhold ...
    starts_on: date
    ends_on: date | None  # the last day

    def __repr__(self) -> str:
        return f"<Employment {self.orgnr} {self.starts_on} {self.ends_on}>"
