"""A list in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.importing.verdicts import Look, Stands, Verdict
from registers.requirements.texts import Explained, explain


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it. status, color: of what the registers say."""

    verdict: Verdict
    unmet: list[Explained]
    status: str
    color: str


def row(one: Verdict) -> Shown:
    """The row with what the registers say of the person."""
    unmet = [explain(finding.as_json()) for finding in one.unmet]
    if one.stands == Stands.TAKEN:
        status, color = _("I handlekurven"), "success"
    elif unmet:
        status, color = _("Et krav er ikke oppfylt"), "warning"
    elif one.judged:
        status, color = _("Alle krav er i orden"), "success"
    else:
        status, color = _("Sjekkes nå"), "info"
    return Shown(one, unmet, status, color)


def filters(everything: Look) -> list[tuple[str, str, int]]:
    """What the list can be narrowed to: value, words, and how many there are."""
    words = {
        Stands.WRONG: _("Må rettes"),
        Stands.ASKING: _("Sjekkes nå"),
        Stands.READY: _("Klare"),
        Stands.TAKEN: _("I handlekurven"),
    }
    return [(str(each), name, len(everything.of(each))) for each, name in words.items()]
