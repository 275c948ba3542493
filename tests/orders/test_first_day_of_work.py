"""Somebody who has not begun to work yet, or who moves within the company."""

from datetime import date, timedelta

import pytest

from cards.public_check.queries import check
from hmskort.common import clock
from hmskort.common.dated import Dated
from hmskort.simulators import world
from hmskort.simulators.hand import people
from hmskort.simulators.store import Store
from orders import actions, rules, tasks
from orders.models import Line
from orders.states import LineState
from registers import employers
from registers.models import Employer
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.cards.builders import produced
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(kari):
    """`approved("D-number")`: the line of a paid order whose files a reviewer has approved."""

    def line_for(case: str) -> Line:
        order = with_files(a_cart(kari, case), kari)
        actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
        pay(at_the_payment_page(order, kari))
        line = order.lines.get()
        approve(line)
        line.refresh_from_db()
        return line

    return line_for


@pytest.fixture
def made_at_most_27_days_before(monkeypatch):
    policy = (Dated(date(2008, 1, 1), timedelta(days=27), "another reading"),)
    monkeypatch.setattr(rules, "ISSUE_BEFORE_START", policy)


@pytest.mark.parametrize(("starts_in", "made_in"), [(0, -30), (29, -1), (30, 0), (31, 1)])
def test_a_card_is_made_at_most_thirty_days_before_the_first_day_of_work(starts_in, made_in):
    today = date(2026, 11, 21)
    starts_on = today + timedelta(days=starts_in)
    assert rules.issue_from(starts_on, today) == today + timedelta(days=made_in)


@pytest.mark.feature("F059")
def test_who_begins_in_29_days_gets_a_card_that_is_valid_from_the_first_day(approved, time_machine):
    line = approved("employment starts in 29 days")
    assert line.state == LineState.ISSUED
    first = clock.today() + timedelta(days=29)
    assert first - timedelta(days=1) not in line.card.valid_on
    assert first in line.card.valid_on
    assert check(line.card.number).status == "under_order"


@pytest.mark.feature("F059")
def test_a_card_is_not_made_before_the_day_that_the_rule_says(
    approved, made_at_most_27_days_before, wind_forward, client_as, kari
):
    line = approved("employment starts in 29 days")
    assert (line.state, line.card) == (LineState.HELD, None)
    assert not line.order.payment.operations.exists(), "nothing is captured before"
    page = client_as(kari).get(f"/bestillinger/{line.order.reference}/").content.decode()
    made_from = clock.today() + timedelta(days=2)
    assert f"Kortet lages tidligst {made_from:%d.%m.%Y}." in page
    wind_forward(days=1, minutes=1)
    tasks.sweep()
    rest()
    line.refresh_from_db()
    assert line.state == LineState.HELD
    wind_forward(days=1, minutes=1)
    tasks.sweep()
    rest()
    line.refresh_from_db()
    assert line.state == LineState.ISSUED
    assert line.card.issued_on == made_from


def test_who_begins_in_31_days_is_not_made_a_card_for(kari):
    line = a_cart(kari, "employment starts in 31 days").lines.get()
    assert "et registerkrav er ikke oppfylt" in actions.missing_in(line)


def test_who_moves_from_one_sub_unit_to_another_of_the_same_main_unit_keeps_a_valid_card(
    byggmester,
):
    """Edge case 3: the card shows the main unit, and so does the requirement."""
    card, number = produced(), world.person("employed").national_id
    from_unit, to_unit = byggmester.subunits[:2]
    yesterday = clock.today() - timedelta(days=1)
    people.end_employment(Store(), number, byggmester.orgnr, yesterday)
    reread()
    card.refresh_from_db()
    assert card.standing == "requirements"
    people.start_employment(Store(), number, to_unit, clock.today())
    reread()
    card.refresh_from_db()
    assert card.standing == "valid"
    assert from_unit != to_unit


def reread() -> None:
    Employer.objects.update(due_at=clock.now())
    employers.reread(10)
    rest()
