"""Edge case 15: who orders a card for themself has somebody else see their ID."""

import pytest

from orders import actions
from orders.people.own_cards import is_own_card, orders_own_card
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
    form = {"method": "nexi", "declared": "on"}
    answer = client_as(kari).post(address, form)
    assert answer.status_code == 422
    assert "Du må krysse av for" in answer.content.decode()
    assert client_as(kari).post(address, form | {"own_seen": "on"}).status_code == 302


def test_the_reviewer_is_told(kari, reviewer, session_for):
    order = paid_order(kari, "Kari", "employed")
    told = {line.person.given_names: is_own_card(line) for line in order.lines.all()}
    assert told == {"Kari": True, "Nora": False}
    browser = session_for(reviewer)
    browser.post("/kontroll/neste/")
    reference = order.lines.order_by("position").first().reference
    shown = browser.get(f"/kontroll/{reference}/").content.decode()
    assert "Har bestilt til seg selv" in shown


def test_who_pays_for_their_own_card_in_a_colleagues_order_is_marked_too(kari, per):
    order = ready(per, "Kari")
    assert not orders_own_card(order, per)
    actions.begin_payment(order=order, actor=actor_of(kari))
    order.refresh_from_db()
    assert order.orderer == per
    assert is_own_card(order.lines.get())
