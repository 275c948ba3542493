"""Two open lines that turn out to be one person's: one goes on, and nothing is paid twice."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from cards.public_check.models import Entry
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.notifications.models import Message
from hmskort.simulators import world
from orders import actions
from orders.models import Line, Order
from orders.review import actions as review
from registers import lookups
from registers.persons import person_for
from tests.builders import ADDRESS, a_cart, actor_of, give_file, rest, with_files
from tests.orders.paying import at_the_payment_page, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def numbers():
    somebody = world.person("changed number")
    return SimpleNamespace(old=somebody.former_numbers[0], new=somebody.national_id)


def a_line(kari, number):
    """A line in the cart for this number, while no register has told whose it is."""
    order = a_cart(kari)
    (line,) = actions.add_people(order=order, people=[person_for(number)], actor=actor_of(kari))
    return line


def forget_what_to_ask():
    """No register is asked for now."""
    lookups.Lookup.objects.update(due_at=None)


def learn(number):
    """Folkeregisteret is asked about the number, and all that follows is done."""
    with transaction.atomic():
        lookups.want({("folkeregisteret", str(person_for(number).pk))}, not_older_than=clock.now())
    rest()


def paid(kari, number):
    """A line that has been paid for, and waits for review."""
    line = a_line(kari, number)
    forget_what_to_ask()
    with_files(line.order, kari)
    actions.set_delivery(order=line.order, address=ADDRESS, actor=actor_of(kari))
    pay(at_the_payment_page(line.order, kari))
    line.refresh_from_db()
    return line


def states(*lines):
    for line in lines:
        line.refresh_from_db()
    return [line.state for line in lines]


def test_the_line_in_the_cart_gives_way_to_the_one_paid_for(kari, numbers):
    ordered = paid(kari, numbers.new)
    double = a_line(kari, numbers.old)
    learn(numbers.old)
    assert states(ordered, double) == ["in_review", "withdrawn"]
    assert ordered.person == double.person == person_for(numbers.new)
    told = history(double.order).get(name="order:line_removed")
    assert told.data == {"line": double.position, "reason": "same_person"}


def test_of_two_paid_for_the_old_numbers_is_withdrawn_and_its_money_given_back(kari, numbers):
    ordered, double = paid(kari, numbers.new), paid(kari, numbers.old)
    mails = Message.objects.count()
    learn(numbers.old)
    assert states(ordered, double) == ["in_review", "withdrawn"]
    assert Order.objects.get(pk=double.order_id).state == "completed"
    assert Effect.objects.filter(event="payment:release_wanted").count() == 1
    assert Entry.objects.get(number=double.reference).state == "withdrawn"
    assert Message.objects.count() == mails


def test_the_order_page_tells_why_a_line_is_gone(kari, numbers, client_as):
    paid(kari, numbers.new)
    double = paid(kari, numbers.old)
    learn(numbers.old)
    page = client_as(kari).get(f"/bestillinger/{double.order.reference}/").content.decode()
    assert "En person sto to ganger, med gammelt og nytt nummer. Vi beholdt den ene." in page


def test_a_double_at_the_payment_page_waits_until_it_is_paid_for(kari, numbers, wind_forward):
    double = a_line(kari, numbers.old)
    forget_what_to_ask()
    with_files(double.order, kari)
    actions.set_delivery(order=double.order, address=ADDRESS, actor=actor_of(kari))
    payment = at_the_payment_page(double.order, kari)
    ordered = paid(kari, numbers.new)
    move_to_cleared(ordered)
    learn(numbers.old)
    assert states(ordered, double) == ["cleared", "draft"]
    pay(payment)
    wind_forward(minutes=10)
    assert states(double) == ["withdrawn"]


def move_to_cleared(line):
    """The bank is slow: the line's price is being captured."""
    type(line).objects.filter(pk=line.pk).update(state="cleared")


def test_what_was_uploaded_for_the_double_need_not_be_uploaded_again(kari, numbers):
    kept, double = a_line(kari, numbers.new), a_line(kari, numbers.old)
    give_file(double, "portrait", kari)
    give_file(kept, "signature", kari)
    rest()
    assert states(kept, double) == ["draft", "withdrawn"]
    assert kept.portrait
    assert {kept.portrait.person, kept.signature.person} == {kept.person}


def test_an_approved_line_of_the_old_number_becomes_a_card(kari, numbers, reviewer):
    person_for(numbers.new)  # known, and asked for nothing
    line = paid(kari, numbers.old)
    forget_what_to_ask()
    claim = review.claim_next(reviewer=reviewer, actor=actor_of(reviewer))
    review.decide(
        claim_id=claim.pk, refusals={}, comment="", reviewer=reviewer, actor=actor_of(reviewer)
    )
    rest()
    assert states(line) == ["issued"]
    assert line.card.person == line.person == person_for(numbers.new)


def test_hearing_of_it_twice_changes_nothing_more(kari, numbers):
    kept, double = a_line(kari, numbers.new), a_line(kari, numbers.old)
    rest()
    Effect.objects.filter(event="person:merged").update(state="waiting", due_at=clock.now())
    rest()
    assert states(kept, double) == ["draft", "withdrawn"]
    assert history(kept.order).filter(name="order:line_removed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_begins_to_pay_and_who_merges_lock_the_cart_first(kari, numbers):
    line = a_line(kari, numbers.old)
    old, one = (person_for(number) for number in (numbers.old, numbers.new))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # as whoever begins to pay
            Order.objects.select_for_update(of=("self",)).get(pk=line.order_id)
            merging = pool.submit(merge_elsewhere, old, one)
            while not somebody_waits():
                assert not merging.done()
            Line.objects.select_for_update(of=("self",), nowait=True).get(pk=line.pk)
        merging.result(timeout=30)
    line.refresh_from_db()
    assert line.person == one


def merge_elsewhere(old, one):
    try:
        actions.merge_person(old=old, one=one)
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
