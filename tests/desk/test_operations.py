"""What has stopped is seen by somebody, who may have it tried again."""

import pytest

from hmskort.audit.actor import SYSTEM
from hmskort.audit.models import Event
from hmskort.common.models import Effect
from hmskort.desk import operations
from orders import actions
from orders.payments import actions as payments
from orders.payments.models import Operation, Payment
from orders.payments.states import OperationState, PaymentState
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.desk.test_exemptions import page
from tests.orders.paying import at_the_payment_page
from tests.orders.reviewing import approve
from tests.payments.providers import SIDES

pytestmark = pytest.mark.django_db
DRIFT = "/drift/"


@pytest.fixture
def failed():
    """An effect that nobody tries any more: a mail that could not be sent."""
    return Effect.objects.create(
        key="message:written:1:x",
        event="message:written",
        listener="hmskort.notifications.actions.send",
        payload={"message": "nobody"},
        state=Effect.State.FAILED,
        attempts=40,
        error="SMTPRecipientsRefused: 12038512345",
    )


@pytest.fixture
def refund(make_refund):
    return make_refund()


@pytest.fixture
def make_refund():
    """A refund that the provider said no to, and the capture that it was to give back of."""

    def make(kind=Operation.Kind.REFUND):
        rows = [
            {"reference": "card:X", "name": "HMS-kort", "net_ore": 10000, "vat_ore": 2500,
             "quantity": 1}
        ]  # fmt: skip
        payment = Payment.objects.create(
            reference="BCDFGHJK", state=PaymentState.RESERVED, amount_ore=12500, rows=rows
        )
        capture = Operation.objects.create(
            key="card:X", payment=payment, kind=Operation.Kind.CAPTURE, rows=rows,
            amount_ore=12500, state=OperationState.DONE,
        )  # fmt: skip
        return Operation.objects.create(
            key="card:Y" if kind == "capture" else "refund:X",
            payment=payment, kind=kind, rows=rows, amount_ore=12500,
            capture=capture, state=OperationState.REFUSED, refusal="insufficient funds",
        )  # fmt: skip

    return make


def test_what_failed_is_listed_with_what_to_do_and_without_numbers(failed, caseworker, session_for):
    shown = page(session_for(caseworker).get(DRIFT))
    assert "En e-post eller SMS er ikke sendt" in shown
    assert "Kontroller adressen og e-posttjenesten" in shown
    assert "120385•••••" in shown
    assert "12038512345" not in shown


def test_an_effect_that_failed_is_tried_again_and_it_stands_in_the_history(
    failed, caseworker, session_for
):
    staff = session_for(caseworker)
    again = f"{DRIFT}hendelser/{failed.pk}/igjen/"
    assert staff.post(again).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (Effect.State.WAITING, 0)
    event = Event.objects.get(name="effect:tried_again")
    assert event.actor_id == str(caseworker.pk)
    assert staff.post(again).status_code == 404  # it does not stand failed any more
    Effect.objects.update(state=Effect.State.FAILED)
    assert "1 hendelse prøves igjen" in page(staff.post(f"{DRIFT}hendelser/igjen/", follow=True))


def test_a_refund_that_was_refused_is_asked_for_again_once(refund, caseworker, session_for):
    staff = session_for(caseworker)
    shown = page(staff.get(DRIFT))
    assert "Virksomheten har penger til gode" in shown
    assert "insufficient funds" in shown
    staff.post(f"{DRIFT}betaling/{refund.pk}/igjen/")
    wanted = Operation.objects.get(key=f"again:{refund.pk}")
    assert (wanted.kind, wanted.amount_ore, wanted.capture) == ("refund", 12500, refund.capture)
    assert Event.objects.filter(name="payment:tried_again").exists()
    assert refund.key not in page(staff.get(DRIFT))
    assert "Ingen." in page(staff.get(DRIFT))
    assert staff.post(f"{DRIFT}betaling/{refund.pk}/igjen/").status_code == 404


def test_a_capture_that_was_refused_has_nothing_to_try(make_refund, caseworker, session_for):
    operation = make_refund(Operation.Kind.CAPTURE)
    staff = session_for(caseworker)
    assert "Virksomheten kan betale på nytt" in page(staff.get(DRIFT))
    assert staff.post(f"{DRIFT}betaling/{operation.pk}/igjen/").status_code == 409


@pytest.fixture
def postage(make_refund):
    """Postage of cards that are sent, which the provider would not let us capture."""
    operation = make_refund(Operation.Kind.CAPTURE)
    Operation.objects.filter(pk=operation.pk).update(
        key="postage:BCDFGHJK", capture=None, amount_ore=4750
    )
    return Operation.objects.get(pk=operation.pk)


def test_postage_that_could_not_be_captured_waits_for_a_person_until_it_is_asked_for_again(
    postage, caseworker, session_for
):
    staff = session_for(caseworker)
    Operation.objects.filter(key="card:X").update(state=OperationState.REFUSED)
    shown = page(staff.get(DRIFT))
    assert "Dette er sendt uten å være betalt" in shown
    assert operations.waiting() == 1  # the card's own line is in a cart again
    assert "(1 har stoppet)" in shown
    staff.post(f"{DRIFT}betaling/{postage.pk}/igjen/")
    postage.refresh_from_db()
    assert (postage.state, postage.asked_as) == ("wanted", "postage:BCDFGHJK:2")
    assert staff.post(f"{DRIFT}betaling/{postage.pk}/igjen/").status_code == 404


def test_nobody_owes_postage_for_an_order_of_which_nothing_was_sent(
    kari, caseworker, session_for, wind_forward
):
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    payment, nexi = at_the_payment_page(order, kari), SIDES["nexi"]
    nexi.pay(payment.provider_id, nexi.no_capture)
    payments.take_word(payment=payment, actor=SYSTEM)
    rest()
    approve(order.lines.get())
    for later in ({"minutes": 11}, {"minutes": 61}, {"hours": 7}):
        wind_forward(**later)
    order.refresh_from_db()
    postage = Operation.objects.get(key=f"postage:{order.reference}")
    assert (order.state, postage.state) == ("completed", "refused")
    assert operations.waiting() == 0
    staff = session_for(caseworker)
    assert "Dette er sendt uten å være betalt" not in page(staff.get(DRIFT))
    assert staff.post(f"{DRIFT}betaling/{postage.pk}/igjen/").status_code == 409


def test_what_is_not_reserved_any_more_is_not_asked_for(postage, caseworker, session_for):
    Payment.objects.update(amount_ore=12500 + 4749)
    answer = session_for(caseworker).post(f"{DRIFT}betaling/{postage.pk}/igjen/", follow=True)
    assert "Krev det inn på en annen måte" in page(answer)
    postage.refresh_from_db()
    assert postage.state == "refused"


def test_the_page_is_not_for_others(kari, client_as, reviewer, session_for):
    assert client_as(kari).get(DRIFT).status_code == 404
    assert session_for(reviewer).get(DRIFT).status_code == 404
