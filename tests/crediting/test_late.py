"""Half of the price is given back, by itself and once, for a card that is not sent in time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import Card
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.notifications.models import Message
from orders import actions as orders
from orders.crediting import actions
from orders.crediting.models import Credit
from orders.models import Line
from tests.builders import give_file, rest
from tests.orders.reviewing import approve, moved, refuse

CARD, POSTAGE, HALF = 13_000, 4_750, 6_500  # øre with VAT


def given_back(order) -> int:
    return moved(order.payment).get("refunded", 0)


def mails() -> list[Message]:
    return list(Message.objects.filter(key__startswith="late:"))


@pytest.mark.feature("F111")
@pytest.mark.feature("F252")
def test_a_card_that_has_not_gone_when_day_four_is_over_is_half_price_that_minute(
    issued, days_pass, book
):
    order = issued()
    line = order.lines.get()
    assert str(line.send_by) == "2026-12-11"
    days_pass(4, hour=23, minute=59)
    assert given_back(order) == 0
    days_pass(5, hour=0)
    assert given_back(order) == HALF
    assert [one["amount"] for one in book(order)["refunds"]] == [HALF]
    credit = Credit.objects.get()
    assert (credit.line, credit.amount.net_ore, credit.amount.vat_ore) == (line, 5_200, 1_300)


@pytest.mark.feature("F111")
@pytest.mark.parametrize(("day", "back"), [(0, 0), (4, 0), (5, HALF), (9, HALF)])
def test_what_day_it_goes_decides(issued, days_pass, dispatched, day, back):
    order = issued()
    days_pass(day)
    dispatched(order.lines.get().card)
    days_pass(30)
    assert given_back(order) == back


def test_a_card_sent_on_the_last_evening_is_in_time(issued, days_pass, dispatched):
    order = issued()
    days_pass(4, hour=23, minute=58)
    dispatched(order.lines.get().card)
    days_pass(6)
    assert not Credit.objects.exists()


def test_it_is_given_back_once_however_often_it_is_looked_at(issued, days_pass, book):
    order = issued()
    days_pass(5)
    Effect.objects.filter(event="order:promise_ended").update(state="waiting", due_at=clock.now())
    rest()
    actions.credit_late_cards(order=order)
    rest()
    assert len(book(order)["refunds"]) == 1
    assert len(mails()) == 1


def test_only_those_of_the_order_that_are_late_are_half_price_and_told_of_in_one_mail(
    issued, days_pass, dispatched
):
    order = issued(3)
    first, second, third = order.lines.all()
    dispatched(first.card)
    days_pass(5, hour=0)
    assert given_back(order) == 2 * HALF
    assert {credit.line for credit in Credit.objects.all()} == {second, third}
    (mail,) = mails()
    assert mail.to == order.contact_email
    assert first.person.name not in mail.text
    for line in (second, third):
        assert f"{line.person.name}: skulle vært sendt senest 11. desember 2026" in mail.text
    assert "130,00" in mail.text


def test_each_line_has_its_own_clock_which_begins_anew_when_it_is_mended(
    paid, kari, days_pass, book
):
    order = paid(2)
    first, second = order.lines.all()
    approve(first)
    refuse(second, "portrait", "blurred")
    assert Line.objects.get(pk=second.pk).send_by is None
    days_pass(3)
    give_file(Line.objects.get(pk=second.pk), "portrait", kari)
    rest()
    approve(Line.objects.get(pk=second.pk))
    days_pass(5)
    assert [credit.line for credit in Credit.objects.all()] == [first]
    days_pass(7, hour=23)
    assert Credit.objects.count() == 1
    days_pass(8, hour=0)
    assert [one["amount"] for one in book(order)["refunds"]] == [HALF, HALF]


def test_a_card_that_is_late_before_it_is_issued_is_half_price_when_it_is(paid, days_pass, book):
    order = paid()
    days_pass(5, hour=12)
    assert book(order)["refunds"] == []
    approve(order.lines.get())
    assert [one["amount"] for one in book(order)["refunds"]] == [HALF]


def test_a_silent_register_does_not_move_the_clock_of_who_was_known_to_be_met(
    paid, fault, days_pass, wind_forward
):
    order = paid()
    fault("folkeregisteret", "silent")
    approve(order.lines.get())
    days_pass(1)
    fault("folkeregisteret", "off")
    wind_forward(hours=1)
    line = order.lines.get()
    assert line.state == "issued"
    assert str(line.send_by) == "2026-12-11"


def test_who_is_held_back_is_not_late_meanwhile(paid, days_pass):
    order = paid()
    line = order.lines.get()
    Line.objects.filter(pk=line.pk).update(state="held", complete_at=None, send_by=None)
    days_pass(3)
    orders.clear(line=Line.objects.get(pk=line.pk))
    rest()
    assert str(Line.objects.get(pk=line.pk).send_by) == "2026-12-14"


def test_a_card_that_was_blocked_before_it_went_is_not_half_price(issued, days_pass):
    order = issued()
    Card.objects.update(state="blocked")
    days_pass(5)
    assert given_back(order) == 0
    assert mails() == []


def test_a_card_that_was_free_is_not_half_price(issued, days_pass):
    order = issued()
    Line.objects.update(price_net_ore=0, price_vat_ore=0)
    days_pass(5)
    assert given_back(order) == 0
    assert not Credit.objects.exists()


def test_a_payment_service_that_is_down_delays_the_money_and_no_more(
    issued, days_pass, fault, wind_forward, book
):
    order = issued()
    fault("payments", "lost")
    days_pass(5)
    assert Credit.objects.count() == 1
    fault("payments", "off")
    wind_forward(minutes=30)
    assert len(book(order)["refunds"]) == 1
    assert given_back(order) == HALF


@pytest.mark.feature("F252")
def test_the_order_says_what_is_promised_and_then_what_is_given_back(
    issued, days_pass, client_as, kari
):
    order = issued()
    address = f"/bestillinger/{order.reference}/"
    assert "Sendes senest 11.12.2026." in client_as(kari).get(address).content.decode()
    days_pass(5)
    page = client_as(kari).get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Kortet ble ikke sendt innen 11.12.2026. Vi gir tilbake 65,00 kr." in page
    assert "Prisavslag: kortet ble ikke sendt i tide" in page


def test_the_history_of_the_line_says_why(issued, days_pass):
    line = issued().lines.get()
    days_pass(5)
    told = [event for event in history(line) if event.name == "line:credited"]
    assert [event.data["amount_ore"] for event in told] == [HALF]


def test_nothing_looks_at_more_cards_than_the_order_has(issued, days_pass):
    order = issued(2)
    with CaptureQueriesContext(connection) as queries:
        actions.credit_late_cards(order=order)
    assert len(queries) <= 6


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Vi beklager"), ("nn", "Vi orsakar"), ("en", "We are sorry")],
)
def test_the_mail_reads_well_in_the_language_of_the_order(issued, days_pass, language, words):
    order = issued()
    type(order).objects.filter(pk=order.pk).update(language=language)
    days_pass(5)
    (mail,) = mails()
    assert words in mail.text
    assert words in mail.html
    assert order.reference in mail.subject
