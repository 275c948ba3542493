"""Questions about cases. What a company, or a caseworker, may not see does not exist for them."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from hmskort.accounts.models import Access, User
from hmskort.common import paging
from hmskort.common.clock import oslo_date
from hmskort.desk.models import Attachment, Case, Mail
from hmskort.desk.states import CASE_OPEN, CaseState
from registers import orgnr as orgnrs
from registers.exemptions.models import ExemptionKind
from registers.models import KindRequirement, Person, Verdict

SORTS: dict[str, tuple[str, ...]] = {
    "eldst": ("sent_at", "id"),
    "nyest": ("-sent_at", "-id"),
    "virksomhet": ("company_name", "sent_at", "id"),
}
ALL = "alle"
OF_OTHERS = (Case.Kind.MAIL, Case.Kind.ADMISSION)
WAITS = Q(state__in=[CaseState.SENT, CaseState.PROPOSED]) | Q(mail_at__isnull=False)


def cases_of(orgnr: str) -> QuerySet[Case]:
    """The company's cases, the newest first. What others sent about it is between them and us."""
    cases = Case.objects.filter(orgnr=orgnr).exclude(kind__in=OF_OTHERS)
    return cases.select_related("exemption_kind").order_by("-sent_at", "-id")


def page_of_cases(orgnr: str, wanted: Mapping[str, str]) -> paging.Page[Case]:
    """The page of the company's cases that the address asks for."""
    return paging.page(cases_of(orgnr).order_by(), SORTS["nyest"], wanted)


def waiting_for_employer(orgnr: str) -> int:
    """How many cases the company has been asked for more about."""
    return cases_of(orgnr).filter(state=CaseState.NEEDS_MORE).count()


def case_for(orgnr: str, reference: str) -> Case:
    """The company's case; another company's does not exist (404)."""
    cases = cases_of(orgnr).select_related("person", "verdict__kind", "sender")
    return get_object_or_404(cases, reference=reference)


def sent_here(case: Case) -> QuerySet[Attachment]:
    """The documents that the employer sent in the portal; what came by mail is not among them."""
    return case.attachments.filter(mail=None)


def open_case(
    *, orgnr: str, requirement: str, kind: ExemptionKind, person: Person | None
) -> Case | None:
    """The case that the company already has about this."""
    return Case.objects.filter(
        orgnr=orgnr,
        requirement=requirement,
        exemption_kind=kind,
        person=person,
        state__in=CASE_OPEN,
    ).first()


def open_cases(orgnr: str) -> dict[tuple[UUID | None, str], str]:
    """The references of the company's open cases, by person (None: the company) and requirement."""
    rows = (
        cases_of(orgnr)
        .filter(state__in=CASE_OPEN)
        .values_list("person", "requirement", "reference")
    )
    return {(person, requirement): reference for person, requirement, reference in rows}


def workable_by(caseworker: User) -> QuerySet[Case]:
    """The cases that a caseworker may see: none of a company that they act for themselves."""
    acts_for = Access.objects.filter(person=caseworker.person_id, ended_at=None)
    return (
        Case.objects.exclude(orgnr__in=acts_for.values("main_orgnr"))
        .exclude(sender=caseworker)
        .select_related("exemption_kind", "person", "verdict__kind", "proposed_by")
    )


def waiting_for(caseworker: User) -> int:
    """How many cases wait for a caseworker."""
    return workable_by(caseworker).filter(WAITS).count()


def queue(caseworker: User, wanted: Mapping[str, str]) -> paging.Page[Case]:
    """The page of the queue that the address asks for.

    wanted: `q` (reference, orgnr, or the beginning of the company's name), `type` (a kind),
    `status` (a state, `alle`; else what waits), `sorter` (one of SORTS), `etter` and `for`.
    Each case has `mail_subject`, where it is mail alone.
    """
    newest = Mail.objects.filter(case=OuterRef("pk"), case__kind=Case.Kind.MAIL)
    subject = Subquery(newest.order_by("-received_at").values("subject")[:1])
    cases = _matching(workable_by(caseworker), wanted).annotate(mail_subject=subject)
    return paging.page(cases, SORTS.get(wanted.get("sorter", ""), SORTS["eldst"]), wanted)


def _matching(cases: QuerySet[Case], wanted: Mapping[str, str]) -> QuerySet[Case]:
    state, kind = wanted.get("status", ""), wanted.get("type", "")
    if state in set(map(str, CaseState)):
        cases = cases.filter(state=state)
    elif state != ALL:
        cases = cases.filter(WAITS)
    if kind in Case.Kind.values:
        cases = cases.filter(kind=kind)
    sought = " ".join(wanted.get("q", "").split())
    return cases.filter(_sought(sought)) if sought else cases


def _sought(words: str) -> Q:
    number = "".join(words.split())
    if orgnrs.is_valid(number):
        return Q(orgnr=number)
    return Q(reference=words.upper()) | Q(company_name__istartswith=words)


def mails_of(case: Case) -> QuerySet[Mail]:
    """The mails of the case, the newest first."""
    return case.mails.prefetch_related("attachments")


def law_of(verdict: Verdict, requirement: str) -> str:
    """The source of the requirement, as it was in force when it was judged."""
    rows = KindRequirement.objects.filter(kind=verdict.kind_id, requirement=requirement)
    row = rows.filter(since__lte=oslo_date(verdict.at)).order_by("-since").first()
    return row.source if row else ""
