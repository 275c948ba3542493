"""Postage that was too high is given back for many orders in one act, once for each."""

import pytest
from django.db import transaction

from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import history
from hmskort.common import clock, outbox
from hmskort.common.models import Effect
from hmskort.desk import operations
from hmskort.notifications.models import Message
from orders.actions.progress import postage_item
from orders.crediting import actions, queries
from orders.crediting.models import CorrectedOrder, Correction, Credit
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Operation
from orders.payments.nexi.simulator import books
from tests.builders import rest
from tests.crediting.conftest import PEOPLE
from tests.orders.paying import paid_order
from tests.orders.reviewing import approve, moved

POSTAGE = 4_750  # øre with VAT
RIGHT, DIFFERENCE = 1_900, 2_375  # half of the postage, and what is given back with VAT
TODAY = {"first": "2026-12-07", "last": "2026-12-07"}


@pytest.fixture
def three(kari):
    """Three orders of one person each, with their card issued and postage paid."""
    orders = [paid_order(kari, case) for case in PEOPLE]
    for order in orders:
        approve(order.lines.get())
    return list(Order.objects.order_by("submitted_at"))


def begin(right=RIGHT, **wanted) -> Correction:
    orders = queries.correctable(wanted)
    return actions.begin(orders=orders, right_net_ore=right, reason="Feil sats.", actor=SYSTEM)


def given_back(order, book) -> list[int]:
    return [one["amount"] for one in book(order)["refunds"]]


@pytest.mark.feature("F112")
def test_the_difference_is_given_back_for_every_order_in_one_act(three, book):
    begin()
    rest()
    for order in three:
        assert given_back(order, book) == [DIFFERENCE]
        assert moved(order.payment)["refunded"] == DIFFERENCE
        (back,) = book(order)["refunds"]
        assert [item["reference"] for item in back["orderItems"]] == [f"{order.reference}-P"]
        assert "order:credited" in [event.name for event in history(order)]
        mail = Message.objects.get(key__contains=f":{order.reference}", key__startswith="postage:")
        assert "Feil sats." in mail.text
        assert "23,75" in mail.text


def test_all_of_it_is_given_back_where_nothing_should_have_been_paid(three, book):
    begin(right=0)
    rest()
    assert [given_back(order, book) for order in three] == [[POSTAGE]] * 3


def test_each_order_has_it_once_whatever_is_told_twice(three, book):
    correction = begin()
    rest()
    Effect.objects.filter(event="correction:begun").update(state="waiting", due_at=clock.now())
    actions.correct_some(correction=correction)
    rest()
    assert [given_back(order, book) for order in three] == [[DIFFERENCE]] * 3
    assert Credit.objects.count() == CorrectedOrder.objects.count() == 3


def test_who_is_killed_after_some_orders_leaves_the_others_to_the_next(three, book, monkeypatch):
    correction = begin()
    effect = Effect.objects.get(event="correction:begun")
    real, done = payments.want_refund, []

    def killed_at_the_second(**given):
        if done:
            raise SystemExit("killed")
        done.append(given)
        return real(**given)

    with monkeypatch.context() as patch:
        patch.setattr(payments, "want_refund", killed_at_the_second)
        with pytest.raises(SystemExit):
            actions.correct_some(correction=correction)
    assert Credit.objects.count() == 1
    assert effect.state == "waiting"
    rest()
    assert [given_back(order, book) for order in three] == [[DIFFERENCE]] * 3


def test_long_work_is_done_some_at_a_time(three, monkeypatch):
    monkeypatch.setattr("orders.crediting.actions.correcting.AT_ONCE", 2)
    begin()
    outbox.deliver_due(limit=1)
    assert Credit.objects.count() == 2
    rest()
    assert Credit.objects.count() == 3


def test_what_a_bank_sent_back_and_is_asked_for_again_is_not_given_back_twice(three, book):
    order, *_ = three
    begin(only=[order.reference])
    rest()
    credit = Credit.objects.get()
    Operation.objects.filter(pk=credit.operation_id).update(state="refused")
    refused = Operation.objects.get(pk=credit.operation_id)
    again = operations.pay_again(operation=refused, actor=SYSTEM)
    rest()
    credit.refresh_from_db()
    assert credit.operation_id == again.pk
    with pytest.raises(actions.NothingToCorrect):
        begin(only=[order.reference])


def test_more_than_was_paid_is_never_given_back(three, book):
    begun = begin(right=0)
    for order in three:  # somebody else is faster
        with transaction.atomic():
            payments.want_refund(
                payment=order.payment,
                key=f"other:{order.reference}",
                items=[postage_item(order)],
                actor=SYSTEM,
            )
    rest()
    assert {row.left_out for row in begun.orders.all()} == {True}
    assert [given_back(order, book) for order in three] == [[POSTAGE]] * 3
    assert all(books.summary(book(order))["refundedAmount"] == POSTAGE for order in three)


def test_the_second_send_of_the_same_form_finds_nothing(three, book):
    begin()
    with pytest.raises(actions.NothingToCorrect):
        begin()
    rest()
    with pytest.raises(actions.NothingToCorrect):
        begin()
    assert Correction.objects.count() == 1
    assert [given_back(order, book) for order in three] == [[DIFFERENCE]] * 3


def test_what_is_corrected_again_is_corrected_from_what_it_costs_by_now(three, book):
    begin()
    rest()
    begin(right=0)
    rest()
    assert [given_back(order, book) for order in three] == [[DIFFERENCE, DIFFERENCE]] * 3
    assert not queries.correctable({}).exists()


def test_postage_of_an_order_without_a_card_is_not_for_corrections(three):
    three[0].lines.update(state="withdrawn")
    assert set(queries.correctable({})) == set(three[1:])


FILTERS = {
    # what is asked for, and which of the three orders it finds
    "everything": ({}, {0, 1, 2}),
    "another price": ({"postage_ore": 9_900}, set()),
    "this price": ({"postage_ore": 3_800}, {0, 1, 2}),
    "what cost nothing": ({"postage_ore": 0}, set()),
    "another company": ({"orgnr": "310023736"}, set()),
    "by invoice": ({"method": "invoice"}, set()),
    "by card": ({"method": "nexi"}, {0, 1, 2}),
    "one of them": ({"only": [0]}, {0}),
    "not that one": ({"without": [0]}, {1, 2}),
}


def test_the_filters_find_the_orders(three):
    for case, (wanted, found) in FILTERS.items():
        for name in {"only", "without"} & set(wanted):
            wanted = {name: [three[place].reference for place in wanted[name]]}  # noqa: PLW2901
        assert set(queries.correctable(wanted)) == {three[place] for place in found}, case


@pytest.mark.feature("F112")
def test_a_caseworker_finds_looks_confirms_and_sees_each_result(three, client_as, caseworker):
    browser = client_as(caseworker)
    address = "/prisavslag/porto/?first=2026-12-07&last=2026-12-07&right=19"
    page = browser.get(address)
    text = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Gi tilbake porto for 3 bestillinger?" in text
    assert "71,25 kr" in text
    assert not Correction.objects.exists()
    seen = page.context["looked"].seen
    after = browser.post(address, {"reason": "Feil sats.", "seen": seen})
    begun = Correction.objects.get()
    assert after["Location"] == f"/prisavslag/porto/{begun.reference}/"
    assert "0 av 3 bestillinger er behandlet." in browser.get(after["Location"]).content.decode()
    rest()
    text = browser.get(after["Location"]).content.decode()
    assert "3 av 3 bestillinger er behandlet." in text
    assert text.count("Betalt tilbake") == 3


def test_what_changed_since_it_was_looked_at_is_looked_at_again(three, client_as, caseworker):
    address = "/prisavslag/porto/?first=2026-12-07&right=19"
    page = client_as(caseworker).post(address, {"reason": "Feil sats.", "seen": "2:4750"})
    assert "Se over på nytt" in page.content.decode()
    assert "Feil sats." in page.content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("right=0", "Velg fra hvilken dag, eller skriv bestillingene."),
        ("first=2026-12-07&last=2026-12-01&right=0", "Til-datoen er før fra-datoen."),
        ("right=0&only=NOSUCH1;+nosuch2", "finnes ikke: NOSUCH1, NOSUCH2."),
        ("first=2026-12-07&right=0&without=ABC", "finnes ikke: ABC."),
        ("first=2026-12-07&right=0&orgnr=123456789", "Organisasjonsnummeret er ikke gyldig."),
    ],
)
def test_what_cannot_be_looked_for_is_said(db, client_as, caseworker, asked, said):
    page = client_as(caseworker).get(f"/prisavslag/porto/?{asked}")
    assert page.status_code == 422
    assert said in page.content.decode()


def test_staff_see_what_is_late_and_why(issued, paid, days_pass, client_as, caseworker):
    order = issued()
    days_pass(6)
    page = client_as(caseworker).get("/prisavslag/").content.decode()
    assert order.reference in page
    assert "Venter på trykk" in page
    assert "11.12.2026" in page
