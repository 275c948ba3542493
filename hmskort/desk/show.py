"""How cases are shown: states in words, what was answered, the decision record."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hmskort.common.templatetags.portal import dato, masked, orgnr, tidspunkt
from hmskort.desk import queries
from hmskort.desk.attachments import NAMES
from hmskort.desk.forms import LANGUAGES, asked_name
from hmskort.desk.models import Case, Entry
from hmskort.desk.states import CaseState
from registers.models import Company, Person, Verdict
from registers.requirements.texts import TITLES, explain

Rows = list[dict[str, str]]
COLORS = {
    CaseState.SENT: "info",
    CaseState.NEEDS_MORE: "warning",
    CaseState.PROPOSED: "info",
    CaseState.GRANTED: "success",
    CaseState.REFUSED: "danger",
}


@dataclass(frozen=True)
class Shown:
    """A case in a list or on a page."""

    case: Case
    title: str
    label: str
    color: str


def shown(case: Case) -> Shown:
    """The case in words. The employer need not know of the step between two caseworkers."""
    state = CaseState(case.state)
    return Shown(case, title_of(case), state_name(state), COLORS[state])


def title_of(case: Case) -> str:
    if case.kind == Case.Kind.DISPUTE:
        return _("Innsigelse: %s") % TITLES[case.requirement]
    return _("Unntak: %s") % case.exemption_kind.name


def state_name(state: CaseState) -> str:
    return {
        CaseState.SENT: _("Til behandling"),
        CaseState.NEEDS_MORE: _("Trenger svar fra virksomheten"),
        CaseState.PROPOSED: _("Venter på bekreftelse"),
        CaseState.GRANTED: _("Innvilget"),
        CaseState.REFUSED: _("Avslått"),
    }[state]


def record_of(verdict: Verdict, requirement: str) -> Rows:
    """The decision: the rule, the data it was made on, from where and when."""
    finding = next(row for row in verdict.findings if row["requirement"] == requirement)
    told = explain(finding)
    return [
        {"name": _("Krav"), "value": told.title},
        {"name": _("Regel"), "value": queries.law_of(verdict, requirement)},
        {"name": _("Resultat"), "value": f"{told.label}. {told.text}"},
        {"name": _("Opplysninger fra"), "value": told.source},
        {"name": _("Registeret ble spurt"), "value": tidspunkt(told.answered_at)},
        {"name": _("Vurdert"), "value": tidspunkt(verdict.at)},
    ]


def facts_of(case: Case) -> Rows:
    """Who the case is about, and what the employer answered."""
    rows = [
        {"name": _("Virksomhet"), "value": case.company_name},
        {"name": _("Organisasjonsnummer"), "value": orgnr(case.orgnr)},
    ]
    people = case.people.prefetch_related("numbers").order_by("surname", "given_names")
    rows += [{"name": _("Gjelder"), "value": _person(person)} for person in people]
    return rows + [
        {"name": asked_name(code), "value": _answer(case.answers[code])}
        for code in case.exemption_kind.asks
        if code in case.answers
    ]


def company_of(case: Case) -> Rows:
    """What Enhetsregisteret says that the conditions ask about."""
    company = Company.objects.filter(orgnr=case.orgnr).first()
    if company is None:
        return []
    return [
        {"name": _("Organisasjonsform"), "value": company.form},
        {"name": _("Registrert"), "value": dato(company.registered_on)},
        {"name": _("Sektorkode"), "value": company.sector_code},
        {"name": _("Næringskode"), "value": ", ".join(company.industries)},
        {"name": _("Kommunenummer"), "value": company.municipality},
    ]


def documents_of(case: Case, page: str) -> Rows:
    """The documents with their addresses; page: the name of the view that shows one."""
    return [
        {
            "name": str(NAMES.get(row.document, row.document)),
            "href": reverse(page, args=[case.reference, row.pk]),
            "at": tidspunkt(row.uploaded_at),
        }
        for row in case.attachments.all()
    ]


def history_of(case: Case, *, inside: bool) -> list[dict[str, object]]:
    """What happened, the newest first. inside: what only caseworkers see is told too."""
    hidden = {Entry.Kind.PROPOSED, Entry.Kind.DECLINED}
    return [
        {
            "at": entry.at,
            "title": entry.get_kind_display() + _period(entry),
            "text": entry.text,
            "who": entry.by.name if inside or entry.by_id == case.sender_id else "",
        }
        for entry in case.entries.select_related("by").order_by("-id")
        if inside or entry.kind not in hidden
    ]


def _period(entry: Entry) -> str:
    if entry.from_on is None or entry.to_on is None:
        return ""
    return f" {dato(entry.from_on)}\N{EN DASH}{dato(entry.to_on)}"


def _person(person: Person) -> str:
    number = masked(person.national_id)
    return f"{person.name}, {number}" if person.name else number


def _answer(value: Any) -> str:
    if value is True:
        return _("Ja")
    text = str(dict(LANGUAGES).get(value, value))
    return dato(_date(text)) or text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
