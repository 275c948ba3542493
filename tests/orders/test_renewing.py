"""The next card for somebody who has one: from it, for many at once, from an earlier order."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import Card
from cards.public_check.queries import check
from cards.rules import months_from
from cards.states import CardState
from hmskort.accounts.models import Access
from hmskort.common import clock
from hmskort.simulators import world
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.evidence.rules import kept_until
from orders.models import Line, Order
from registers.models import CardKind
from registers.persons import person_for
from tests.builders import FILES, a_cart, actor_of, file_of, rest
from tests.cards.builders import issued, produced, taken_over

pytestmark = pytest.mark.django_db
WORKER = "also employed"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def client(client_as, kari):
    client = client_as(kari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    return client


def uploaded(case: str, user, *, days_ago: int = 0) -> None:
    """Portrait, signature and ID copy, as they were uploaded for the last card."""
    person, orgnr = person_for(world.person(case).national_id), world.company("Byggmester AS").orgnr
    for kind in FILES:
        piece = evidence.store(
            person=person, orgnr=orgnr, kind=kind, upload=file_of(kind), actor=actor_of(user)
        )
        at = clock.now() - timedelta(days=days_ago)
        Piece.objects.filter(pk=piece.pk).update(uploaded_at=at)


def renewable(*cases: str) -> list[Card]:
    """Cards with two months left."""
    issued_on = clock.today() - timedelta(days=670)
    return [
        taken_over(case, number=f"47{Card.objects.count():05}", issued_on=issued_on)
        for case in cases
    ]


def text(response) -> str:
    return response.content.decode()


def only_line() -> Line:
    return Line.objects.select_related("replaces").get(state="draft")


# --- lost, stolen, damaged -----------------------------------------------------------------------


@pytest.mark.feature("F089")
@pytest.mark.parametrize(("how", "told"), [("stolen", "stjålet"), ("mislaid", "mistet")])
def test_a_lost_card_is_reported_and_another_ordered_in_one_click_with_the_stored_files(
    client, kari, how, told
):
    uploaded(WORKER, kari)
    card = produced(WORKER)
    page = f"/kort/{card.number}/"
    assert "Bestill nytt kort" not in text(client.get(page))
    assert client.get(f"{page}tapt/").status_code == 200
    response = client.post(f"{page}tapt/", {"how": how}, follow=True)
    assert f"Kortet er {told}" in text(response)
    assert check(card.number).status == "not_valid"
    assert "Bestill nytt kort" in text(response)
    response = client.post(f"{page}bestill/")
    line = only_line()
    assert response["Location"] == f"/bestilling/{line.order.reference}/"
    assert (line.purpose, line.replaces) == ("lost", card)
    assert all((line.portrait, line.signature, line.id_copy))


@pytest.mark.feature("F089")
def test_a_damaged_card_that_is_blocked_is_replaced_the_same_way(client):
    card = produced(WORKER)
    client.post(f"/kort/{card.number}/sperr/", {"reason": "damaged"})
    client.post(f"/kort/{card.number}/bestill/")
    line = only_line()
    assert (line.purpose, line.replaces) == ("damaged", card)
    assert line.portrait is None, "nothing was uploaded here, so it is asked for"


def test_pressing_twice_is_ordering_once(client):
    card = produced(WORKER)
    client.post(f"/kort/{card.number}/tapt/", {"how": "stolen"})
    first, second = (client.post(f"/kort/{card.number}/bestill/") for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Line.objects.count() == 1


def test_how_a_card_was_lost_must_be_told(client):
    card = produced(WORKER)
    response = client.post(f"/kort/{card.number}/tapt/", {})
    assert response.status_code == 422
    assert "Velg hva som har skjedd med kortet" in text(response)
    card.refresh_from_db()
    assert card.state == CardState.PRODUCED


def test_a_card_that_is_not_made_yet_cannot_be_lost(client):
    card = issued(WORKER)
    assert "kan meldes tapt" in text(client.get(f"/kort/{card.number}/tapt/"))
    assert client.post(f"/kort/{card.number}/tapt/", {"how": "stolen"}).status_code == 409


def test_a_card_with_a_year_left_is_not_followed_by_another_and_the_reason_is_told(client):
    card = produced(WORKER)
    response = client.post(f"/kort/{card.number}/bestill/", follow=True)
    assert response.redirect_chain[-1][0] == f"/kort/{card.number}/"
    assert "Du kan bestille nytt fra" in text(response)
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("rights", "lost", "again"),
    [(["see"], 403, 403), (["see", "block"], 200, 403), (["see", "renew"], 403, 302)],
)
def test_reporting_takes_the_right_to_block_and_ordering_anew_the_right_to_renew(
    per, client_as, rights, lost, again
):
    card = produced(WORKER)
    Card.objects.filter(pk=card.pk).update(state=CardState.LOST)
    Access.objects.filter(person=per.person).update(rights=rights)
    client = client_as(per)
    assert client.get(f"/kort/{card.number}/tapt/").status_code == lost
    assert client.post(f"/kort/{card.number}/bestill/").status_code == again
    assert client.get("/forny/").status_code == (200 if "renew" in rights else 403)


# --- renewing one --------------------------------------------------------------------------------


@pytest.mark.feature("F091")
@pytest.mark.parametrize(
    ("months", "days", "reused"), [(0, 0, True), (26, 0, True), (26, 1, False), (30, 0, False)]
)
def test_renewal_within_26_months_of_upload_skips_it_and_later_requires_it(
    client, kari, months, days, reused
):
    uploaded_on = months_from(clock.today(), -months) - timedelta(days=days)
    uploaded(WORKER, kari, days_ago=(clock.today() - uploaded_on).days)
    (card,) = renewable(WORKER)
    assert "Forny kortet" in text(client.get(f"/kort/{card.number}/"))
    response = client.post(f"/kort/{card.number}/bestill/", follow=True)
    line = only_line()
    assert (line.purpose, line.replaces) == ("renewal", card)
    assert bool(line.portrait and line.signature and line.id_copy) == reused
    rest()
    page = text(client.get(response.redirect_chain[-1][0]))
    assert ("1 av 1 er klare" in page) == reused


@pytest.mark.parametrize(
    ("uploaded_on", "last"),
    [
        ("2026-11-30", "2029-01-30"),
        ("2026-12-29", "2029-02-28"),
        ("2026-12-31", "2029-02-28"),
        ("2025-12-31", "2028-02-29"),
        ("2028-02-29", "2030-04-29"),
    ],
)
def test_the_last_day_on_which_a_file_may_be_used(uploaded_on, last):
    assert kept_until(date.fromisoformat(uploaded_on)) == date.fromisoformat(last)


def test_a_file_that_was_refused_is_not_used_again(client, kari):
    uploaded(WORKER, kari)
    Piece.objects.filter(kind="portrait").update(state="refused")
    (card,) = renewable(WORKER)
    client.post(f"/kort/{card.number}/bestill/")
    line = only_line()
    assert (line.portrait, bool(line.id_copy)) == (None, True)


# --- renewing many -------------------------------------------------------------------------------

MANY = ["employed", "also employed", "employed in another sub-unit", "D-number"]


@pytest.fixture
def two_on_a_page(monkeypatch):
    monkeypatch.setattr("hmskort.common.paging.PER_PAGE", 2)


def next_page(client, page, **sent):
    """What a browser without JavaScript sends when *Neste side* is pressed, and what it gets."""
    after = page.context["page"].after
    rows = [one.wish.card.number for one, _ in page.context["rows"] if not one.obstacle]
    return client.post(f"/forny/velg/?etter={after}", {"shown": rows, **sent}, follow=True)


def shown_in(page) -> list[str]:
    return [one.wish.card.number for one, _ in page.context["rows"]]


@pytest.mark.feature("F092")
def test_people_are_ticked_over_pages_and_renewed_in_one_order(client, two_on_a_page):
    cards = renewable(*MANY)
    page = client.get("/forny/?sorter=utloper")
    first = shown_in(page)
    page = next_page(client, page, card=[first[0]], sorter="utloper")
    assert "1 er krysset av" in text(page)
    second = shown_in(page)
    assert not set(first) & set(second)
    client.post("/forny/velg/", {"shown": second, "card": second, "q": "ingen", "do": "filter"})
    page = client.get("/forny/bekreft/")
    assert page.context["again"].count == 3, "a search takes no tick away"
    response = client.post("/forny/bekreft/")
    order = Order.objects.get(state="cart")
    assert response["Location"] == f"/bestilling/{order.reference}/"
    chosen = {first[0], *second}
    assert {line.replaces.number for line in order.lines.all()} == chosen
    assert {line.purpose for line in order.lines.all()} == {"renewal"}
    assert len(cards) == 4


@pytest.mark.feature("F092")
def test_all_may_be_ticked_at_once_and_who_cannot_be_renewed_is_left_out_with_why(client, kari):
    renewable(*MANY)
    order = a_cart(kari, "employed")
    client.post("/forny/velg/", {"do": "all"})
    page = client.get("/forny/bekreft/")
    assert page.context["again"].count == 3
    told = text(page)
    assert "Disse blir ikke med" in told
    assert "Personen er allerede i handlekurven." in told
    assert "3 kort koster 312,00" in told.replace("\N{NO-BREAK SPACE}", " ")
    client.post("/forny/bekreft/")
    assert order.lines.filter(state="draft").count() == 4
    assert client.get("/forny/bekreft/")["Location"] == "/forny/", "nothing is ticked any more"


def test_who_there_is_no_room_for_in_one_order_is_still_ticked_and_told_of(client, monkeypatch):
    monkeypatch.setattr("orders.renewing.ticks.MOST", 2)
    renewable(*MANY)
    client.post("/forny/velg/", {"do": "all"})
    assert client.get("/forny/bekreft/").context["again"].count == 2
    told = text(client.post("/forny/bekreft/", follow=True))
    assert "2 kort fikk ikke plass" in told
    assert client.get("/forny/bekreft/").context["again"].count == 2


def test_a_tick_is_taken_away_on_the_page_where_it_stands(client):
    numbers = [card.number for card in renewable(*MANY)]
    client.post("/forny/velg/", {"do": "all"})
    client.post("/forny/velg/", {"shown": numbers[:2], "card": numbers[:1]})
    assert "3 er krysset av" in text(client.get("/forny/"))
    client.post("/forny/velg/", {"do": "none"})
    assert "0 er krysset av" in text(client.get("/forny/"))


def test_what_another_company_has_cannot_be_ticked(client):
    other = taken_over(
        "employed elsewhere", "groundwork", number="4711299",
        issued_on=clock.today() - timedelta(days=670),
    )  # fmt: skip
    client.post("/forny/velg/", {"shown": [other.number], "card": [other.number]})
    response = client.post("/forny/bekreft/", follow=True)
    assert other.holder_name not in text(response)
    assert not Line.objects.exists()


def test_a_card_kind_that_is_closed_is_told_of(client):
    renewable(WORKER)
    CardKind.objects.filter(pk="bygg").update(open_for_orders=False)
    assert "Denne korttypen kan ikke bestilles nå." in text(client.get("/forny/"))


def test_nobody_to_renew_is_told(client):
    assert "Ingen kort utløper snart" in text(client.get("/forny/"))


def test_the_page_takes_no_more_questions_for_many_than_for_one(client):
    renewable(WORKER)
    client.get("/forny/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/forny/")
    renewable("two employers", *MANY[2:])
    with CaptureQueriesContext(connection) as for_many:
        page = client.get("/forny/")
    assert len(shown_in(page)) == 4
    assert len(for_many) == len(for_one) <= 16


# --- from an earlier order -----------------------------------------------------------------------


@pytest.mark.feature("F090")
def test_an_earlier_order_is_ordered_again_for_those_who_can_have_a_card(client, kari):
    uploaded(WORKER, kari)
    order = a_cart(kari, WORKER, "employed", "D-number")
    sent(order)
    produced("employed")
    page = client.get(f"/bestillinger/{order.reference}/igjen/")
    told = text(page)
    assert page.context["again"].count == 2
    assert "Disse blir ikke med" in told
    assert "Du kan bestille nytt fra" in told
    response = client.post(f"/bestillinger/{order.reference}/igjen/", follow=True)
    cart = Order.objects.get(state="cart")
    assert cart.pk != order.pk
    people = {line.person for line in cart.lines.all()}
    assert people == {person_for(world.person(each).national_id) for each in (WORKER, "D-number")}
    again = cart.lines.get(person=person_for(world.person(WORKER).national_id))
    assert all((again.portrait, again.signature, again.id_copy))
    assert "2 personer er lagt til" in text(response)


def sent(order: Order) -> None:
    """The order is over, and its people were withdrawn after it was paid."""
    at = clock.now()
    Order.objects.filter(pk=order.pk).update(state="completed", submitted_at=at)
    order.lines.update(state="withdrawn", ended_at=at + timedelta(seconds=1))


@pytest.mark.feature("F090")
def test_an_order_from_which_nobody_can_be_ordered_again_says_so(client, kari):
    order = a_cart(kari, WORKER)
    sent(order)
    produced(WORKER)
    address = f"/bestillinger/{order.reference}/igjen/"
    assert "Ingen av dem kan få nytt kort nå." in text(client.get(address))
    client.post(address)
    assert not Order.objects.filter(state="cart").exists()
