"""The event feed of Folkeregisteret: a thousand at a time, from one's own position."""

from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Unavailable, Unreadable
from hmskort.simulators import world
from hmskort.simulators.models import FeedItem
from registers.clients import client
from registers.folkeregisteret import parsing, simulator
from registers.folkeregisteret.answers import Event
from registers.folkeregisteret.client import PAGE, Client, TooOld
from registers.folkeregisteret.simulator import EVENTS, PERSONS


@pytest.fixture
def register(settings):
    """A client of its own, which has asked for nothing yet."""
    shared = client("folkeregisteret")
    config = settings.REGISTERS["folkeregisteret"]
    return Client(base_url=config["base_url"], auth=shared._http.auth)


@pytest.fixture
def asked(register, monkeypatch):
    """Every answer the register gave."""
    answers, inner = [], register._http._transport._inner

    def seen(request):
        response = inner.handle_request(request)
        response.read()
        answers.append(response)
        return response

    monkeypatch.setattr(register._http._transport, "_inner", httpx.MockTransport(seen))
    return answers


@pytest.fixture
def happen(store):
    """Something happens to a person: `happen("endringINavn")`."""

    def something(kind, case="employed"):
        number = world.person(case).national_id
        store.append(EVENTS, {"identifikator": number, "type": kind})

    return something


def test_what_happened_after_an_event_is_told_once(register, happen):
    last = register.last_sequence()
    assert register.events(last).items == ()
    happen("endringIStatus")
    (event,) = register.events(last).items
    assert (event.sequence, event.kind) == (last + 1, "endringIStatus")
    assert event.national_id == world.person("employed").national_id
    assert clock.now() - event.at < timedelta(minutes=1)
    assert register.events(event.sequence).items == ()


def test_whoever_failed_with_what_it_got_is_told_again(register, happen):
    last = register.last_sequence()
    happen("endringINavn")
    assert register.events(last) == register.events(last)
    assert register.events(last).items


def test_nothing_new_is_said_without_a_body(register, happen, asked):
    happen("endringIStatus")
    last = register.last_sequence()
    register.events(last)
    register.events(last)
    assert [each.status_code for each in asked[1:]] == [200, 304]
    happen("endringINavn")
    assert [event.kind for event in register.events(last).items] == ["endringINavn"]


def test_a_feed_where_nothing_ever_happened_has_no_events(register, asked):
    FeedItem.objects.filter(feed=EVENTS).delete()
    assert register.last_sequence() == 0
    assert register.events(0).items == ()
    assert register.events(0).items == ()
    assert asked[-1].status_code == 304


def test_a_thousand_at_a_time(register, store):
    last = register.last_sequence()
    FeedItem.objects.bulk_create(
        FeedItem(
            feed=EVENTS,
            sequence=last + number,
            body={"identifikator": "1", "type": "endringINavn"},
        )
        for number in range(1, PAGE + 501)
    )
    told, position = [], last
    while True:
        page = register.events(position)
        told += page.items
        position = told[-1].sequence
        if not page.more:
            break
    assert [event.sequence for event in told] == list(range(last + 1, last + PAGE + 501))


def test_a_position_that_is_too_old_is_an_error_of_its_own(register, happen):
    happen("endringIStatus")
    last = register.last_sequence()
    old = clock.now() - timedelta(days=37 * 31)
    FeedItem.objects.filter(feed=EVENTS).update(at=old)
    happen("endringINavn")
    with pytest.raises(TooOld):
        register.events(max(last - 1, 0))
    assert len(register.events(register.last_sequence()).items) == 0


def test_another_406_is_not_taken_for_age(register, monkeypatch):
    body = {"kode": "FREG-006", "melding": "Content-Type mangler."}
    other = httpx.MockTransport(lambda _: httpx.Response(406, json=body))
    monkeypatch.setattr(register._http._transport, "_inner", other)
    monkeypatch.setattr(register._http, "_auth", None)
    with pytest.raises(Exception, match="406") as raised:
        register.events(1)
    assert not isinstance(raised.value, TooOld)


def test_a_position_before_the_first_is_refused_by_the_register(register):
    assert register._http.get("hendelser/feed", params={"seq": 0}).status_code == 400
    assert register._http.get("hendelser/feed").status_code == 400


def test_a_changed_document_is_let_out_and_an_unchanged_one_is_not(register, store):
    last = register.last_sequence()
    number = world.person("employed").national_id
    document = {**store.get(PERSONS, number), "status": [{"status": "utflyttet"}]}
    simulator.change(store, number, document, "endringIStatus", "personErUtflyttet")
    simulator.change(store, number, document, "endringIStatus")
    kinds = [event.kind for event in register.events(last).items]
    assert kinds == ["endringIStatus", "personErUtflyttet"]
    assert register.person(number).status == "utflyttet"


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("endringIStatus", True),
        ("endringIIdentifikasjonsnummer", True),
        ("personErDoed", True),
        ("personErOpphoertSomDublett", True),
        ("endringIIdentitetsgrunnlag", False),  # five million of these in 2027
        ("endringIAdressebeskyttelse", False),
    ],
)
def test_only_some_events_are_worth_reading_a_person_for(kind, counts):
    assert Event(1, kind, "", None).changes_a_person == counts


def test_no_event_shows_the_number(register, happen):
    last = register.last_sequence()
    happen("endringIStatus")
    assert world.person("employed").national_id not in repr(register.events(last))


EVENT = {
    "sekvensnummer": 1,
    "hendelse": {"folkeregisteridentifikator": "1", "hendelsetype": "endringINavn"},
}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"feed": []},
        ["1"],
        [{"sekvensnummer": 1}],
        [{**EVENT, "sekvensnummer": "1"}],
        [EVENT, EVENT],
        [{**EVENT, "sekvensnummer": 2}, EVENT],
        [{**EVENT, "hendelse": {**EVENT["hendelse"], "ajourholdstidspunkt": "nylig"}}],
    ],
)
def test_a_feed_that_is_not_as_documented_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.events(broken)


@pytest.mark.parametrize("answer", [7, {"sekvensnummer": 7}])
def test_the_newest_number_comes_alone_or_in_an_object(answer):
    assert parsing.last_sequence(answer) == 7


@pytest.mark.parametrize("answer", [None, True, "7", [], {}])
def test_a_newest_number_that_is_none_is_unreadable(answer):
    with pytest.raises(Unreadable):
        parsing.last_sequence(answer)


def test_a_silent_feed_is_unavailable(register, fault):
    fault("folkeregisteret", "silent")
    with pytest.raises(Unavailable):
        register.events(1)
    with pytest.raises(Unavailable):
        register.last_sequence()
