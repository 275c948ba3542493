"""How the requirements of a case stand on the stored facts today; what it is about is a record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hmskort.common import clock
from hmskort.common.templatetags.portal import tidspunkt
from hmskort.desk.models import Case
from hmskort.desk.states import CASE_OPEN
from registers.requirements.findings import Finding, Found
from registers.requirements.judge import findings_of
from registers.requirements.texts import Explained, explain

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Standing:
    """rows: the case's requirement now, and whatever else keeps the person from having a card.

    met: said above the decision when the requirement is met without it; empty otherwise.
    """

    rows: Rows
    met: str = ""


def standing_of(case: Case) -> Standing:
    """What the registers last said, by the rules of today. Nobody is asked."""
    verdict = case.verdict
    if verdict is None or case.state not in CASE_OPEN:
        return Standing([])
    person, today = verdict.person.survivor.pk, clock.today()
    found = findings_of(person, verdict.main_orgnr, verdict.kind, today, verdict.unit)
    own = [each for each in found if each.requirement == case.requirement]
    others = [
        each
        for each in found
        if each.requirement != case.requirement and each.found == Found.NOT_MET
    ]
    rows = [_row(_("Kravet nå"), _told(each), asked=True) for each in own]
    rows += [_row(_("Heller ikke oppfylt"), _told(each), asked=False) for each in others]
    return Standing(rows, _met(case, own))


def _met(case: Case, own: list[Finding]) -> str:
    """A case about an unclear answer is closed by the clear one, so it is not told there."""
    if case.kind == Case.Kind.UNCLEAR or not own or own[0].found != Found.MET:
        return ""
    asked = tidspunkt(own[0].answered_at)
    return _("Kravet er oppfylt nå, spurt %(at)s. Da trengs ikke unntak.") % {"at": asked}


def _told(finding: Finding) -> Explained:
    return explain(finding.as_json())


def _row(name: str, told: Explained, *, asked: bool) -> dict[str, str]:
    value = f"{told.label}. {told.text}" if asked else f"{told.title}: {told.text}"
    at = _("Spurt %s.") % tidspunkt(told.answered_at) if asked and told.answered_at else ""
    return {"name": name, "value": f"{value} {at}".strip()}
