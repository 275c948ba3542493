"""*Mine ordre*: what the company has ordered is found by whatever is known of it."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.common.clock import OSLO
from hmskort.common.folding import SQL, TABLE, folded
from hmskort.simulators import world
from orders import actions, show
from orders.models import Line, Order
from orders.my_orders import listing
from orders.payments.models import Payment
from orders.states import OrderStanding, OrderState, standing_of
from registers.models import CardKind, Person
from registers.persons import person_for
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve, refuse

pytestmark = pytest.mark.django_db
ADDRESS_OF_LIST = "/bestillinger/"


@pytest.fixture
def paid(kari):
    def order_for(*cases: str) -> Order:
        order = with_files(a_cart(kari, *cases), kari)
        actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
        pay(at_the_payment_page(order, kari))
        return Order.objects.get(pk=order.pk)

    return order_for


@pytest.fixture
def page(kari, client_as):
    """`page(status="venter")`: what Kari reads there."""
    client = client_as(kari)

    def read(**wanted):
        return client.get(ADDRESS_OF_LIST, wanted, headers={"Accept-Language": "nb"})

    return read


@pytest.fixture
def search(kari, client_as):
    """`search(q="Nordmann")`: Kari searches, and where that leads."""
    client = client_as(kari)

    def post(**sought):
        return client.post(
            ADDRESS_OF_LIST, {"sorter": "-dato", **sought}, headers={"Accept-Language": "nb"}
        )

    return post


def an_order(user, reference, *, days_ago=0, **given) -> Order:
    """An order of Byggmester AS as it stands in the table, with nobody in it yet."""
    at = clock.now() - timedelta(days=days_ago)
    values = {
        "orgnr": world.company("Byggmester AS").orgnr,
        "company_name": "BYGGMESTER AS",
        "kind": CardKind.objects.get(code="bygg"),
        "state": OrderState.SUBMITTED,
        "orderer": user,
        "created_at": at,
        "submitted_at": at,
    }
    return Order.objects.create(reference=reference, **{**values, **given})


def a_line(order, case, **given) -> Line:
    """A line as it stands in the table."""
    one = world.person(case)
    person = person_for(one.national_id)
    Person.objects.filter(pk=person.pk).update(given_names=one.given_names, surname=one.surname)
    position = order.lines.count() + 1
    values = {
        "state": "in_review",
        "price_net_ore": 10400,
        "price_vat_ore": 2600,
        "name_known": True,
    }
    return Line.objects.create(
        order=order, orgnr=order.orgnr, person=person, position=position, **{**values, **given}
    )


def references_on(response) -> list[str]:
    return [order.reference for order, _status in response.context["rows"]]


@pytest.mark.feature("F148")
def test_the_list_has_my_orders_and_those_of_others_and_can_show_mine_alone(page, kari, per):
    an_order(kari, "BBBBBBBB", days_ago=2)
    an_order(per, "CCCCCCCC", days_ago=1)
    assert references_on(page()) == ["CCCCCCCC", "BBBBBBBB"]
    assert per.name in page().content.decode()
    assert references_on(page(mine="ja")) == ["BBBBBBBB"]


def test_the_orders_of_another_company_do_not_exist(page, kari):
    an_order(kari, "BBBBBBBB", orgnr=world.company("groundwork").orgnr)
    assert references_on(page()) == []
    assert references_on(page(q="BBBBBBBB")) == []


@pytest.mark.feature("F149")
@pytest.mark.parametrize("column", listing.SORTS)
def test_each_heading_sorts_both_ways_and_keeps_the_filters(page, kari, per, column):
    """Three orders that differ in everything; each column has an order of its own among them."""
    renhold = CardKind.objects.get(code="renhold")
    units = [("Å", 1), ("Ærlig", 3), ("byggeplass", 2)]
    for number, (unit, people) in enumerate(units):
        order = an_order(
            (kari, per, kari)[number], f"{'DBC'[number]}" * 8, days_ago=number, unit_name=unit,
            **({"kind": renhold} if number == 1 else {}),
            **({"state": OrderState.COMPLETED} if number == 0 else {}),
        )  # fmt: skip
        for case in ("employed", "also employed", "two sub-units")[:people]:
            a_line(order, case, state="issued", ended_at=clock.now() + timedelta(days=1))
    expected = {
        "nummer": "BCD", "dato": "CBD", "personer": "DCB", "sum": "DCB", "enhet": "CBD",
    }  # fmt: skip
    upwards = "".join(one[0] for one in references_on(page(sorter=column)))
    response = page(sorter=f"-{column}", kilde="portal")
    downwards = "".join(one[0] for one in references_on(response))
    assert upwards == downwards[::-1]
    assert sorted(upwards) == ["B", "C", "D"]
    assert upwards == expected.get(column, upwards)
    heading = next(each for each in response.context["columns"] if each["name"] == column)
    assert heading["sorted"] == "descending"
    text = response.content.decode()
    assert text.count('aria-sort="descending"') == 1
    assert text.count("aria-sort=") == 1
    for link in text.split('class="sorts" href="')[1:]:
        assert parse_qs(urlsplit(link.partition('"')[0].replace("&amp;", "&")).query)["kilde"] == [
            "portal"
        ]


def test_kind_orderer_and_status_sort_by_what_is_read(page, kari, per):
    an_order(kari, "BBBBBBBB", kind=CardKind.objects.get(code="renhold"))
    mended = an_order(per, "CCCCCCCC", days_ago=1)
    a_line(mended, "employed", state="refused")
    assert references_on(page(sorter="type")) == ["CCCCCCCC", "BBBBBBBB"]
    by_name = sorted([(kari.name, "BBBBBBBB"), (per.name, "CCCCCCCC")])
    assert references_on(page(sorter="bestiller")) == [reference for _name, reference in by_name]
    assert references_on(page(sorter="status")) == ["CCCCCCCC", "BBBBBBBB"]


def test_pages_follow_each_other_both_ways_in_every_sort(page, kari):
    for number in range(60):
        order = an_order(kari, f"B{number:07d}", days_ago=number % 7)
        if number % 2:
            a_line(order, "employed", state="issued", ended_at=clock.now() + timedelta(days=1))
    for sort in listing.SORTS:
        for sign in ("", "-"):
            first = page(sorter=sign + sort)
            seen, response = references_on(first), first
            while response.context["page"].after:
                response = page(sorter=sign + sort, etter=response.context["page"].after)
                seen += references_on(response)
            assert len(seen) == len(set(seen)) == 60, sort
            back = page(sorter=sign + sort, **{"for": response.context["page"].before})
            assert references_on(back) == seen[25:50]


def test_a_cursor_that_somebody_made_is_the_beginning(page, kari):
    an_order(kari, "BBBBBBBB")
    assert references_on(page(etter="WyJ4Il0:1:x")) == ["BBBBBBBB"]
    assert references_on(page(sorter="drop table")) == ["BBBBBBBB"]


@pytest.mark.feature("F150")
def test_an_order_is_found_by_its_number_and_opened_and_the_search_is_reset(page, search, kari):
    an_order(kari, "BBBBBBBB")
    other = an_order(kari, "CCCCCCCC")
    line = a_line(other, "employed")
    found = search(q=" bbbb bbbb ")
    assert found.status_code == 302
    response = page(**{name: value[0] for name, value in queried(found).items()})
    assert references_on(response) == ["BBBBBBBB"]
    text = response.content.decode()
    assert 'href="/bestillinger/BBBBBBBB/"' in text
    assert '<a class="ds-link" href="/bestillinger/">Nullstill søk</a>' in text
    assert references_on(page(q=line.reference.lower())) == ["CCCCCCCC"]
    assert 'value=""' not in text.partition("Nullstill søk")[2]
    assert sorted(references_on(page())) == ["BBBBBBBB", "CCCCCCCC"]


def queried(response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(response["Location"]).query)


def test_people_are_found_by_the_beginning_of_either_name_whatever_the_case_and_accents(page, kari):
    order = an_order(kari, "BBBBBBBB")
    person = a_line(order, "employed").person
    Person.objects.filter(pk=person.pk).update(given_names="Åse-Márit", surname="Øvrebø Dahl")
    actions.name_lines(people=[person.pk])
    for sought in ("øvre", "ØVREBØ DAHL, åse", "Åse Marit", "åse-mar", "Övrebö"):
        assert references_on(page(q=sought)) == ["BBBBBBBB"], sought
    for sought in ("Dahl", "vrebø", "Aase", "%", "_"):
        assert references_on(page(q=sought)) == [], sought


def test_a_person_whose_name_comes_later_is_found_when_it_has_come(page, kari):
    order = a_cart(kari, "employed")
    name = order.lines.get().person.surname
    assert name
    assert references_on(page(q=name)) == [order.reference]


def test_who_was_taken_out_of_the_cart_is_not_found_in_it(page, kari):
    order = a_cart(kari, "employed", "two sub-units")
    line = order.lines.first()
    actions.remove_line(line=line, actor=actor_of(kari))
    assert references_on(page(q=line.person.surname)) == []
    assert references_on(page(q=order.lines.last().person.surname)) == [order.reference]


def test_an_identity_number_finds_its_person_and_stands_in_no_address_and_the_search_is_logged(
    page, search, kari, byggmester
):
    order = an_order(kari, "BBBBBBBB")
    person = a_line(order, "employed").person
    number = world.person("employed").national_id
    found = search(q=f"{number[:6]} {number[6:]}", status="behandling")
    assert number not in found["Location"]
    assert number[6:] not in found["Location"]
    wanted = {name: value[0] for name, value in queried(found).items()}
    assert wanted["status"] == "behandling"
    response = page(**wanted)
    assert references_on(response) == ["BBBBBBBB"]
    assert number not in response.content.decode()
    event = Event.objects.get(name="person:sought")
    assert (event.actor_id, event.orgnr) == (str(kari.pk), byggmester.orgnr)
    assert event.data == {"person": str(person.pk)}


def test_a_number_of_nobody_here_finds_nothing_and_tells_not_whether_it_is_known_elsewhere(
    page, search, kari
):
    an_order(kari, "BBBBBBBB")
    elsewhere = an_order(kari, "CCCCCCCC", orgnr=world.company("groundwork").orgnr)
    a_line(elsewhere, "employed elsewhere")
    unknown = world.person("also employed").national_id
    for number in (world.person("employed elsewhere").national_id, unknown):
        wanted = {name: value[0] for name, value in queried(search(q=number)).items()}
        assert references_on(page(**wanted)) == []
    assert Event.objects.filter(name="person:sought", data={"person": ""}).count() == 2


def test_a_person_token_of_another_company_is_about_nobody(page, kari):
    person = a_line(an_order(kari, "BBBBBBBB"), "employed").person
    theirs = listing.token_for("999999999", person.pk)
    assert references_on(page(person=theirs)) == []
    assert references_on(page(person="nothing:at:all")) == []


def test_an_identity_number_in_an_address_is_not_sought(page, kari):
    response = page(q=world.person("employed").national_id)
    assert response.status_code == 302
    assert response["Location"] == ADDRESS_OF_LIST


@pytest.mark.parametrize("shape", ["{0}-{1}", "{0}.{1}", "{0} – {1}", "{0}{1} Hansen", "nr {0}{1}"])
def test_an_identity_number_stands_in_no_address_however_it_is_written(search, page, kari, shape):
    order = an_order(kari, "BBBBBBBB")
    a_line(order, "employed")
    number = world.person("employed").national_id
    found = search(q=shape.format(number[:6], number[6:]))
    assert number[6:] not in found["Location"]
    wanted = {name: value[0] for name, value in queried(found).items()}
    assert set(wanted) == {"person"}
    assert references_on(page(**wanted)) == ["BBBBBBBB"]
    wrong = search(q=shape.format("010190", "12345"))
    assert wrong.status_code == 422
    assert 'id="id_q_error"' in wrong.content.decode()


@pytest.mark.parametrize("address", ["/forny/velg/", "/kort/"])
def test_lists_of_cards_put_no_identity_number_in_their_address(client_as, kari, address):
    client = client_as(kari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    sent = client.post(address, {"q": "010190-12345", "type": "bygg", "do": "filter"})
    assert sent["Location"].endswith("/?type=bygg")
    assert "ikke søke på fødselsnummer" in client.get(sent["Location"]).content.decode()
    assert client.get(sent["Location"].split("?")[0], {"q": "01019012345"}).status_code == 302


def test_a_mistyped_identity_number_is_told_beside_the_field_and_nothing_is_lost(search, kari):
    an_order(kari, "BBBBBBBB")
    number = world.person("employed").national_id
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    response = search(q=wrong, fra="2026-01-01")
    assert response.status_code == 422
    text = response.content.decode()
    assert f'value="{wrong}"' in text
    assert 'value="2026-01-01"' in text
    assert 'id="id_q_error"' in text


def test_a_card_number_finds_its_order(page, paid):
    order = paid("employed in another sub-unit")
    approve(order.lines.get())
    number = order.lines.get().card.number
    assert references_on(page(q=f"{number[:4]} {number[4:]}")) == [order.reference]
    assert references_on(page(q="47112083")) == []


def test_dates_are_oslos_and_both_are_included(page, kari):
    for hour, reference in ((0, "BBBBBBBB"), (23, "CCCCCCCC")):
        at = datetime(2026, 6, 15, hour, 30, tzinfo=OSLO)
        an_order(kari, reference, created_at=at, submitted_at=at)
    assert len(references_on(page(fra="2026-06-15", til="2026-06-15"))) == 2
    assert references_on(page(fra="2026-06-16")) == []
    assert references_on(page(til="2026-06-14")) == []


def test_a_date_that_is_none_is_told_beside_the_field(page, search, kari):
    an_order(kari, "BBBBBBBB")
    for response in (page(fra="31.2.2026"), search(fra="i går")):
        assert response.status_code == 422
        assert "Skriv datoen slik" in response.content.decode()
    backwards = search(fra="2026-02-01", til="2026-01-01")
    assert backwards.status_code == 422
    assert "Til og med kan ikke være før fra og med." in backwards.content.decode()


@pytest.mark.feature("F093")
def test_one_search_from_the_main_unit_finds_orders_of_all_its_sub_units(page, kari, byggmester):
    units = listing.units_of(byggmester.orgnr)
    assert len(units) > 1
    for letter, (orgnr, name) in zip("BC", units, strict=False):
        order = an_order(kari, letter * 8, unit_orgnr=orgnr, unit_name=name)
        a_line(order, {"B": "employed", "C": "two sub-units"}[letter])
    surname = world.person("employed").surname
    assert sorted(references_on(page())) == ["BBBBBBBB", "CCCCCCCC"]
    assert references_on(page(q=surname)) == ["BBBBBBBB"]
    assert references_on(page(enhet=units[1][0])) == ["CCCCCCCC"]
    assert references_on(page(enhet=units[1][0], q=surname)) == []
    assert "Alle underenheter" in page().content.decode()


def test_the_kind_the_source_and_the_status_narrow_the_list(page, kari):
    an_order(kari, "BBBBBBBB", kind=CardKind.objects.get(code="renhold"))
    payment = Payment.objects.create(
        reference="CCCCCCCC", method="vipps", amount_ore=17750, rows=[]
    )
    an_order(kari, "CCCCCCCC", source="kb4", state=OrderState.COMPLETED, payment=payment)
    assert references_on(page(type="renhold")) == ["BBBBBBBB"]
    assert references_on(page(kilde="kb4")) == ["CCCCCCCC"]
    assert references_on(page(status="ferdig")) == ["CCCCCCCC"]
    assert references_on(page(betaling="vipps")) == ["CCCCCCCC"]
    assert references_on(page(betaling="invoice")) == []
    assert references_on(page(status="behandling", type="renhold")) == ["BBBBBBBB"]
    response = page(status="rettes")
    assert "Ingen bestillinger passer" in response.content.decode()


def test_an_empty_list_leads_to_a_first_order(page):
    text = page().content.decode()
    assert "Ingen bestillinger ennå" in text
    assert 'href="/bestill/"' in text


def test_what_the_database_keeps_of_an_order_is_what_its_lines_say(paid, kari, client_as):
    """Through a cart with somebody taken out, review, refusal, withdrawal, and a card."""
    order = paid("employed in another sub-unit", "D-number", "two sub-units")
    assert_kept()
    first, second, third = order.lines.all()
    refuse(first, "portrait", "blurred")
    assert_kept()
    assert Order.objects.get(pk=order.pk).standing == OrderStanding.TO_MEND
    approve(second)
    actions.withdraw_line(line=third, actor=actor_of(kari))
    assert_kept()
    actions.release_line(line=first)
    rest()
    assert_kept()
    assert Order.objects.get(pk=order.pk).standing == OrderStanding.COMPLETED
    assert Order.objects.get(state=OrderState.CART).people == 1
    Line.objects.filter(pk=first.pk).delete()
    assert_kept()


def assert_kept() -> None:
    for order in Order.objects.all():
        lines = [line for line in order.lines.all() if line.state not in {"withdrawn", "released"}]
        refused = sum(line.state == "refused" for line in lines)
        waiting = sum(line.state in {"awaiting", "held"} for line in lines)
        ore = sum(line.price.gross_ore for line in lines)
        assert (order.people, order.refused, order.waiting) == (len(lines), refused, waiting)
        assert order.cards_ore == ore
        assert order.total_ore == (ore + order.postage.gross_ore if lines else 0)
        assert order.dated_at == (order.submitted_at or order.created_at)
        assert order.standing == standing_of(
            OrderState(order.state), people=len(lines), refused=refused, waiting=waiting
        )


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("lines", [(), ("draft",), ("refused", "held"), ("awaiting", "in_review")])
def test_the_standing_that_the_database_keeps_is_that_of_the_rule(kari, state, lines):
    order = an_order(kari, "BBBBBBBB", state=state)
    for case, line in zip(("employed", "two sub-units"), lines, strict=False):
        a_line(order, case, state=line)
    assert_kept()


def test_two_lines_that_move_in_one_statement_are_both_counted(kari):
    order = an_order(kari, "BBBBBBBB")
    for case in ("employed", "two sub-units", "also employed"):
        a_line(order, case)
    order.lines.update(state="refused")
    assert_kept()
    order.lines.filter(position__gt=1).update(state="withdrawn")
    assert_kept()


def test_names_are_folded_alike_by_the_database_and_by_the_page():
    text = "".join(TABLE) + "  Jean-Luc\tO'Brien 7 Жук"
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_folded(%s)", [text])
        assert cursor.fetchone()[0] == folded(text)
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'orders_folded'")
        assert SQL in cursor.fetchone()[0], "a table that changed needs a migration"


def test_the_list_asks_as_few_questions_for_a_full_page_as_for_one_order(page, kari):
    an_order(kari, "BBBBBBBB")
    page()
    with CaptureQueriesContext(connection) as few:
        page(sorter="sum")
    for number in range(40):
        a_line(an_order(kari, f"C{number:07d}"), "employed", state="issued", ended_at=clock.now())
    with CaptureQueriesContext(connection) as many:
        page(sorter="sum")
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as many:
        page(q=world.person("employed").surname, sorter="sum")
    ours = [each["sql"] for each in many if "orders_" in each["sql"] or "_cardkind" in each["sql"]
            or "_listedcompany" in each["sql"]]  # fmt: skip
    assert len(ours) <= 8


def test_every_column_has_a_sort_and_every_sort_a_column():
    assert list(show.COLUMNS()) == list(listing.SORTS)
