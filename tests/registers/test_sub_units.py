"""Edge case 3: somebody moves between sub-units of one main unit. A policy, in both readings."""

from dataclasses import replace
from datetime import date

import pytest

from cards import listeners
from hmskort.common import clock
from hmskort.common.dated import Dated
from registers.models import Employment
from registers.requirements import work
from registers.requirements.facts import Answer, Asked, EmploymentFacts
from registers.requirements.texts import explain
from registers.requirements.work import WorksWhere, employed
from tests.builders import rest
from tests.cards.builders import produced
from tests.registers.test_requirements import AT, OURS, THEIRS, TODAY, day, facts

A, B = "320010001", "320010010"
MAIN, SUB = WorksWhere.MAIN_UNIT, WorksWhere.SUB_UNIT
SOURCE = "edge case 3: valid if the main unit is equal; F049 reads the sub-unit"
READINGS = [
    # policy, the card's sub-unit, employments (sub-unit, main unit, from, to), found, reason
    (MAIN, A, [(A, OURS, -900, None)], "met", "employed"),
    (MAIN, A, [(A, OURS, -900, -1), (B, OURS, 0, None)], "met", "employed"),
    (MAIN, A, [(B, OURS, 20, None)], "met", "employed_soon"),
    (MAIN, A, [(B, THEIRS, -9, None)], "not_met", "not_employed"),
    (SUB, A, [(A, OURS, -900, None)], "met", "employed"),
    (SUB, A, [(A, OURS, -900, -1), (B, OURS, 0, None)], "not_met", "employed_in_another_unit"),
    (SUB, A, [(B, OURS, -9, None)], "not_met", "employed_in_another_unit"),
    (SUB, A, [(A, OURS, 20, None), (B, OURS, -9, 30)], "met", "employed_soon"),
    (SUB, A, [(A, OURS, -900, -1)], "not_met", "employment_ended"),
    (SUB, A, [(B, THEIRS, -9, None)], "not_met", "not_employed"),
    (SUB, "", [(B, OURS, -9, None)], "met", "employed"),  # nobody chose one: the main unit decides
]


@pytest.fixture
def policy(monkeypatch):
    def now(value):
        monkeypatch.setattr(work, "WORKS_WHERE", (Dated(date(2008, 1, 1), value, SOURCE),))

    return now


def rows(told):
    return tuple(
        EmploymentFacts(unit, main, day(first), None if last is None else day(last))
        for unit, main, first, last in told
    )


@pytest.mark.parametrize(("value", "unit", "told", "found", "reason"), READINGS)
def test_who_moves_between_sub_units_is_employed_as_the_policy_says(  # noqa: PLR0917 - the table
    policy, value, unit, told, found, reason
):
    policy(value)
    given = replace(facts(), employments=Answer(Asked.ANSWERED, rows(told), AT), unit=unit)
    finding = employed(given, TODAY)
    assert (finding.found, finding.reason) == (found, reason)
    if found == "not_met":
        assert explain(finding.as_json()).steps


def test_the_main_unit_decides_until_somebody_decides_otherwise():
    assert work.is_any_unit(clock.today())
    assert all(each.source for each in work.WORKS_WHERE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "standing", "unmet"),
    [(MAIN, "valid", []), (SUB, "requirements", ["employed"])],
)
def test_a_card_follows_its_holder_to_another_sub_unit_or_not(policy, value, standing, unmet):
    policy(value)
    card = produced()
    units = list(Employment.objects.filter(person=card.person).values_list("orgnr", flat=True))
    type(card).objects.filter(pk=card.pk).update(unit_orgnr=units[0])
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    card.refresh_from_db()
    assert card.standing == "valid"
    Employment.objects.filter(person=card.person).update(orgnr=B)
    listeners.judge_cards(source="aaregisteret", subject=str(card.person_id))
    rest()  # whether the person owns the company is asked before anybody is refused
    card.refresh_from_db()
    assert (card.standing, card.unmet) == (standing, unmet)
