from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from cards import judging
from cards.models import Card
from cards.public_check.queries import check
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.common.transitions import Superseded
from hmskort.common.uploads import files
from hmskort.notifications.models import Message
from hmskort.simulators import world
from hmskort.simulators.store import Store
from orders import actions, tasks
from orders.actions import progress
from orders.evidence.listeners import check_portrait
from orders.evidence.models import Piece
from orders.evidence.serving import stored_bytes
from orders.models import Line, Order
from orders.states import LineState, OrderState
from registers.aaregisteret.simulator import EMPLOYMENTS
from tests.builders import a_cart, actor_of, give_file, rest
from tests.orders.paying import paid_order
from tests.orders.reviewing import approve, moved, refuse

pytestmark = pytest.mark.django_db
CARD, POSTAGE = 13_000, 4_750  # øre with VAT


@pytest.fixture
def paid(kari):
    """`paid("D-number", ...)`: a paid order with these people, waiting for review."""
    return lambda *cases: paid_order(kari, *cases)


def say_that_employment_ended(case: str) -> None:
    store, number = Store(), world.person(case).national_id
    for key, body in store.all(EMPLOYMENTS):
        if body["arbeidstaker"]["ident"] == number:
            yesterday = clock.today() - timedelta(days=1)
            body["ansettelsesperiode"]["sluttdato"] = yesterday.isoformat()
            store.put(EMPLOYMENTS, key, body)


def test_an_approved_person_gets_a_card_and_pays_for_it_and_postage_once(paid):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    approve(line)
    line.refresh_from_db()
    order.refresh_from_db()
    assert line.state == LineState.ISSUED
    assert line.card.number.isdigit()
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment) == {"reserved": CARD + POSTAGE, "captured": CARD + POSTAGE}


@pytest.mark.feature("F108")
@pytest.mark.feature("F102")
def test_only_approved_people_are_paid_for_and_the_rest_is_given_back(paid, kari):
    order = paid("employed in another sub-unit", "D-number", "two sub-units")
    first, second, third = order.lines.all()
    approve(first)
    approve(second)
    refuse(third, "portrait", "blurred")
    order.refresh_from_db()
    assert Card.objects.count() == 2
    assert order.state == OrderState.SUBMITTED
    assert moved(order.payment)["captured"] == 2 * CARD + POSTAGE
    actions.withdraw_line(line=Line.objects.get(pk=third.pk), actor=actor_of(kari))
    rest()
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment) == {
        "reserved": 3 * CARD + POSTAGE, "captured": 2 * CARD + POSTAGE, "released": CARD,
    }  # fmt: skip


def test_only_the_refused_piece_is_asked_for_again(paid, kari):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    refuse(line, "portrait", "blurred")
    line = Line.objects.get(pk=line.pk)
    kept = (line.signature_id, line.id_copy_id)
    give_file(line, "portrait", kari)
    line.refresh_from_db()
    assert line.state == LineState.IN_REVIEW
    assert (line.signature_id, line.id_copy_id) == kept


@pytest.mark.feature("F103")
def test_the_second_mail_tells_what_is_produced_and_what_was_refused_and_why(paid):
    order = paid("employed in another sub-unit", "D-number")
    first, second = order.lines.all()
    approve(first)
    assert not Message.objects.filter(key__startswith="result:").exists(), "one is still in review"
    refuse(second, "portrait", "blurred")
    mail = Message.objects.get(key__startswith="result:")
    number = Card.objects.get().number
    assert f"{number[:4]}\N{NO-BREAK SPACE}{number[4:]}" in mail.text
    assert "Piotr Nowak" in mail.text
    assert f"/bestilling/{order.reference}/{second.reference}/filer/" in mail.text
    assert f"/k/{number}/" in mail.text, "the proof can be verified by anyone"


def results() -> int:
    return Message.objects.filter(key__startswith="result:").count()


def test_the_round_is_over_when_the_last_one_under_way_is_withdrawn(paid, kari):
    order = paid("employed in another sub-unit", "D-number", "two sub-units")
    first, second, third = order.lines.all()
    approve(first)
    refuse(second, "portrait", "blurred")
    assert results() == 0, "one is still in review"
    actions.withdraw_line(line=Line.objects.get(pk=third.pk), actor=actor_of(kari))
    assert results() == 1
    actions.withdraw_line(line=Line.objects.get(pk=second.pk), actor=actor_of(kari))
    assert results() == 1, "nothing new to tell"


def test_nothing_is_told_of_an_order_from_which_everybody_was_withdrawn(paid, kari):
    order = paid("employed in another sub-unit")
    actions.withdraw_line(line=order.lines.get(), actor=actor_of(kari))
    assert results() == 0


def test_the_round_is_over_when_the_last_one_under_way_is_released(paid, time_machine):
    order = paid("employed in another sub-unit", "D-number")
    approve(order.lines.first())
    assert results() == 0
    time_machine.move_to(clock.now() + timedelta(days=6, minutes=1))
    tasks.sweep()
    assert results() == 1


def test_a_requirement_that_fails_right_before_issue_holds_the_card_back(paid):
    order = paid("employed in another sub-unit")
    say_that_employment_ended("employed in another sub-unit")
    line = order.lines.get()
    approve(line)
    line.refresh_from_db()
    assert line.state == LineState.HELD
    assert moved(order.payment) == {"reserved": CARD + POSTAGE}
    assert not Card.objects.exists()


@pytest.mark.feature("F041")
def test_both_company_and_person_are_asked_for_again_when_the_card_is_issued(paid, kari):
    blocked = a_cart(kari, "not employed")
    assert blocked.lines.get().verdict.outcome == "not_met"
    actions.remove_line(line=blocked.lines.get(), actor=actor_of(kari))
    line = paid("employed in another sub-unit").lines.get(state=LineState.IN_REVIEW)
    before = line.verdict
    approve(line)
    line.refresh_from_db()
    for old, new in zip(before.findings, line.verdict.findings, strict=True):
        assert new["answered_at"] > old["answered_at"], new["requirement"]


def test_a_silent_register_right_before_issue_waits_and_goes_on_by_itself(
    paid, fault, wind_forward
):
    order = paid("employed in another sub-unit")
    fault("folkeregisteret", "silent")
    line = order.lines.get()
    approve(line)
    line.refresh_from_db()
    assert line.state == LineState.APPROVED
    assert moved(order.payment) == {"reserved": CARD + POSTAGE}
    fault("folkeregisteret", "off")
    wind_forward(minutes=6)
    line.refresh_from_db()
    assert line.state == LineState.ISSUED


def test_a_lost_answer_to_a_capture_is_not_captured_twice(paid, fault, wind_forward):
    order = paid("employed in another sub-unit")
    fault("payments", "lost")
    approve(order.lines.get())
    fault("payments", "off")
    wind_forward(minutes=15)
    assert order.lines.get().state == LineState.ISSUED
    assert moved(order.payment) == {"reserved": CARD + POSTAGE, "captured": CARD + POSTAGE}


def test_a_reservation_about_to_run_out_puts_the_person_back_in_the_cart(paid, time_machine):
    order = paid("employed in another sub-unit", "D-number")
    first, second = order.lines.all()
    approve(first)
    refuse(second, "id_copy", "unreadable")
    time_machine.move_to(clock.now() + timedelta(days=6, minutes=1))
    tasks.sweep()
    rest()
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment)["released"] == CARD
    cart = Order.objects.get(state=OrderState.CART)
    back = cart.lines.get()
    assert back.person == second.person
    assert (back.portrait_id, back.id_copy) == (second.portrait_id, None)
    assert Message.objects.filter(key=f"released:{second.reference}").exists()


def test_of_two_who_decide_at_once_the_second_is_told(paid):
    line = paid("employed in another sub-unit").lines.get()
    mine, theirs = Line.objects.get(pk=line.pk), Line.objects.get(pk=line.pk)
    with transaction.atomic():
        actions.approve_line(line=mine, actor=SYSTEM)
    with pytest.raises(Superseded), transaction.atomic():
        actions.refuse_line(line=theirs, actor=SYSTEM)


def test_a_card_under_order_answers_by_its_reference_until_it_has_a_number(paid):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    assert check(line.reference).status == "under_order"
    approve(line)
    assert check(Card.objects.get().number).status == "under_order"


def test_the_history_of_a_line_has_no_hole(paid):
    line = paid("employed in another sub-unit").lines.get()
    approve(line)
    names = [event.name for event in history(Line.objects.get(pk=line.pk))]
    assert names == [
        "line:submitted", "line:approved", "line:cleared", "line:captured", "line:issued",
    ]  # fmt: skip


def test_steps_that_are_told_of_twice_happen_once(paid):
    line = paid("employed in another sub-unit").lines.get()
    approve(line)
    line.refresh_from_db()
    actions.clear(line=line)
    actions.issue_line(line=line)
    rest()
    assert Card.objects.count() == 1
    assert line.order.payment.operations.filter(kind="capture").count() == 2


def judged_beside() -> str:
    """What comes of judging every card, on a connection of its own that waits a moment at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        judging.judge(cards=Card.objects.all())
    except OperationalError as waited:
        return str(waited)
    finally:
        connection.close()
    return "judged"


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_a_card_is_issued_waits_until_the_card_is_there(paid, monkeypatch):
    line, issue, found = paid("employed in another sub-unit").lines.get(), progress.issue_card, []

    def issue_and_judge_beside(**given):
        card = issue(**given)
        with ThreadPoolExecutor(1) as pool:
            found.append(pool.submit(judged_beside).result())
        return card

    monkeypatch.setattr(progress, "issue_card", issue_and_judge_beside)
    approve(line)
    assert Card.objects.exists()
    assert ["lock timeout" in each for each in found] == [True]
    assert judged_beside() == "judged"


def test_a_card_is_not_made_before_its_portrait_is_cropped(paid):
    """The reviewer was faster than the automatic check."""
    line = paid("employed").lines.get()
    Piece.objects.filter(pk=line.portrait_id).update(checks=None, card_file="", crop=None)
    Effect.objects.filter(event="evidence:checked").delete()
    approve(line)
    line.refresh_from_db()
    assert (line.state, line.card) == (LineState.APPROVED, None)
    check_portrait(piece=str(line.portrait_id))
    rest()
    line.refresh_from_db()
    assert line.state == LineState.ISSUED
    portrait = Piece.objects.get(pk=line.portrait_id)
    assert files.read(str(line.card.portrait)) == stored_bytes(portrait)
    assert portrait.card_file
