"""One card for a person and a company at a time, and a second in the last months alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cards import actions as cards
from cards.models import Card
from cards.rules import RENEWAL_MONTHS, renewable_from
from cards.second_card import cards_in_the_way
from cards.states import CardState
from hmskort.common import clock
from hmskort.common.clock import OSLO
from orders import actions
from orders.errors import AlreadyOrdered
from orders.models import Line, Order
from orders.states import LineState
from registers.persons import person_for
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.cards.builders import produced
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve

pytestmark = pytest.mark.django_db
WORKER = "also employed"

BORDERS = [  # last valid day, first day on which another may be ordered
    (date(2028, 11, 21), date(2028, 8, 21)),
    (date(2028, 5, 29), date(2028, 2, 29)),  # a leap year
    (date(2028, 5, 31), date(2028, 2, 29)),
    (date(2027, 5, 29), date(2027, 2, 28)),  # and none
    (date(2027, 5, 31), date(2027, 2, 28)),
    (date(2028, 2, 29), date(2027, 11, 29)),
    (date(2028, 1, 15), date(2027, 10, 15)),  # over New Year
]


@pytest.fixture
def card():
    return produced(WORKER)


def written(card: Card, on: date, **given) -> Line:
    """A line as it is written past every rule of ours."""
    order, _ = Order.objects.get_or_create(
        orgnr=card.orgnr, kind=card.kind, state="cart",
        defaults={"company_name": "X", "orderer": given.pop("user")},
    )  # fmt: skip
    at = datetime.combine(on, time(12), OSLO)
    values = {"orgnr": card.orgnr, "person": card.person, "position": 1, "created_at": at}
    return Line.objects.create(order=order, **values | given)


@pytest.mark.feature("F087")
@pytest.mark.parametrize(("expires_on", "first"), BORDERS)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_second_card_may_be_ordered_from_the_first_of_the_last_months(
    card, kari, expires_on, first, days
):
    Card.objects.filter(pk=card.pk).update(expires_on=expires_on)
    on = first + timedelta(days=days)
    refused = cards_in_the_way([card.person], card.orgnr, on).exists()
    assert refused == (days < 0)
    if refused:
        with pytest.raises(IntegrityError, match="cannot be renewed yet"), transaction.atomic():
            written(card, on, user=kari)
    else:
        assert written(card, on, user=kari)


@pytest.mark.feature("F087")
def test_the_database_reckons_the_last_months_as_the_policy_does():
    assert len(RENEWAL_MONTHS) == 1  # of two, the days around the change are to be looked at
    expression = Card._meta.get_field("renewable_from").expression
    first = expression.extra["template"] % {"expressions": "expires_on"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT expires_on, {first} FROM (SELECT day::date AS expires_on"  # noqa: S608
            " FROM generate_series('2026-01-01'::date, '2033-01-01', '1 day') day) days"
        )
        rows = cursor.fetchall()
    assert len(rows) > 2500
    assert [row for row in rows if renewable_from(row[0]) != row[1]] == []


@pytest.mark.feature("F087")
def test_who_orders_is_told_until_when_the_card_lasts_and_from_when_there_may_be_another(
    client_as, kari, world_number, card
):
    sent = {"kort_type": "bygg", "numbers": world_number(WORKER)}
    response = client_as(kari).post("/bestill/", sent)
    card.refresh_from_db()
    assert response.status_code == 422
    assert (
        f"gyldig til {card.expires_on:%d.%m.%Y}. Du kan bestille nytt "
        f"fra {card.renewable_from:%d.%m.%Y}" in response.content.decode()
    )


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, True),
        ({"state": CardState.ISSUED}, True),
        ({"state": CardState.LOST}, False),
        ({"state": CardState.BLOCKED}, False),
        ({"state": CardState.SEIZED}, False),
        ({"current": False}, False),  # another took over
        ({"expires_on": date(2020, 1, 1)}, False),
        ({"orgnr": "310010014"}, False),  # another company's
    ],
)
def test_only_a_card_that_can_be_used_stands_in_the_way(card, kari, change, refused):
    orgnr, today = card.orgnr, clock.today()
    Card.objects.filter(pk=card.pk).update(**change)
    if refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            written(card, today, user=kari)
    else:
        assert written(card, today, user=kari).orgnr == orgnr


def test_a_card_with_a_fault_of_ours_is_replaced_however_new_it_is(card, kari):
    order = a_cart(kari)
    line = actions.replace_faulty(order=order, card=card, actor=actor_of(kari))
    assert (line.purpose, line.replaces) == ("faulty", card)
    with pytest.raises(AlreadyOrdered):
        actions.replace_faulty(order=order, card=card, actor=actor_of(kari))


def test_the_fault_of_one_card_is_no_reason_to_have_another_company_s(card, kari):
    other = produced("two employers", "groundwork")
    with pytest.raises(IntegrityError), transaction.atomic():
        written(card, clock.today(), user=kari, purpose="faulty", replaces=other)


def test_a_line_that_has_ended_is_not_opened_again_beside_a_new_card(card, kari):
    Card.objects.filter(pk=card.pk).update(state=CardState.BLOCKED)
    line = written(card, clock.today(), user=kari)
    Line.objects.filter(pk=line.pk).update(state=LineState.WITHDRAWN)
    Card.objects.filter(pk=card.pk).update(state=CardState.PRODUCED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(state=LineState.DRAFT)
    Line.objects.filter(pk=line.pk).update(state=LineState.WITHDRAWN)  # what has ended may stay so


@pytest.mark.parametrize(
    ("change", "purpose"),
    [
        ({"state": CardState.LOST}, "lost"),
        ({"state": CardState.BLOCKED, "blocked_for": "damaged"}, "damaged"),
        ({"state": CardState.BLOCKED, "blocked_for": "left"}, "new"),
        ({"expires_on": date(2026, 1, 1)}, "renewal"),
    ],
)
def test_a_line_says_why_the_card_is_ordered_and_which_it_takes_over_from(
    card, kari, change, purpose
):
    Card.objects.filter(pk=card.pk).update(**change)
    line = a_cart(kari, WORKER).lines.get()
    assert (line.purpose, line.replaces) == (purpose, None if purpose == "new" else card)


@pytest.mark.feature("F087")
@pytest.mark.django_db(transaction=True)
def test_two_hundred_orders_at_once_for_one_person_give_one_card(
    kari, world_number, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    order, person = a_cart(kari), person_for(world_number(WORKER))

    def ordered(_) -> int:
        try:
            return len(actions.add_people(order=order, people=[person], actor=actor_of(kari)))
        except AlreadyOrdered:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ordered, range(200))) == 1
    rest()
    with_files(order, kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    pay(at_the_payment_page(order, kari))
    approve(order.lines.get())
    assert Card.objects.filter(person=person).count() == 1
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: ordered_again(kari, person), range(20))) == 0


def ordered_again(kari, person) -> int:
    try:
        cart = a_cart(kari)
        return len(actions.add_people(order=cart, people=[person], actor=actor_of(kari)))
    except AlreadyOrdered:
        return 0
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_who_orders_while_the_card_is_being_issued_waits_and_is_refused(kari, card):
    """As where two numbers are one person's: there is no line that both would meet."""
    Card.objects.filter(pk=card.pk).update(state=CardState.BLOCKED, current=False)

    def impatient():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                written(card, clock.today(), user=kari)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            cards._locked_person(card.person)
            Card.objects.filter(pk=card.pk).update(state=CardState.PRODUCED, current=True)
            waits = pool.submit(impatient)
            while not someone_waits():
                assert not waits.done()
        with pytest.raises(IntegrityError):
            waits.result()


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
