"""What the registers returned of whom a decision is about, as it is stored: the facts themselves.

Never another employer's: of employments, those in the company alone.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from hmskort.common.templatetags.portal import dato, orgnr, tidspunkt
from registers.models import (
    Approval,
    Company,
    Employment,
    Lookup,
    Person,
    PostedWork,
    RightToWork,
    Verdict,
)
from registers.questions import subject_of
from registers.requirements.approvals import CLEANING, STAFFING
from registers.requirements.texts import REASONS
from registers.udi.answers import Access, Kind

Rows = list[dict[str, str]]


def returned_of(verdict: Verdict | None, requirement: str) -> Rows:
    """Each field that the requirement rests on, with when the register answered last."""
    if verdict is None:
        return []
    company = Company.objects.filter(pk=verdict.main_orgnr).first()
    return RETURNED[requirement](verdict, company)


def _of_company(verdict: Verdict, company: Company | None) -> Rows:
    if company is None:
        return []
    return [
        _row(_("Enhetsregisteret"), f"{company.name}, {company.get_state_display()}"),
        _row(_("Organisasjonsform"), company.form),
        _row(_("Slettet"), dato(company.deleted_on)),
        _row(_("Konkurs"), _yes_or_no(company.bankrupt)),
        _row(_("I Merverdiavgiftsregisteret"), _yes_or_no(company.vat_registered)),
        _row(_("I Foretaksregisteret"), _yes_or_no(company.in_foretaksregisteret)),
        _row(_("Næringskode"), ", ".join(company.industries)),
        _row(_("Svart"), tidspunkt(company.answered_at)),
    ]


def _in_file(register: str, name: str) -> Callable[[Verdict, Company | None], Rows]:
    def of(verdict: Verdict, company: Company | None) -> Rows:
        found = Approval.objects.filter(register=register, orgnr=verdict.main_orgnr).first()
        reason = f"{name}_{found.status}" if found else f"{name}_not_in_register"
        status = str(REASONS.get(reason, found.status if found else ""))
        return [
            _row(_("Status i registeret"), status),
            _row(_("Siden"), tidspunkt(found.since_at) if found else ""),
            *_of_company(verdict, company),
        ]

    return of


def _of_person(verdict: Verdict, company: Company | None) -> Rows:
    person = verdict.person.survivor
    return [
        _row(_("Folkeregisteret"), person.get_state_display()),
        _row(_("Status"), person.register_status),
        _row(_("Nummeret er i bruk"), _yes_or_no(person.number_in_use)),
        _row(_("Død"), dato(person.died_on)),
        _row(_("Svart"), tidspunkt(person.answered_at)),
    ]


def _of_work(verdict: Verdict, company: Company | None) -> Rows:
    """The employments that were told of, ended ones too; OAR's assignments beside them."""
    person = verdict.person.survivor
    rows = Employment.objects.filter(person=person, main_orgnr=verdict.main_orgnr)
    posted = PostedWork.objects.filter(person=person, main_orgnr=verdict.main_orgnr)
    told = [
        _row(_("Arbeidsforhold"), f"{_days(row.starts_on, row.ends_on)}, {orgnr(row.orgnr)}")
        for row in rows.order_by("starts_on", "id")
    ] or [_row(_("Arbeidsforhold"), _("Ingen i virksomheten."))]
    told += [
        _row(_("Oppdrag i OAR"), _days(row.starts_on, row.ends_on))
        for row in posted.order_by("starts_on", "id")
    ]
    return [*told, _row(_("Svart"), tidspunkt(_answered_at("aaregisteret", person, verdict)))]


def _of_permit(verdict: Verdict, company: Company | None) -> Rows:
    person = verdict.person.survivor
    permit = RightToWork.objects.filter(pk=person.pk).first()
    citizenships = _row(_("Statsborgerskap"), ", ".join(person.citizenships))
    if permit is None:
        return [citizenships]
    return [
        citizenships,
        _row(_("Kan arbeide i Norge"), _access(permit.access)),
        _row(_("Bundet til én arbeidsgiver eller ett slags arbeid"), _bound(permit)),
        _row(_("Periode"), _days(permit.starts_on, permit.ends_on)),
        _row(_("Svart"), tidspunkt(_answered_at("udi", person, verdict))),
    ]


RETURNED: dict[str, Callable[[Verdict, Company | None], Rows]] = {
    "company_exists": _of_company,
    "vat_registered": _of_company,
    "in_foretaksregisteret": _of_company,
    "cleaning_approved": _in_file(CLEANING, "cleaning"),
    "staffing_approved": _in_file(STAFFING, "staffing"),
    "person_exists": _of_person,
    "employed": _of_work,
    "may_work_in_norway": _of_permit,
}


def _answered_at(source: str, person: Person, verdict: Verdict) -> datetime | None:
    subject = subject_of(source, person=person.pk, orgnr=verdict.main_orgnr)
    found = Lookup.objects.filter(source=source, subject=subject).first()
    return found.answered_at if found else None


def _days(first: date | None, last: date | None) -> str:
    return f"{dato(first)}\N{EN DASH}{dato(last)}"


def _access(access: str) -> str:
    if access == Access.UNCLEAR:
        return _("Uklart")
    if access not in {Access.YES, Access.NO}:
        return _("UDI kjenner ikke personen.")
    return _yes_or_no(access == Access.YES)


def _bound(permit: RightToWork) -> str:
    return _yes_or_no(permit.bound_to != Kind.GENERAL) if permit.access == Access.YES else ""


def _yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - what a register said
    if value is None:
        return ""
    return _("Ja") if value else _("Nei")


def _row(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}
