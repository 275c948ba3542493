"""Questions about cases. What a company, or a caseworker, may not see does not exist for them."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from hmskort.accounts.models import Access, User
from hmskort.desk.models import Case
from hmskort.desk.states import CASE_OPEN, CaseState
from registers.exemptions.models import Exemption, ExemptionKind
from registers.models import KindRequirement, Person, Verdict

SHOWN = 100  # of the queue; the oldest are what matters


def cases_of(orgnr: str) -> QuerySet[Case]:
    """The company's cases, the newest first."""
    return Case.objects.filter(orgnr=orgnr).select_related("exemption_kind").order_by("-sent_at")


def case_for(orgnr: str, reference: str) -> Case:
    """The company's case; another company's does not exist (404)."""
    cases = cases_of(orgnr).select_related("person", "verdict__kind", "sender")
    return get_object_or_404(cases, reference=reference)


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


def workable_by(caseworker: User) -> QuerySet[Case]:
    """The cases that a caseworker may see: none of a company that they act for themselves."""
    acts_for = Access.objects.filter(person=caseworker.person_id, ended_at=None)
    return (
        Case.objects.exclude(orgnr__in=acts_for.values("main_orgnr"))
        .exclude(sender=caseworker)
        .select_related("exemption_kind", "person", "verdict__kind", "proposed_by")
    )


def queue(caseworker: User, *, kind: str = "", state: str = "") -> QuerySet[Case]:
    """What waits for a caseworker, the oldest first; or what is in another state."""
    wanted = [state] if state in set(map(str, CaseState)) else [CaseState.SENT, CaseState.PROPOSED]
    cases = workable_by(caseworker).filter(state__in=wanted)
    if kind in Case.Kind.values:
        cases = cases.filter(kind=kind)
    return cases.order_by("sent_at", "id")[:SHOWN]


def exemptions_of(case: Case) -> QuerySet[Exemption]:
    """What the case led to."""
    return Exemption.objects.filter(case_reference=case.reference).order_by("id")


def law_of(verdict: Verdict, requirement: str) -> str:
    """The source of the requirement, as it was in force when it was judged."""
    rows = KindRequirement.objects.filter(kind=verdict.kind_id, requirement=requirement)
    row = rows.filter(since__lte=verdict.at.date()).order_by("-since").first()
    return row.source if row else ""
