"""Edge case 15: who orders a card for themself has somebody else see their ID."""

import pytest

from hmskort.accounts.models import User
from orders import actions
from orders.own_cards import is_own_card, orders_own_card
from tests.builders import ADDRESS, a_cart, actor_of, with_files
from tests.orders.paying import paid_order

OWN = "En annen enn jeg har kontrollert legitimasjonen min."


def ready(user, case):
    order = with_files(a_cart(user, case), user)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(user))
    return order


@pytest.mark.parametrize(("case", "asked"), [("Kari", True), ("employed", False)])
def test_who_orders_for_themself_declares_that_another_has_seen_the_id(
    kari, client_as, case, asked
):
    order = ready(kari, case)
    shown = client_as(kari).get(f"/bestilling/{order.reference}/betal/").content.decode()
    assert (OWN in shown) is asked
    assert orders_own_card(order, kari) is asked


def test_nothing_is_paid_before_it_is_declared(kari, client_as):
    order = ready(kari, "Kari")
    address = f"/bestilling/{order.reference}/betal/"
    answer = client_as(kari).post(address, {"declared": "on"})
    assert answer.status_code == 422
    assert "Du må krysse av for" in answer.content.decode()
    assert client_as(kari).post(address, {"declared": "on", "own_seen": "on"}).status_code == 302


def test_the_reviewer_is_told(kari, reviewer, session_for):
    order = paid_order(kari, "Kari", "employed")
    told = {line.person.given_names: is_own_card(line) for line in order.lines.all()}
    assert told == {"Kari": True, "Nora": False}
    browser = session_for(reviewer)
    browser.post("/kontroll/neste/")
    reference = order.lines.order_by("position").first().reference
    shown = browser.get(f"/kontroll/{reference}/").content.decode()
    assert "Har bestilt til seg selv" in shown


def test_who_pays_for_their_own_card_in_a_colleagues_order_is_marked_too(kari, somebody):
    order = ready(kari, "employed")
    nora = somebody("employed")
    User.objects.filter(pk=nora.pk).update(person=order.lines.get().person)
    payment = actions.begin_payment(order=order, actor=actor_of(nora))
    order.refresh_from_db()
    assert payment.started_by == str(nora.pk)
    assert is_own_card(order.lines.get())
