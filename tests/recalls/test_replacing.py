"""A card with a fault of ours is replaced free of charge, once, on the same road as any card."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cards.actions import pictures_of
from cards.models import Card
from cards.production.tasks import make_batches
from cards.states import CardState
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.notifications.models import Message
from hmskort.simulators.store import Store
from orders.models import Line, Order
from orders.payments.models import Payment
from orders.recalls import actions, queries
from orders.recalls.models import Recall, RecalledCard
from orders.states import OrderState
from tests.builders import a_cart, rest

FAULT = "Brikken kan ikke leses av alle lesere."


@pytest.fixture
def made(issued, dispatched):
    """`made(2)`: two cards of one order, in the post."""

    def cards(people=1):
        order = issued(people)
        found = [line.card for line in order.lines.all()]
        for card in found:
            dispatched(card)
        return [Card.objects.get(pk=card.pk) for card in found]

    return cards


def recall(*cards: Card) -> Recall:
    found = queries.looked_at(Card.objects.filter(pk__in=[card.pk for card in cards]))
    begun = actions.begin(found=found, fault=FAULT, actor=SYSTEM)
    rest()
    return begun


def replacement(card: Card) -> Line:
    return Line.objects.select_related("order", "card").get(replaces=card)


@pytest.mark.feature("F113")
def test_a_faulty_card_is_replaced_for_nothing_and_blocked_when_the_new_one_is_issued(made):
    (old,) = made()
    paid_before = Payment.objects.count()
    recall(old)
    line = replacement(old)
    assert line.state == "issued"
    assert line.purpose == Line.Purpose.FAULTY
    assert (line.price.gross_ore, line.order.postage.gross_ore) == (0, 0)
    assert line.order.payment is None
    assert Payment.objects.count() == paid_before
    assert line.order.state == OrderState.COMPLETED
    old.refresh_from_db()
    assert (old.state, old.blocked_for, old.current) == (CardState.BLOCKED, "replaced", False)
    new = line.card
    assert new.number != old.number
    assert pictures_of(new) == pictures_of(old)
    assert new.delivery["address"] == old.delivery["address"]


@pytest.mark.feature("F147")
def test_all_cards_of_a_batch_are_replaced_in_one_act(made):
    cards = made(3)
    make_batches()
    batch = cards[0].chip_job.batch
    found = queries.looked_at(queries.cards_in(batch))
    assert {one.card for one in found} == set(cards)
    actions.begin(found=found, fault=FAULT, actor=SYSTEM)
    rest()
    lines = [replacement(card) for card in cards]
    assert {line.state for line in lines} == {"issued"}
    assert len({line.order_id for line in lines}) == 1


def test_the_employer_is_told_once_of_all_cards_of_the_order(made):
    cards = made(2)
    begun = recall(*cards)
    (mail,) = Message.objects.filter(key__startswith="recalled:")
    assert FAULT in mail.text
    assert all(card.holder_name in mail.text for card in cards)
    Effect.objects.filter(event="recall:begun").update(state="waiting", due_at=clock.now())
    rest()
    assert Message.objects.filter(key__startswith="recalled:").count() == 1
    assert begun.cards.count() == 2
    assert Line.objects.filter(purpose="faulty").count() == 2
    result = Message.objects.get(key__startswith=f"result:{replacement(cards[0]).order.reference}")
    assert "Trukket" not in result.text


def test_a_card_is_replaced_once_however_often_it_is_recalled(made):
    (old,) = made()
    recall(old)
    (again,) = queries.looked_at(Card.objects.filter(pk=old.pk))
    assert again.why_not == "recalled"
    with pytest.raises(actions.NothingToReplace):
        actions.begin(found=[again], fault=FAULT, actor=SYSTEM)
    assert Recall.objects.count() == 1
    row = RecalledCard.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecalledCard.objects.create(recall=row.recall, card=old, former=row.former)


def test_what_cannot_be_replaced_is_said_why(made, kari):
    blocked, expired, erased = made(3)
    Card.objects.filter(pk=blocked.pk).update(state=CardState.BLOCKED)
    Card.objects.filter(pk=expired.pk).update(expires_on="2026-12-01")
    Card.objects.filter(pk=erased.pk).update(portrait="")
    found = queries.looked_at(Card.objects.all())
    assert {one.card.pk: one.why_not for one in found} == {
        blocked.pk: "not_in_use", expired.pk: "expired", erased.pk: "no_picture",
    }  # fmt: skip


def test_a_silent_register_delays_the_new_card_and_the_old_one_stays_in_use(
    made, fault, wind_forward
):
    (old,) = made()
    fault("folkeregisteret", "silent")
    recall(old)
    assert replacement(old).state == "approved"
    assert Card.objects.get(pk=old.pk).state == CardState.PRODUCED
    fault("folkeregisteret", "off")
    wind_forward(minutes=10)
    assert replacement(old).state == "issued"


def test_a_holder_who_was_ordered_for_meanwhile_is_left_out(made, kari):
    _, second = made(2)
    found = queries.looked_at(Card.objects.all())
    Card.objects.filter(pk=second.pk).update(expires_on="2027-01-31", renewable_from="2026-10-31")
    begun = actions.begin(found=found, fault=FAULT, actor=SYSTEM)
    a_cart(kari, "D-number")
    rest()
    assert {row.left_out for row in begun.cards.all()} == {"", "ordered"}
    assert Line.objects.filter(purpose="faulty").count() == 1


def test_looking_at_many_cards_asks_no_more_than_at_one(made):
    first, *_ = made(3)
    with CaptureQueriesContext(connection) as one:
        queries.looked_at(Card.objects.filter(pk=first.pk))
    with CaptureQueriesContext(connection) as all_of_them:
        queries.looked_at(Card.objects.all())
    assert len(all_of_them) == len(one) <= 4


def test_the_payment_service_hears_of_nothing(made):
    (old,) = made()
    before = Store().all("nexi.payments")
    recall(old)
    assert Store().all("nexi.payments") == before


def test_a_caseworker_sees_what_would_happen_confirms_and_follows(made, client_as, caseworker):
    (old,) = made()
    browser = client_as(caseworker)
    told = {"numbers": old.number, "fault": FAULT}
    page = browser.post("/kort-med-feil/", told)
    assert "Nytt kort uten kostnad" in page.content.decode()
    assert not Recall.objects.exists()
    after = browser.post("/kort-med-feil/", {**told, "confirmed": "1"})
    assert after["Location"] == f"/kort-med-feil/{Recall.objects.get().reference}/"
    rest()
    page = browser.get(after["Location"]).content.decode()
    assert replacement(old).order.reference in page
    assert "Sperret" in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Oppgi enten et parti eller kortnumre."),
        ({"batch": "FINNESIKKE"}, "Vi finner ikke noe parti"),
        ({"numbers": "99999999"}, "Disse kortene finnes ikke: 99999999."),
        ({"numbers": "vet ikke"}, "Skriv kortnumre med sju eller åtte sifre."),
    ],
)
def test_what_was_typed_wrong_is_said_and_kept(db, client_as, caseworker, told, said):
    page = client_as(caseworker).post("/kort-med-feil/", {"fault": FAULT, **told})
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert FAULT in text
    assert all(value in text for value in told.values())


def test_the_order_page_says_that_it_costs_nothing(made, client_as, kari):
    (old,) = made()
    recall(old)
    order = Order.objects.get(pk=replacement(old).order_id)
    page = client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert "som har en feil. Det koster ingenting." in page
