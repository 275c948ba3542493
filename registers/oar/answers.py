"""What Oppdrags- og arbeidsforholdsregisteret answers, as far as the portal needs it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PostedWork:
    """A worker's part in a foreign company's assignment in Norway, as it was reported.

    `identity_checked`: whether the person's identity has been controlled. Nothing here says who
    the person is.
    """

    assignment_id: str
    orgnr: str  # oppdragstaker: the foreign company that employs
    client_orgnr: str  # oppdragsgiver: whom the work is done for
    starts_on: date
    ends_on: date | None  # the last day
    identity_checked: bool
