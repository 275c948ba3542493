"""The requirements on a person's work: employed in the company, and allowed to work in Norway."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from hmskort.common.dated import Dated, in_force
from hmskort.common.ranges import DateRanges
from registers.requirements.facts import EmploymentFacts, Facts, PermitFacts
from registers.requirements.findings import Finding, Found
from registers.requirements.judging import (
    ALWAYS,
    NEVER,
    has_answered,
    judged,
    no_answer,
    undecided,
)
from registers.udi.answers import Access, Kind

# A card may be ordered so long before the employment begins; how early it is made is the order's.
ORDER_BEFORE_START = (
    Dated(
        date(2008, 1, 1),
        timedelta(days=30),
        "Kortutsteders forside 2020: bestilling i forkant; F059",
    ),
)


class WorksWhere(StrEnum):
    """Where in the company somebody must be employed for their card to hold."""

    MAIN_UNIT = "main_unit"  # in any of its sub-units
    SUB_UNIT = "sub_unit"  # in the one that the card is for, where one was chosen


# The card shows the main unit, and whoever moves between its sub-units goes on with it.
WORKS_WHERE = (
    Dated(
        date(2008, 1, 1),
        WorksWhere.MAIN_UNIT,
        "FOR-2007-03-30-366 § 3: kortet gjelder arbeid for virksomheten som er hovedenhet; "
        "F049 leser «i den underenheten»",
    ),
)
FOREIGN = "NUF"  # norskregistrert utenlandsk foretak
# EEA, EFTA and the Nordic countries; utlendingsloven §§ 109-111. ISO 3166-1 alpha-3.
FREE_TO_WORK = frozenset(
    {"NOR", "SWE", "DNK", "FIN", "ISL", "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "EST", "FRA"}
    | {"DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU"}
    | {"SVK", "SVN", "ESP", "LIE", "CHE"}
)


def employed(facts: Facts, on: date) -> Finding:
    """The person is employed in a sub-unit of the company, or will be within 30 days.

    In which of them is a policy (`WORKS_WHERE`). OAR tells of no sub-units.

    Whom a foreign company has posted here is in OAR instead. The requirement holds on the days of
    the employments; an order may come 30 days before.
    Source: FOR-2007-03-30-366 § 3 (Aa-registeret; RF-1199 for foreign companies).
    """
    work = facts.employments
    if work.fact is None or not has_answered(work):
        return no_answer("employed", work, "aaregisteret")
    here = _here(facts, on)
    found, reason, told = _employment(here, on)
    if found != Found.MET and is_foreign(facts):
        return _posted(facts, here, on)
    if reason == "not_employed" and facts.roles is not None:
        if not has_answered(facts.roles):  # whoever owns or leads the company may be exempt
            return no_answer("employed", facts.roles, "enhetsregisteret")
        reason = "not_employed_with_role" if facts.roles.fact else reason
    if found == Found.NOT_MET and _works_in_another_unit(facts, on):
        reason, told = "employed_in_another_unit", {}
    days = _days([*here, *_posted_here(facts)])
    return Finding("employed", found, reason, days, "aaregisteret", work.answered_at, told)


def order_before_start(on: date) -> timedelta:
    """How long before an employment begins a card may be ordered, as in force that day."""
    return in_force(ORDER_BEFORE_START, on).value


def is_foreign(facts: Facts) -> bool:
    """Is it a foreign company, which reports those it sends here to OAR?"""
    return facts.company.fact is not None and facts.company.fact.form == FOREIGN


def works_here(facts: Facts, on: date) -> bool:
    """Does Aa-registeret alone show that the person works in the company?"""
    return _employment(_here(facts, on), on)[0] == Found.MET


def is_any_unit(on: date) -> bool:
    """Is somebody who works in any sub-unit of the company employed as the card says?"""
    return in_force(WORKS_WHERE, on).value == WorksWhere.MAIN_UNIT


def _here(facts: Facts, on: date) -> list[EmploymentFacts]:
    """The employments that count for the card."""
    anywhere = is_any_unit(on) or not facts.unit
    return [
        row
        for row in facts.employments.fact or ()
        if row.main_orgnr == facts.orgnr and (anywhere or row.orgnr == facts.unit)
    ]


def _works_in_another_unit(facts: Facts, on: date) -> bool:
    rows = facts.employments.fact or ()
    return on in _days([row for row in rows if row.main_orgnr == facts.orgnr])


def _posted(facts: Facts, employments: Sequence[EmploymentFacts], on: date) -> Finding:
    answer = facts.posted_work
    if answer.fact is None or not has_answered(answer):
        return no_answer("employed", answer, "oar")
    posted = _posted_here(facts)
    found, reason, told = _employment(posted, on)
    days = _days([*employments, *posted])
    return Finding("employed", found, POSTED[reason], days, "oar", answer.answered_at, told)


def _posted_here(facts: Facts) -> list[EmploymentFacts]:
    """What is known to be reported by this company, if it is one that reports."""
    told = facts.posted_work.fact or () if is_foreign(facts) else ()
    return [row for row in told if row.main_orgnr == facts.orgnr]


POSTED = {
    "employed": "posted",
    "employed_soon": "posted_soon",
    "starts_too_late": "posted_too_late",
    "employment_ended": "posted_ended",
    "not_employed": "not_reported",
}


def _days(rows: Sequence[EmploymentFacts]) -> DateRanges:
    days = DateRanges.never()
    for row in rows:
        days |= DateRanges.between(row.starts_on, row.ends_on)
    return days


def _employment(here: Sequence[EmploymentFacts], on: date) -> tuple[Found, str, dict[str, str]]:
    if on in _days(here):
        return Found.MET, "employed", {}
    coming = sorted(row.starts_on for row in here if row.starts_on > on)
    ahead = order_before_start(on)
    if coming and coming[0] <= on + ahead:
        return Found.MET, "employed_soon", {"on": coming[0].isoformat()}
    if coming:
        from_on = coming[0] - ahead
        return (
            Found.NOT_MET,
            "starts_too_late",
            {"on": coming[0].isoformat(), "from": from_on.isoformat()},
        )
    ended = sorted(row.ends_on for row in here if row.ends_on)
    if ended:
        return Found.NOT_MET, "employment_ended", {"on": ended[-1].isoformat()}
    return Found.NOT_MET, "not_employed", {}


def may_work_in_norway(facts: Facts, on: date) -> Finding:
    """The person may work in Norway; citizens of the EEA need no permit and are never looked up.

    Source: FOR-2012-05-08-408 § 5 second paragraph.
    """
    name = "may_work_in_norway"
    person = facts.person.fact
    if person is None or not has_answered(facts.person):
        return no_answer(name, facts.person, "folkeregisteret")
    if is_free_to_work(facts):
        return judged(name, facts.person, ALWAYS, "citizen_of_eea", {}, on)
    permit = facts.permit.fact
    if permit is None or not has_answered(facts.permit):
        return no_answer(name, facts.permit, "udi")
    if _is_for_a_person_to_look_at(permit):
        return undecided(name, facts.permit, "unclear", "udi")
    days = _permitted(permit)
    reason, told = _permit_reason(permit, on)
    return judged(name, facts.permit, days, reason, told, on, "udi")


def is_free_to_work(facts: Facts) -> bool:
    """Is the person a citizen of a country whose citizens need no permit?"""
    person = facts.person.fact
    return person is not None and bool(FREE_TO_WORK & set(person.citizenships))


def _is_for_a_person_to_look_at(permit: PermitFacts) -> bool:
    """A yes that is bound to an employer or a kind of work says nothing of this employer."""
    bound = permit.access == Access.YES and permit.bound_to != Kind.GENERAL
    return bound or permit.access == Access.UNCLEAR


def _permitted(permit: PermitFacts) -> DateRanges:
    if permit.access != Access.YES:
        return NEVER
    return DateRanges.between(permit.starts_on, permit.ends_on)


def _permit_reason(permit: PermitFacts, on: date) -> tuple[str, dict[str, str]]:
    if permit.access == Access.NO:
        return "may_not_work", {}
    if permit.access != Access.YES:
        return "permit_not_found", {}
    if permit.starts_on and on < permit.starts_on:
        return "permit_not_begun", {"on": permit.starts_on.isoformat()}
    if permit.ends_on and on > permit.ends_on:
        return "permit_ended", {"on": permit.ends_on.isoformat()}
    if permit.ends_on:
        return "may_work_until", {"on": permit.ends_on.isoformat()}
    return "may_work", {}
