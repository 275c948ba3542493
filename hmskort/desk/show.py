"""How cases are shown: states in words, what was answered, the decision record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.common.templatetags.portal import dato, masked, orgnr, telefon, tidspunkt
from hmskort.desk import queries
from hmskort.desk.attachments import NAMES
from hmskort.desk.forms import LANGUAGES, asked_name
from hmskort.desk.incoming import LEFT_OUT, without_numbers
from hmskort.desk.models import Attachment, Case, Entry, Mail
from hmskort.desk.states import CaseState
from orders.actions.surnames import named_people
from registers.models import CardKind, Company, Person, Verdict
from registers.requirements.texts import TITLES, explain

Rows = list[dict[str, str]]
COLORS = {
    CaseState.SENT: "info",
    CaseState.NEEDS_MORE: "warning",
    CaseState.PROPOSED: "info",
    CaseState.GRANTED: "success",
    CaseState.REFUSED: "danger",
    CaseState.CLOSED: "neutral",
}
# What is granted and refused of an unclear answer is how it was read.
READ = {CaseState.GRANTED: gettext_lazy("Oppfylt"), CaseState.REFUSED: gettext_lazy("Ikke oppfylt")}
READINGS = {
    Entry.Kind.PROPOSED: gettext_lazy("Foreslått vurdert som oppfylt"),
    Entry.Kind.CONFIRMED: gettext_lazy("Vurdert som oppfylt"),
    Entry.Kind.DECLINED: gettext_lazy("Forslaget er ikke bekreftet"),
    Entry.Kind.REFUSED: gettext_lazy("Vurdert som ikke oppfylt"),
    Entry.Kind.ENDED: gettext_lazy("Vurderingen er avsluttet"),
}
HIDDEN = {  # from the employer
    Entry.Kind.PROPOSED, Entry.Kind.DECLINED, Entry.Kind.MAILED, Entry.Kind.REPLIED,
    Entry.Kind.PLACED, Entry.Kind.REVEALED, Entry.Kind.MAIL_GONE,
}  # fmt: skip


@dataclass(frozen=True)
class ShownMail:
    """A mail on a caseworker's page. hides: identity numbers are masked in its text."""

    mail: Mail
    text: str
    hides: bool
    documents: Rows
    left_out: list[str]


@dataclass(frozen=True)
class Shown:
    """A case in a list or on a page."""

    case: Case
    title: str
    label: str
    color: str
    new_mail: bool


def shown(case: Case) -> Shown:
    """The case in a caseworker's words."""
    state = CaseState(case.state)
    label = READ.get(state, "") if case.kind == Case.Kind.UNCLEAR else ""
    label = str(label) or state_name(state)
    return Shown(case, title_of(case), label, COLORS[state], case.mail_at is not None)


def shown_to_employer(case: Case) -> Shown:
    """The case in words. The employer need not know of the step between two caseworkers."""
    inside = shown(case)
    if case.state == CaseState.NEEDS_MORE:
        return replace(inside, label=_("Trenger svar fra deg"))
    if case.state == CaseState.PROPOSED:
        return replace(inside, label=state_name(CaseState.SENT))
    return inside


def title_of(case: Case) -> str:
    match Case.Kind(case.kind):
        case Case.Kind.DISPUTE:
            return _("Innsigelse: %s") % TITLES[case.requirement]
        case Case.Kind.UNCLEAR:
            return _("Uklart svar: %s") % TITLES[case.requirement]
        case Case.Kind.MAIL:
            return _("E-post")
        case Case.Kind.ADMISSION:
            return _("Tilgang uten ID-porten")
        case Case.Kind.EXEMPTION:
            return _("Unntak: %s") % case.exemption_kind


def state_name(state: CaseState) -> str:
    return {
        CaseState.SENT: _("Til behandling"),
        CaseState.NEEDS_MORE: _("Trenger svar fra virksomheten"),
        CaseState.PROPOSED: _("Venter på bekreftelse"),
        CaseState.GRANTED: _("Innvilget"),
        CaseState.REFUSED: _("Avslått"),
        CaseState.CLOSED: _("Lukket"),
    }[state]


def record_of(verdict: Verdict | None, requirement: str) -> Rows:
    """The decision: the rule, the data it was made on, from where and when."""
    if verdict is None:
        return []
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


def facts_of(case: Case, *, inside: bool) -> Rows:
    """Who the case is about, and what the employer answered.

    inside: names are shown that the employer may not know.
    """
    rows = [
        {"name": _("Virksomhet"), "value": case.company_name},
        {"name": _("Organisasjonsnummer"), "value": orgnr(case.orgnr) if case.orgnr else ""},
    ]
    people = list(case.people.prefetch_related("numbers").order_by("surname", "given_names"))
    named = {person.pk for person in people}
    if not inside:
        named = named_people(named, case.orgnr)
    rows += [
        {"name": _("Gjelder"), "value": _person(person, is_named=person.pk in named)}
        for person in people
    ]
    if case.kind == Case.Kind.ADMISSION:
        return rows + _applicant(case)
    asks = case.exemption_kind.asks if case.exemption_kind else []
    return rows + [
        {"name": asked_name(code), "value": _answer(case.answers[code])}
        for code in asks
        if code in case.answers
    ]


def _applicant(case: Case) -> Rows:
    """Who asks to be let in, as they wrote it."""
    told = case.answers
    number = masked(case.person.national_id) if case.person and not _is_foreign(case) else ""
    kinds = CardKind.objects.filter(code__in=told["kinds"])
    return [
        {"name": _("Navn"), "value": f"{told['given_names']} {told['surname']}"},
        {"name": _("Fødselsdato"), "value": dato(_date(str(told["birth_date"])))},
        {"name": _("D-nummer"), "value": number},
        {"name": _("Navn i Folkeregisteret"), "value": _registered_name(case) if number else ""},
        {"name": _("Rolle i virksomheten"), "value": str(told["position"])},
        {"name": _("E-postadresse"), "value": case.contact_email},
        {"name": _("Mobilnummer"), "value": telefon(str(told["phone"]))},
        {"name": _("Korttype"), "value": ", ".join(kind.name for kind in kinds)},
    ]


def _registered_name(case: Case) -> str:
    """Whose number it is, to hold beside who says it is theirs."""
    known = case.person.survivor if case.person else None
    if known is None or known.state == known.State.UNKNOWN:
        return _("Folkeregisteret har ikke svart")
    if known.state == known.State.NOT_FOUND:
        return _("Finnes ikke")
    return f"{known.name}, {dato(known.birth_date)}" if known.birth_date else known.name


def _is_foreign(case: Case) -> bool:
    return case.person is not None and not case.person.survivor.numbers.exists()


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


def documents_of(case: Case, documents: Iterable[Attachment], page: str) -> Rows:
    """Documents of the case with their addresses; page: the name of the view that shows one."""
    return [
        {
            "name": str(NAMES.get(row.document, row.document)),
            "href": reverse(page, args=[case.reference, row.pk]),
            "at": tidspunkt(row.uploaded_at),
        }
        for row in documents
    ]


def mails_of(case: Case, *, reveal: bool) -> list[ShownMail]:
    """The mails of the case. reveal: identity numbers are shown, which has been recorded."""
    return [_mail(case, mail, reveal=reveal) for mail in queries.mails_of(case)]


def _mail(case: Case, mail: Mail, *, reveal: bool) -> ShownMail:
    text, plain = mail.text, without_numbers(mail.text)
    return ShownMail(
        mail=mail,
        text=text if reveal else plain,
        hides=text != plain and not reveal,
        documents=documents_of(case, mail.attachments.all(), "desk:staff_document"),
        left_out=[str(LEFT_OUT[code]) for code in mail.left_out],
    )


def history_of(case: Case, *, inside: bool) -> list[dict[str, object]]:
    """What happened, the newest first. inside: what only caseworkers see is told too."""
    return [
        {
            "at": entry.at,
            "title": _happened(entry, case) + _period(entry),
            "text": entry.text,
            "who": _who(entry, case, inside=inside),
        }
        for entry in case.entries.select_related("by").order_by("-id")
        if inside or entry.kind not in HIDDEN
    ]


def _happened(entry: Entry, case: Case) -> str:
    read = READINGS.get(Entry.Kind(entry.kind)) if case.kind == Case.Kind.UNCLEAR else None
    return str(read or entry.get_kind_display())


def _who(entry: Entry, case: Case, *, inside: bool) -> str:
    """Employers are not told which caseworker it was."""
    if entry.by is None:
        return _("Portalen") if inside else ""
    return entry.by.name if inside or entry.by_id == case.sender_id else ""


def _period(entry: Entry) -> str:
    if entry.from_on is None or entry.to_on is None:
        return ""
    return f" {dato(entry.from_on)}\N{EN DASH}{dato(entry.to_on)}"


def _person(person: Person, *, is_named: bool) -> str:
    number = masked(person.national_id)
    return f"{person.name}, {number}" if person.name and is_named else number


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
