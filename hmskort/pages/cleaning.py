"""May cleaning be bought of a company? What its status in Renholdsregisteret means, in words.

It is forbidden to buy cleaning from a company that is not approved: seed 001 § 3.3,
FOR-2012-05-08-408 §§ 6 and 8.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registers.approvals import Standing
from registers.renholdsregisteret.answers import Status

REGISTER = "https://www.arbeidstilsynet.no/godkjenninger/godkjenning-av-renholdsvirksomhet/"


@dataclass(frozen=True)
class Told:
    """The answer in words, with its colour and icon."""

    title: str | Promise
    text: str | Promise
    color: str
    icon: str


FORBIDDEN = _("Det er forbudt å kjøpe renhold av en virksomhet som ikke er godkjent.")
TOLD: dict[str, Told] = {
    Status.APPROVED_WITH_EMPLOYEES: Told(
        _("Virksomheten er godkjent for renhold"),
        _("Den er godkjent med ansatte. Du kan kjøpe renhold av den."),
        "success", "checkmark-circle-fill",
    ),
    Status.APPROVED_WITHOUT_EMPLOYEES: Told(
        _("Virksomheten er godkjent for renhold, uten ansatte"),
        _("Du kan kjøpe renhold av den når det er eieren selv som gjør rent."),
        "success", "checkmark-circle-fill",
    ),
    Status.UNDER_CONSIDERATION: Told(
        _("Virksomheten er ikke godkjent ennå"),
        _("Søknaden om godkjenning er til behandling hos Arbeidstilsynet."),
        "warning", "hourglass",
    ),
    Status.ORDERING_CARDS: Told(
        _("Virksomheten er ikke endelig godkjent ennå"),
        _("Den bestiller HMS-kort, og blir godkjent når alle renholderne har kort."),
        "warning", "hourglass",
    ),
    Status.NOT_APPROVED: Told(
        _("Virksomheten er ikke godkjent for renhold"), FORBIDDEN, "danger", "x-mark-octagon-fill",
    ),
    "": Told(
        _("Virksomheten står ikke i registeret"), FORBIDDEN,
        "danger", "x-mark-octagon-fill",
    ),
    Status.UNKNOWN: Told(
        _("Vi kan ikke si om virksomheten er godkjent"),
        _("Registeret har en status som vi ikke kjenner. Se i registeret selv."),
        "neutral", "minus-circle-fill",
    ),
}  # fmt: skip
NOT_READ = Told(
    _("Vi kan ikke si om virksomheten er godkjent"),
    _("Vi har ikke fått lest registeret. Se i registeret selv."),
    "neutral",
    "minus-circle-fill",
)


def told(standing: Standing | None) -> Told:
    """What is said of the company; None where the register has never been read."""
    return NOT_READ if standing is None else TOLD[standing.status]
