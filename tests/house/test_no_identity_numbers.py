"""From login to a card in the post, no identity number is written where somebody could read it."""

import io
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from hmskort.audit.models import Event
from hmskort.common.logs import NoIdentityNumbers
from hmskort.common.models import Effect
from hmskort.simulators import world
from orders.models import Order
from orders.review.models import Claim
from registers.models import Lookup
from registers.national_id import is_valid
from tests.accounts.visitor import Visitor
from tests.builders import ADDRESS, file_of, rest
from tests.orders.paying import at_the_payment_page, pay
from tests.production.conftest import batched, north, settings_of_production

__all__ = ["batched", "north", "settings_of_production"]  # fixtures of the production floor
pytestmark = pytest.mark.django_db

PEOPLE = ("employed", "D-number", "changed number", "dead")
ELEVEN = re.compile(r"(?<![\w-])\d{6}[ -]?\d{5}(?![\w-])")
OUTSIDE = "simulators_"  # tables of the simulated world: what the authorities have, not we


def everyones_numbers() -> list[str]:
    """The identity numbers of all who take part."""
    people = [world.person(case) for case in (*PEOPLE, "Kari", "reviewer", "producer")]
    return [number for each in people for number in (each.national_id, *each.former_numbers)]


def numbers_in(text: str) -> set[str]:
    """Identity numbers that stand in the text: any valid one, and those of who take part."""
    valid = {found for found in ELEVEN.findall(text) if is_valid(re.sub(r"\D", "", found))}
    return valid | {number for number in everyones_numbers() if number in text}


@pytest.fixture
def console():
    """What the handler of every process writes, behind its filter."""
    handlers = logging.getLogger().handlers
    (handler,) = [
        handler
        for handler in handlers
        if any(isinstance(each, NoIdentityNumbers) for each in handler.filters)
    ]
    stream = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(stream)


@pytest.fixture
def logged():
    """All that the portal logs, as it is before the last line of defence masks it."""
    root, handler = logging.getLogger(), logging.StreamHandler(io.StringIO())
    handler.addFilter(lambda record: "/folkeregisteret/" not in record.getMessage())  # its own log
    root.handlers.insert(0, handler)
    yield handler.stream
    root.removeHandler(handler)


@pytest.fixture
def road(console, logged, fault, wind_forward, batched, north):  # noqa: PLR0917 - a whole road
    """The whole road of a card, on which a register fails and numbers are mistyped."""
    kari = Visitor()
    kari.log_in("Kari")
    kari.post("/velg-virksomhet/", orgnr=world.company("Byggmester AS").orgnr)
    order = ordered(kari, fault, wind_forward)
    pay(at_the_payment_page(order, order.orderer))
    reviewed(order)
    card = order.lines.get(person__surname=world.person("employed").surname).card
    batched(card)
    for number in range(order.lines.exclude(card=None).count()):
        north.make(north.job(), bytes([4, 1, 2, number]))
    rest()
    producer = Visitor()
    producer.log_in("producer")
    producer.post(f"/produksjon/parti/{card.chip_job.batch.reference}/sendt/")
    rest()
    kari.get(f"/kort/{card.number}/")
    kari.get(f"/sjekk/{world.person('employed').national_id}/")
    card.refresh_from_db()
    assert card.dispatched_on


def ordered(kari: Visitor, fault, wind_forward) -> Order:
    numbers = [world.person(case).national_id for case in PEOPLE]
    numbers += world.person("changed number").former_numbers
    mistyped = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    fault("folkeregisteret", "500")
    fault("aaregisteret", "garbage")
    assert kari.post("/bestill/", kort_type="bygg", numbers=mistyped).status_code == 422
    assert kari.post("/bestill/", kort_type="bygg", numbers="\n".join(numbers)).status_code == 302
    rest()
    fault("folkeregisteret", "off")
    fault("aaregisteret", "off")
    wind_forward(minutes=3)  # the registers have rested
    order = Order.objects.get()
    for line in order.lines.all():
        kari.post(f"/bestilling/{order.reference}/{line.reference}/sjekk/")
    rest()
    for line in order.lines.filter(state="draft").exclude(verdict__outcome="not_met"):
        files = {kind: file_of(kind) for kind in ("portrait", "signature", "id_copy")}
        kari.post(f"/bestilling/{order.reference}/{line.reference}/filer/", **files)
    kari.post(f"/bestilling/{order.reference}/levering/", **ADDRESS)
    rest()
    return order


def reviewed(order: Order) -> None:
    reviewer = Visitor()
    reviewer.log_in("reviewer")
    for _ in order.lines.filter(state="in_review"):
        reviewer.post("/kontroll/neste/")
        claim = Claim.objects.get(ended_at=None)
        reviewer.get(f"/kontroll/{claim.line.reference}/")
        reviewer.post(
            f"/kontroll/{claim.line.reference}/avgjor/", claim=claim.pk, decision="godkjenn"
        )
    rest()


def stored() -> dict[str, str]:
    """Every row of the portal as text, by table."""
    tables = [name for name in connection.introspection.table_names() if OUTSIDE not in name]
    found = {}
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f'SELECT row::text FROM "{name}" AS row')  # noqa: S608 - our own names
            found[name] = "\n".join(text for (text,) in cursor.fetchall())
    return found


def sessions() -> str:
    """What the sessions hold: their rows are signed and packed."""
    return "\n".join(str(session.get_decoded()) for session in Session.objects.all())


def test_the_log_of_the_whole_road_holds_no_identity_number(road, console, logged):
    assert all("/avgjor/" in written.getvalue() for written in (console, logged))
    assert numbers_in(console.getvalue()) == set()
    assert [line for line in logged.getvalue().split("\n") if numbers_in(line)] == []


def test_no_table_of_the_portal_holds_an_identity_number_in_clear(road):
    tables = stored() | {"sessions, opened": sessions()}
    for model in (Effect, Event, Lookup, Session):
        assert tables[model._meta.db_table]
    assert {name: found for name, text in tables.items() if (found := numbers_in(text))} == {}


def test_a_number_that_is_logged_all_the_same_is_masked_on_the_console(db, console):
    number = world.person("employed").national_id
    logging.getLogger("registers").error("no answer for %s", number)
    assert number[:6] in console.getvalue()
    assert numbers_in(console.getvalue()) == set()


def test_a_number_is_found_where_it_stands(db):
    number = world.person("employed").national_id
    assert numbers_in(f"/person/{number}/x")
    assert numbers_in(f"{number[:6]} {number[6:]}")
    assert not numbers_in("12345678901 og 99999999999")
