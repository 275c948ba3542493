"""The requirements that Arbeidstilsynet's two registers decide: cleaning and staffing."""

from datetime import date

from registers.bemanningsforetaksregisteret.answers import Status as Staffing
from registers.renholdsregisteret.answers import MAY_ORDER
from registers.renholdsregisteret.answers import Status as Cleaning
from registers.requirements.facts import NOT_ASKED, Facts
from registers.requirements.findings import Finding
from registers.requirements.judging import (
    ALWAYS,
    NEVER,
    has_answered,
    judged,
    no_answer,
    undecided,
)

HIRES_OUT_LABOUR = "78.2"  # NACE: utleie av arbeidskraft
OWNERS = {"ENK": frozenset({"INNH"}), "DA": frozenset({"DTPR"}), "ANS": frozenset({"DTSO"})}
CLEANING, STAFFING = "renholdsregisteret", "bemanningsforetaksregisteret"


def cleaning_approved(facts: Facts, on: date) -> Finding:
    """The cleaning company is approved, or told to start ordering cards.

    One that is approved without employees may order for its owners alone.
    Source: FOR-2012-05-08-408 §§ 5, 6.
    """
    name = "cleaning_approved"
    answer = facts.cleaning
    if not has_answered(answer) or answer.fact is None:
        return no_answer(name, answer, CLEANING)
    status = answer.fact.status
    if status == Cleaning.UNKNOWN:
        return undecided(name, answer, "cleaning_status_unknown", CLEANING)
    if status == Cleaning.APPROVED_WITHOUT_EMPLOYEES:
        return _for_owners_alone(facts, on)
    days = ALWAYS if status in MAY_ORDER else NEVER
    reason = f"cleaning_{status or 'not_in_register'}"
    return judged(name, answer, days, reason, {}, on, CLEANING)


def _for_owners_alone(facts: Facts, on: date) -> Finding:
    """Source: FOR-2012-05-08-408 § 6 letter b; the owners of other forms are in no register."""
    name = "cleaning_approved"
    company = facts.company.fact
    if company is None or not has_answered(facts.company):
        return no_answer(name, facts.company, "enhetsregisteret")
    owners = OWNERS.get(company.form)
    if owners is None:
        reason = "cleaning_approved_without_employees"
        return judged(name, facts.cleaning, ALWAYS, reason, {}, on, CLEANING)
    roles = facts.roles or NOT_ASKED
    if roles.fact is None or not has_answered(roles):
        return no_answer(name, roles, "enhetsregisteret")
    if owners & roles.fact:
        reason = "cleaning_approved_without_employees"
        return judged(name, facts.cleaning, ALWAYS, reason, {}, on, CLEANING)
    return judged(name, facts.cleaning, NEVER, "cleaning_only_owner", {}, on, CLEANING)


def staffing_approved(facts: Facts, on: date) -> Finding:
    """A company whose main purpose is to hire out labour is approved for it.

    To be in the register is not to be approved. Companies with another main purpose are not looked
    up. Source: forskrift om bemanningsforetak; FOR-2007-03-30-366 § 3.
    """
    name = "staffing_approved"
    company = facts.company.fact
    if company is None or not has_answered(facts.company):
        return no_answer(name, facts.company, "enhetsregisteret")
    if not (company.industries[:1] and company.industries[0].startswith(HIRES_OUT_LABOUR)):
        return judged(name, facts.company, ALWAYS, "not_a_staffing_company", {}, on)
    answer = facts.staffing
    if not has_answered(answer) or answer.fact is None:
        return no_answer(name, answer, STAFFING)
    status = answer.fact.status
    if status == Staffing.UNKNOWN:
        return undecided(name, answer, "staffing_status_unknown", STAFFING)
    days = ALWAYS if status == Staffing.APPROVED else NEVER
    return judged(name, answer, days, f"staffing_{status or 'not_in_register'}", {}, on, STAFFING)
