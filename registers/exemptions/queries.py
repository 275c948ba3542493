"""Who is exempt from what, on which days; and what may be applied for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from hmskort.common import clock
from hmskort.common.ranges import DateRanges
from registers.exemptions import rules
from registers.exemptions.models import ASSESSED, OVERRIDE, Exemption, ExemptionKind
from registers.models import Company, Person
from registers.models import Role as RoleRow
from registers.requirements.facts import Exempt

WARN_BEFORE = timedelta(days=30)
Exemptions = dict[str, Exempt]  # by requirement


def exemptions_for(people: Collection[UUID], orgnr: str) -> dict[UUID, Exemptions]:
    """What each person (by id) need not meet in the main unit, in five queries at most.

    Granted exemptions and those that the registers prove count alike; of several that answer the
    same requirement the days are joined. What was granted to somebody's old number, which stands
    as it was granted, is theirs by the new one.
    """
    found: dict[UUID, Exemptions] = {pk: {} for pk in people}
    for row in in_force(orgnr):
        for pk in [row.person.survivor.pk] if row.person else people:
            if pk in found:
                _add(found[pk], row.requirement, _granted(row))
    for pk, kind, seen in _proven(people, orgnr):
        _add(found[pk], kind.requirement, seen)
    return found


def in_force(orgnr: str) -> QuerySet[Exemption]:
    """The company's exemptions that have not been taken back, whenever their days are."""
    granted = Exemption.objects.filter(orgnr=orgnr, ended_at=None)
    return granted.select_related("kind", "person__same_as").order_by("id")


def applicable(orgnr: str, requirement: str, on: date) -> list[ExemptionKind]:
    """The kinds that the company may apply for, the narrowest first."""
    return [kind for kind in _offered(orgnr, on) if kind.requirement == requirement]


def may_apply_for(orgnr: str, on: date) -> set[str]:
    """The requirements that the company may apply for an exemption from."""
    return {kind.requirement for kind in _offered(orgnr, on)}


def _offered(orgnr: str, on: date) -> list[ExemptionKind]:
    row = Company.objects.filter(orgnr=orgnr).first()
    if row is None:
        return []
    kinds = ExemptionKind.objects.filter(by_application=True)
    return [kind for kind in kinds if rules.fits(kind.conditions, _facts(row), on)]


def running_out(on: date) -> QuerySet[Exemption]:
    """Exemptions whose last day is near, and of which nobody has been told."""
    return Exemption.objects.filter(
        answer=Exemption.Answer.EXEMPT,
        ended_at=None,
        warned_at=None,
        to_on__gte=on,
        to_on__lte=on + WARN_BEFORE,
    ).select_related("kind")


REASONS = {OVERRIDE: "overridden", ASSESSED: "assessed_yes"}


def _granted(row: Exemption) -> Exempt:
    days, never = DateRanges.between(row.from_on, row.to_on), DateRanges.never()
    is_no = row.answer == Exemption.Answer.NOT_MET
    return Exempt(
        reason=REASONS.get(row.kind_id, "exemption_granted"),
        holds=never if is_no else days,
        source="saksbehandler" if row.kind_id == ASSESSED else "unntak",
        told={**_names(row.kind), "until": row.to_on.isoformat()},
        since=row.granted_at,
        refused=days if is_no else never,
    )


def _proven(people: Collection[UUID], orgnr: str) -> Iterable[tuple[UUID, ExemptionKind, Exempt]]:
    """The automatic exemptions: what the registers say is all that is asked."""
    row = Company.objects.filter(orgnr=orgnr).first()
    company = _facts(row) if row else None
    kinds = ExemptionKind.objects.filter(automatic=True)
    fitting = [k for k in kinds if company and rules.fits(k.conditions, company, clock.today())]
    if row is None or not fitting:
        return
    roles = _roles(orgnr) if any(kind.roles for kind in fitting) else []
    holders = _holders(people) if roles else {}
    for kind in fitting:
        exempt = Exempt(
            "exemption_proven",
            DateRanges.always(),
            "enhetsregisteret",
            _names(kind),
            row.answered_at,
        )
        for pk in people:
            if not kind.roles or (pk in holders and rules.has_role(holders[pk], roles, kind.roles)):
                yield pk, kind, exempt


def _add(exemptions: Exemptions, requirement: str, more: Exempt) -> None:
    """Days are joined; the reason told is that of the exemption that lasts today."""
    had = exemptions.get(requirement)
    if had is None:
        exemptions[requirement] = more
        return
    shown = had if clock.today() in had.holds else more
    exemptions[requirement] = Exempt(
        shown.reason,
        had.holds | more.holds,
        shown.source,
        shown.told,
        shown.since,
        had.refused | more.refused,
    )


def _names(kind: ExemptionKind) -> dict[str, str]:
    return {"kind_nb": kind.name_nb, "kind_nn": kind.name_nn, "kind_en": kind.name_en}


def _facts(row: Company) -> rules.CompanyFacts:
    return rules.CompanyFacts(
        form=row.form,
        sector_code=row.sector_code,
        industry=row.industries[0] if row.industries else "",
        municipality=row.municipality,
        registered_on=row.registered_on,
    )


def _roles(orgnr: str) -> list[rules.Role]:
    return [
        rules.Role(row.code, rules.Holder(row.given_names, row.surname, row.birth_date))
        for row in RoleRow.objects.filter(orgnr=orgnr)
    ]


def _holders(people: Collection[UUID]) -> dict[UUID, rules.Holder]:
    found: dict[UUID, rules.Holder] = defaultdict()
    for person in Person.objects.filter(pk__in=people):
        found[person.pk] = rules.Holder(person.given_names, person.surname, person.birth_date)
    return found
