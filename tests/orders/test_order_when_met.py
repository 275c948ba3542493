"""Ordered by itself when what was missing is in order, if the orderer ticked that."""

from datetime import timedelta

import pytest
from django.db import transaction

from cards.public_check.queries import check
from hmskort.accounts.models import Access
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.notifications.models import Message
from hmskort.simulators import world
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from orders import actions, queries, tasks
from orders.errors import CannotOrder, Incomplete
from orders.models import Line, Order
from orders.states import LineState, OrderState
from registers import employers
from registers.exemptions import actions as exemptions
from registers.exemptions.models import OVERRIDE, ExemptionKind
from registers.models import Employer
from registers.tasks import follow_companies
from tests.builders import ADDRESS, a_cart, actor_of, file_of, give_file, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import CARD, POSTAGE, approve, moved

pytestmark = pytest.mark.django_db
MISSING = "not employed"


@pytest.fixture
def cart(kari):
    """Somebody who is ready, and somebody whom Aa-registeret does not know, both with files."""
    order = with_files(a_cart(kari, "employed in another sub-unit", MISSING), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    return order


def line_of(case: str, **more) -> Line:
    surname = world.person(case).surname
    return Line.objects.select_related("order", "verdict").get(person__surname=surname, **more)


def tick(line: Line, user) -> None:
    actions.order_when_met(line=line, actor=actor_of(user))


def bought(order: Order, user) -> Order:
    pay(at_the_payment_page(order, user))
    return Order.objects.get(pk=order.pk)


def employ(case: str) -> None:
    """The employment is reported to Aa-registeret, and the employer is read again."""
    subunit = world.company("Byggmester AS").subunits[0]
    people.start_employment(Store(), world.person(case).national_id, subunit, clock.today())
    Employer.objects.update(due_at=clock.now())
    employers.reread(10)
    rest()


@pytest.mark.feature("F247")
def test_a_blocked_draft_is_submitted_by_itself_after_the_register_event_if_it_was_ticked(
    cart, kari
):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    assert line_of(MISSING).state == LineState.AWAITING
    employ(MISSING)
    line = line_of(MISSING)
    assert (line.state, line.order_id) == (LineState.IN_REVIEW, order.pk)
    assert line.verdict.outcome == "met"
    mail = Message.objects.get(key=f"met:{line.reference}")
    assert mail.to == "kari@byggmester.example"
    assert line.person.name in mail.text


@pytest.mark.feature("F247")
def test_a_blocked_draft_that_was_not_ticked_stays_in_the_cart_after_the_event(cart, kari):
    paid = bought(cart, kari)
    line = line_of(MISSING)
    assert (line.state, line.order.state) == (LineState.DRAFT, OrderState.CART)
    assert line.verdict.outcome == "not_met"
    employ(MISSING)
    line = line_of(MISSING)
    assert line.verdict.outcome == "met", "it is checked again by itself, and nothing more"
    assert (line.state, line.order.state) == (LineState.DRAFT, OrderState.CART)
    assert line.order_id != paid.pk
    assert not Message.objects.filter(key__startswith="met:").exists()


def test_both_prices_are_reserved_and_each_is_captured_once_when_its_card_is_approved(cart, kari):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    approve(line_of("employed in another sub-unit"))
    assert moved(order.payment) == {"reserved": 2 * CARD + POSTAGE, "captured": CARD + POSTAGE}
    employ(MISSING)
    employ(MISSING)
    approve(line_of(MISSING))
    order.refresh_from_db()
    assert line_of(MISSING).state == LineState.ISSUED
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment) == {"reserved": 2 * CARD + POSTAGE, "captured": 2 * CARD + POSTAGE}


@pytest.mark.parametrize("case", ["dead", "number not in use"])
def test_nobody_waits_for_what_does_not_pass_by_itself(kari, client_as, case):
    order = with_files(a_cart(kari, case), kari)
    line = order.lines.get()
    with pytest.raises(CannotOrder):
        tick(line, kari)
    Line.objects.filter(pk=line.pk).update(order_when_met_at=clock.now())
    line = Line.objects.select_related("order__kind", "verdict").get(pk=line.pk)
    assert actions.missing_in(line) == ["et registerkrav er ikke oppfylt"]
    page = client_as(kari).get(f"/bestilling/{order.reference}/", headers={"Accept-Language": "nb"})
    text = page.content.decode()
    assert "Bestill av seg selv" not in text
    assert ("Sjekk på nytt" in text, "Må rettes" in text) == (case != "dead", case != "dead")
    assert "Fjern" in text
    assert page.context["sums"] is None
    assert "ingenting å betale ennå" in text


def test_nobody_waits_for_a_company_that_is_bankrupt(kari, byggmester):
    companies.set_bankrupt(Store(), byggmester.orgnr, bankrupt=True)
    line = a_cart(kari, "employed in another sub-unit").lines.get()
    with pytest.raises(CannotOrder):
        tick(line, kari)


def test_the_sum_in_the_cart_is_of_those_who_can_go_along(kari, client_as):
    order = a_cart(kari, "employed in another sub-unit", MISSING)
    cart = client_as(kari).get(f"/bestilling/{order.reference}/")
    assert cart.context["sums"].cards == 1
    tick(line_of(MISSING), kari)
    cart = client_as(kari).get(f"/bestilling/{order.reference}/")
    assert cart.context["sums"].cards == 2


ALREADY = "kan jobbe mens de venter"
NOT_YET = "For den som venter på et krav, er kortet ikke bestilt ennå."


def test_the_receipt_does_not_say_that_a_card_is_ordered_for_who_waits(cart, kari, client_as):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    receipt = Message.objects.get(key=f"receipt:{order.reference}")
    for text in (receipt.text, receipt.html):
        assert ALREADY in text
        assert NOT_YET in text
    shown = client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert NOT_YET in shown


def test_nobody_is_told_to_begin_to_work_where_everybody_waits(kari):
    order = with_files(a_cart(kari, MISSING), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    tick(line_of(MISSING), kari)
    receipt = Message.objects.get(key=f"receipt:{bought(order, kari).reference}")
    for text in (receipt.text, receipt.html):
        assert ALREADY not in text
        assert NOT_YET in text


def test_an_order_may_consist_of_somebody_who_waits_alone(kari):
    order = with_files(a_cart(kari, MISSING), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    with pytest.raises(Incomplete):
        at_the_payment_page(order, kari)
    tick(line_of(MISSING), kari)
    order = bought(order, kari)
    assert (order.state, line_of(MISSING).state) == (OrderState.SUBMITTED, LineState.AWAITING)


def test_a_change_in_the_company_lets_the_person_go_on_too(kari):
    firm = world.company("not VAT registered")
    Access.objects.create(person=kari.person, main_orgnr=firm.orgnr, source=Access.Source.ROLE)
    order = with_files(a_cart(kari, "employed", company="not VAT registered"), kari)
    line = order.lines.get()
    assert line.verdict.outcome == "not_met"
    people.start_employment(
        Store(), world.person("employed").national_id, _a_subunit(firm), clock.today()
    )
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    tick(line, kari)
    actions.recheck(line=line, actor=actor_of(kari))
    rest()
    bought(order, kari)
    companies.set_vat(Store(), firm.orgnr, registered=True)
    follow_companies()
    rest()
    line.refresh_from_db()
    assert line.state == LineState.IN_REVIEW


def test_a_granted_exemption_lets_the_person_go_on(cart, kari):
    tick(line_of(MISSING), kari)
    bought(cart, kari)
    line = line_of(MISSING)
    terms = exemptions.Terms(
        kind=ExemptionKind.objects.get(pk=OVERRIDE),
        requirement="employed",
        orgnr=line.orgnr,
        people=[line.person],
        from_on=clock.today(),
        to_on=clock.today() + timedelta(days=30),
        reason="Dokumentert.",
        case_reference="BCDFGHJK",
        granted_by="a",
        confirmed_by="b",
    )
    with transaction.atomic():
        exemptions.grant(terms=terms, actor=SYSTEM)
    rest()
    assert line_of(MISSING).state == LineState.IN_REVIEW


def _a_subunit(firm) -> str:
    return firm.subunits[0]


def test_what_is_not_met_in_time_is_given_back_and_the_person_is_in_the_cart_with_the_tick(
    cart, kari, wind_forward
):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    actions.withdraw_line(line=line_of("employed in another sub-unit"), actor=actor_of(kari))
    wind_forward(days=6, minutes=1)
    tasks.sweep()
    rest()
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert moved(order.payment) == {"reserved": 2 * CARD + POSTAGE, "released": 2 * CARD + POSTAGE}
    back = line_of(MISSING, state=LineState.DRAFT)
    assert back.order.state == OrderState.CART
    assert back.order_when_met_at
    assert back.portrait_id
    released = line_of(MISSING, state=LineState.RELEASED)
    assert Message.objects.filter(key=f"released:{released.reference}").exists()
    employ(MISSING)
    assert line_of(MISSING, state=LineState.RELEASED).state == LineState.RELEASED


def test_who_waits_may_be_withdrawn_and_is_still_shown_in_the_order(cart, kari, client_as):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    line = line_of(MISSING)
    client_as(kari).post(f"/bestillinger/{order.reference}/{line.reference}/trekk/")
    employ(MISSING)
    line.refresh_from_db()
    assert line.state == LineState.WITHDRAWN
    assert line in queries.lines_of(order)


def test_a_person_taken_out_before_it_was_paid_for_is_not_shown_in_the_order(cart, kari):
    gone = line_of(MISSING)
    actions.remove_line(line=gone, actor=actor_of(kari))
    assert gone not in queries.lines_of(bought(cart, kari))


def test_a_silent_register_does_not_let_anybody_go_on(cart, kari, fault):
    tick(line_of(MISSING), kari)
    bought(cart, kari)
    fault("aaregisteret", "silent")
    actions.review_when_met(line=line_of(MISSING))
    employ(MISSING)
    assert line_of(MISSING).state == LineState.AWAITING


def test_a_register_without_a_feed_is_asked_again_after_a_day(cart, kari, wind_forward):
    tick(line_of(MISSING), kari)
    bought(cart, kari)
    subunit = _a_subunit(world.company("Byggmester AS"))
    people.start_employment(Store(), world.person(MISSING).national_id, subunit, clock.today())
    wind_forward(days=1, minutes=1)
    tasks.sweep()
    rest()
    assert line_of(MISSING).state == LineState.IN_REVIEW


def test_who_waits_is_checked_again_with_one_click(cart, kari, client_as):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    line = line_of(MISSING)
    subunit = _a_subunit(world.company("Byggmester AS"))
    people.start_employment(Store(), world.person(MISSING).national_id, subunit, clock.today())
    client = client_as(kari)
    check_again = f"/bestilling/{order.reference}/{line.reference}/sjekk/"
    assert check_again in client.get(f"/bestillinger/{order.reference}/").content.decode()
    answer = client.post(check_again, follow=True)
    assert answer.redirect_chain[-1][0] == f"/bestillinger/{order.reference}/"
    rest()
    assert line_of(MISSING).state == LineState.IN_REVIEW


def test_a_day_that_comes_lets_the_person_go_on(kari, wind_forward):
    case = "employment starts in 31 days"
    order = with_files(a_cart(kari, case), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    tick(line_of(case), kari)
    bought(order, kari)
    assert line_of(case).state == LineState.AWAITING
    wind_forward(days=1, minutes=1)
    tasks.sweep()
    rest()
    assert line_of(case).state == LineState.IN_REVIEW


def test_until_it_is_met_no_card_is_said_to_be_ordered_and_then_it_is_from_that_day(
    cart, kari, wind_forward
):
    tick(line_of(MISSING), kari)
    bought(cart, kari)
    line = line_of(MISSING)
    assert check(line.reference).status == "unknown"
    wind_forward(days=2)
    employ(MISSING)
    assert check(line.reference).status == "under_order"
    approve(line_of(MISSING))
    assert line_of(MISSING).card.ordered_on == clock.today()


def test_the_tick_opens_the_upload_and_without_it_no_files_are_asked_for(kari, client_as):
    order = a_cart(kari, MISSING)
    line = order.lines.get()
    page = f"/bestilling/{order.reference}/{line.reference}/"
    client = client_as(kari)
    assert client.get(f"{page}filer/").status_code == 403
    assert client.post(f"{page}vent/", {"wanted": "ja"}).status_code == 302
    assert client.post(f"{page}filer/", {"portrait": file_of("portrait")}).status_code == 302
    assert "checked" in client.get(f"/bestilling/{order.reference}/").content.decode()
    client.post(f"{page}vent/", {})
    assert client.get(f"{page}filer/").status_code == 403
    line.refresh_from_db()
    assert line.portrait is not None


def test_the_last_page_says_who_waits_and_until_when(cart, kari, client_as):
    tick(line_of(MISSING), kari)
    page = client_as(kari).get(f"/bestilling/{cart.reference}/betal/").content.decode()
    assert "Bestilles når kravet er oppfylt" in page
    assert f"{clock.today() + timedelta(days=6):%d.%m.%Y}" in page


def test_the_order_page_tells_what_is_waited_for_and_where_to_say_that_it_is_wrong(
    cart, kari, client_as
):
    tick(line_of(MISSING), kari)
    order = bought(cart, kari)
    page = client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert "Venter på at kravet oppfylles" in page
    assert "Vi fant ikke noe arbeidsforhold" in page
    line = line_of(MISSING)
    assert f"/bestilling/{order.reference}/{line.reference}/innsigelse/employed/" in page


def test_an_order_that_is_being_paid_for_cannot_be_ticked(cart, kari):
    line = line_of(MISSING)
    at_the_payment_page(cart, kari)
    ready = line_of("employed in another sub-unit")
    with pytest.raises(CannotOrder):
        tick(ready, kari)
    tick(line, kari)  # stayed behind, in a cart beside


def test_ola_cannot_tick_for_a_company_that_is_not_his_and_per_may(cart, ola, per, client_as):
    line = line_of(MISSING)
    page = f"/bestilling/{cart.reference}/{line.reference}/vent/"
    assert client_as(ola).post(page, {"wanted": "ja"}).status_code in {302, 404}
    line.refresh_from_db()
    assert line.order_when_met_at is None
    client_as(per).post(page, {"wanted": "ja"})
    line.refresh_from_db()
    assert line.order_when_met_at


@pytest.mark.feature("F055")
def test_a_draft_that_failed_is_checked_again_with_one_click_and_keeps_its_files(kari, client_as):
    case = "employed in another sub-unit"
    order = a_cart(kari, case)
    line = order.lines.get()
    for kind in ("portrait", "signature", "id_copy"):
        give_file(line, kind, kari)
    firm, number = world.company("Byggmester AS"), world.person(case).national_id
    yesterday = clock.today() - timedelta(days=1)
    people.end_employment(Store(), number, firm.orgnr, yesterday)
    check_again = f"/bestilling/{order.reference}/{line.reference}/sjekk/"
    client = client_as(kari)
    client.post(check_again)
    rest()
    line.refresh_from_db()
    assert line.verdict.outcome == "not_met"
    people.start_employment(Store(), number, _a_subunit(firm), clock.today())
    client.post(check_again)
    rest()
    line.refresh_from_db()
    assert line.verdict.outcome == "met"
    assert line.portrait_id
    assert line.signature_id
    assert line.id_copy_id
    assert actions.missing_in(line) == []
