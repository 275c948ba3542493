"""The requirements themselves: plain Python over facts, each with its source.

A rule answers for one day and says on which days the requirement holds, so that validity can
follow the calendar without anybody asking again. No answer from a register is *unknown*: a silent
register is never evidence against a worker and never lets a card through.
"""

from collections.abc import Callable
from datetime import date, timedelta

from hmskort.common.ranges import DateRanges
from registers.requirements.approvals import cleaning_approved, staffing_approved
from registers.requirements.facts import Asked, Facts
from registers.requirements.findings import Finding
from registers.requirements.judging import ALWAYS, NEVER, judged, no_answer, undecided
from registers.requirements.work import employed, may_work_in_norway

FORETAKSREGISTERET_FORMS = frozenset({"AS", "ASA", "ANS", "DA", "NUF", "SA", "BA", "KS"})
DEAD_NUMBER = {"doed": "dead", "opphoert": "number_ended", "inaktiv": "d_number_inactive"}

Rule = Callable[[Facts, date], Finding]


def company_exists(facts: Facts, on: date) -> Finding:
    """The company is registered, not deleted, not bankrupt.

    Source: FOR-2007-03-30-366 § 3 (Enhetsregisteret).
    """
    company = facts.company.fact
    if company is None or facts.company.asked != Asked.ANSWERED:
        return no_answer("company_exists", facts.company, "enhetsregisteret")
    told = {"name": company.name, "orgnr": company.orgnr}
    if not company.exists:
        return judged("company_exists", facts.company, NEVER, "company_not_found", told, on)
    if company.deleted_on:
        until = DateRanges.between(None, company.deleted_on - timedelta(days=1))
        told["on"] = company.deleted_on.isoformat()
        return judged("company_exists", facts.company, until, "company_deleted", told, on)
    if company.bankrupt:
        return judged("company_exists", facts.company, NEVER, "company_bankrupt", told, on)
    return judged("company_exists", facts.company, ALWAYS, "company_in_order", told, on)


def vat_registered(facts: Facts, on: date) -> Finding:
    """The company is registered for VAT.

    Source: FOR-2007-03-30-366 § 3 (Merverdiavgiftsregisteret); the flag in Enhetsregisteret.
    """
    company = facts.company.fact
    if (
        company is None
        or facts.company.asked != Asked.ANSWERED
        or (company.exists and not company.deleted_on and company.vat_registered is None)
    ):
        return no_answer("vat_registered", facts.company, "enhetsregisteret")
    told = {"name": company.name}
    if company.vat_registered:
        return judged("vat_registered", facts.company, ALWAYS, "vat_registered", told, on)
    return judged("vat_registered", facts.company, NEVER, "not_vat_registered", told, on)


def in_foretaksregisteret(facts: Facts, on: date) -> Finding:
    """The company is in Foretaksregisteret where its form has that duty.

    Source: FOR-2012-05-08-408 § 5; foretaksregisterloven § 2-1.
    """
    company = facts.company.fact
    if company is None or facts.company.asked != Asked.ANSWERED:
        return no_answer("in_foretaksregisteret", facts.company, "enhetsregisteret")
    told = {"name": company.name}
    if company.in_foretaksregisteret:
        reason, days = "in_foretaksregisteret", ALWAYS
    elif company.exists and company.form not in FORETAKSREGISTERET_FORMS:
        reason, days = "no_duty_foretaksregisteret", ALWAYS
    else:
        reason, days = "not_in_foretaksregisteret", NEVER
    return judged("in_foretaksregisteret", facts.company, days, reason, told, on)


def person_exists(facts: Facts, on: date) -> Finding:
    """The person exists and is alive, and the number is in use.

    Source: FOR-2007-03-30-366 § 3 (Folkeregisteret); D-numbers become inactive after five years.
    """
    person = facts.person.fact
    if person is None or facts.person.asked != Asked.ANSWERED:
        return no_answer("person_exists", facts.person, "folkeregisteret")
    if not person.exists:
        return judged("person_exists", facts.person, NEVER, "person_not_found", {}, on)
    if not person.printable:
        return undecided("person_exists", facts.person, "person_incomplete", "folkeregisteret")
    if person.died_on:
        until = DateRanges.between(None, person.died_on)
        return judged("person_exists", facts.person, until, "dead", {}, on)
    ended = "number_ended" if person.number_in_use is False else ""
    if reason := DEAD_NUMBER.get(person.register_status, ended):
        return judged("person_exists", facts.person, NEVER, reason, {}, on)
    return judged("person_exists", facts.person, ALWAYS, "person_in_order", {}, on)


RULES: dict[str, Rule] = {
    "company_exists": company_exists,
    "vat_registered": vat_registered,
    "in_foretaksregisteret": in_foretaksregisteret,
    "staffing_approved": staffing_approved,
    "cleaning_approved": cleaning_approved,
    "person_exists": person_exists,
    "employed": employed,
    "may_work_in_norway": may_work_in_norway,
}
