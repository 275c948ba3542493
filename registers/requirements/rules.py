"""The requirements themselves: plain Python over facts, each with its source.

A rule answers for one day and says on which days the requirement holds, so that validity can
follow the calendar without anybody asking again. No answer from a register is *unknown*: a silent
register is never evidence against a worker and never lets a card through.
"""

from collections.abc import Callable
from datetime import date, timedelta

from hmskort.common.ranges import DateRanges
from registers.requirements.facts import Answer, Asked, EmploymentFacts, Fact, Facts
from registers.requirements.findings import Finding, Found

ORDER_BEFORE_START = timedelta(days=30)  # F059: order up to 30 days before employment begins
STAFFING = "78.2"  # NACE: utleie av arbeidskraft
FORETAKSREGISTERET_FORMS = frozenset({"AS", "ASA", "ANS", "DA", "NUF", "SA", "BA", "KS"})
DEAD_NUMBER = {"doed": "dead", "opphoert": "number_ended", "inaktiv": "d_number_inactive"}

Rule = Callable[[Facts, date], Finding]


def company_exists(facts: Facts, on: date) -> Finding:
    """The company is registered, not deleted, not bankrupt.

    Source: FOR-2007-03-30-366 § 3 (Enhetsregisteret).
    """
    company = facts.company.fact
    if company is None or facts.company.asked != Asked.ANSWERED:
        return _no_answer("company_exists", facts.company, "enhetsregisteret")
    told = {"name": company.name, "orgnr": company.orgnr}
    if not company.exists:
        return _judged("company_exists", facts.company, NEVER, "company_not_found", told, on)
    if company.deleted_on:
        until = DateRanges.between(None, company.deleted_on - timedelta(days=1))
        told["on"] = company.deleted_on.isoformat()
        return _judged("company_exists", facts.company, until, "company_deleted", told, on)
    if company.bankrupt:
        return _judged("company_exists", facts.company, NEVER, "company_bankrupt", told, on)
    return _judged("company_exists", facts.company, ALWAYS, "company_in_order", told, on)


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
        return _no_answer("vat_registered", facts.company, "enhetsregisteret")
    told = {"name": company.name}
    if company.vat_registered:
        return _judged("vat_registered", facts.company, ALWAYS, "vat_registered", told, on)
    return _judged("vat_registered", facts.company, NEVER, "not_vat_registered", told, on)


def in_foretaksregisteret(facts: Facts, on: date) -> Finding:
    """The company is in Foretaksregisteret where its form has that duty.

    Source: FOR-2012-05-08-408 § 5; foretaksregisterloven § 2-1.
    """
    company = facts.company.fact
    if company is None or facts.company.asked != Asked.ANSWERED:
        return _no_answer("in_foretaksregisteret", facts.company, "enhetsregisteret")
    told = {"name": company.name}
    if company.in_foretaksregisteret:
        reason, days = "in_foretaksregisteret", ALWAYS
    elif company.exists and company.form not in FORETAKSREGISTERET_FORMS:
        reason, days = "no_duty_foretaksregisteret", ALWAYS
    else:
        reason, days = "not_in_foretaksregisteret", NEVER
    return _judged("in_foretaksregisteret", facts.company, days, reason, told, on)


def staffing_approved(facts: Facts, on: date) -> Finding:
    """A company whose main purpose is to hire out labour is approved for it.

    Source: forskrift om bemanningsforetak; FOR-2007-03-30-366 § 3. Other companies are not asked.
    """
    company = facts.company.fact
    if company is None or facts.company.asked != Asked.ANSWERED:
        return _no_answer("staffing_approved", facts.company, "enhetsregisteret")
    if company.industries[:1] and company.industries[0].startswith(STAFFING):
        return _not_connected("staffing_approved", "bemanningsforetaksregisteret")
    return _judged("staffing_approved", facts.company, ALWAYS, "not_a_staffing_company", {}, on)


def cleaning_approved(facts: Facts, on: date) -> Finding:
    """The cleaning company is approved, or told to start ordering cards.

    Source: FOR-2012-05-08-408 §§ 5, 6.
    """
    return _not_connected("cleaning_approved", "renholdsregisteret")


def may_work_in_norway(facts: Facts, on: date) -> Finding:
    """The person may work in Norway; Nordic citizens need no permit.

    Source: FOR-2012-05-08-408 § 5 second paragraph.
    """
    person = facts.person.fact
    if person is None or facts.person.asked != Asked.ANSWERED:
        return _no_answer("may_work_in_norway", facts.person, "folkeregisteret")
    if FREE_TO_WORK & set(person.citizenships):
        return _judged("may_work_in_norway", facts.person, ALWAYS, "citizen_of_eea", {}, on)
    return _not_connected("may_work_in_norway", "udi")


def person_exists(facts: Facts, on: date) -> Finding:
    """The person exists and is alive, and the number is in use.

    Source: FOR-2007-03-30-366 § 3 (Folkeregisteret); D-numbers become inactive after five years.
    """
    person = facts.person.fact
    if person is None or facts.person.asked != Asked.ANSWERED:
        return _no_answer("person_exists", facts.person, "folkeregisteret")
    if not person.exists:
        return _judged("person_exists", facts.person, NEVER, "person_not_found", {}, on)
    if person.died_on:
        until = DateRanges.between(None, person.died_on)
        return _judged("person_exists", facts.person, until, "dead", {}, on)
    if person.register_status in DEAD_NUMBER:
        reason = DEAD_NUMBER[person.register_status]
        return _judged("person_exists", facts.person, NEVER, reason, {}, on)
    if person.number_in_use is False:
        return _judged("person_exists", facts.person, NEVER, "number_ended", {}, on)
    return _judged("person_exists", facts.person, ALWAYS, "person_in_order", {}, on)


def employed(facts: Facts, on: date) -> Finding:
    """The person is employed in a sub-unit of the company, or will be within 30 days.

    The requirement holds on the days of the employments; an order may come 30 days before.
    Source: FOR-2007-03-30-366 § 3 (Aa-registeret).
    """
    if facts.employments.fact is None or facts.employments.asked != Asked.ANSWERED:
        return _no_answer("employed", facts.employments, "aaregisteret")
    here = [row for row in facts.employments.fact if row.main_orgnr == facts.orgnr]
    days = DateRanges.never()
    for row in here:
        days |= DateRanges.between(row.starts_on, row.ends_on)
    found, reason, told = _employment(here, days, on)
    return Finding(
        "employed", found, reason, days, "aaregisteret", facts.employments.answered_at, told
    )


def _employment(
    here: list[EmploymentFacts], days: DateRanges, on: date
) -> tuple[Found, str, dict[str, str]]:
    if on in days:
        return Found.MET, "employed", {}
    coming = sorted(row.starts_on for row in here if row.starts_on > on)
    if coming and coming[0] <= on + ORDER_BEFORE_START:
        return Found.MET, "employed_soon", {"on": coming[0].isoformat()}
    if coming:
        from_on = coming[0] - ORDER_BEFORE_START
        return (
            Found.NOT_MET,
            "starts_too_late",
            {"on": coming[0].isoformat(), "from": from_on.isoformat()},
        )
    ended = sorted(row.ends_on for row in here if row.ends_on)
    if ended:
        return Found.NOT_MET, "employment_ended", {"on": ended[-1].isoformat()}
    return Found.NOT_MET, "not_employed", {}


def _judged(  # noqa: PLR0917 - the parts of a finding
    requirement: str,
    answer: Answer[Fact],
    days: DateRanges,
    reason: str,
    told: dict[str, str],
    on: date,
) -> Finding:
    found = Found.MET if on in days else Found.NOT_MET
    source = "folkeregisteret" if requirement in OF_THE_PERSON else "enhetsregisteret"
    return Finding(requirement, found, reason, days, source, answer.answered_at, told)


def _no_answer(requirement: str, answer: Answer[Fact], source: str) -> Finding:
    return Finding(requirement, Found.UNKNOWN, str(answer.asked), NEVER, source, answer.answered_at)


def _not_connected(requirement: str, source: str) -> Finding:
    return Finding(requirement, Found.UNKNOWN, "not_connected", NEVER, source)


ALWAYS = DateRanges.always()
NEVER = DateRanges.never()
OF_THE_PERSON = frozenset({"person_exists", "may_work_in_norway"})
# EEA, EFTA and the Nordic countries; utlendingsloven §§ 109-111. ISO 3166-1 alpha-3.
FREE_TO_WORK = frozenset(
    {"NOR", "SWE", "DNK", "FIN", "ISL", "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "EST", "FRA"}
    | {"DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU"}
    | {"SVK", "SVN", "ESP", "LIE", "CHE"}
)

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
