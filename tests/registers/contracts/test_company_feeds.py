"""The change feeds of Enhetsregisteret, and its search for many companies at once."""

from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Unreadable
from hmskort.simulators import world
from registers.clients import client
from registers.enhetsregisteret import parsing, simulator
from registers.enhetsregisteret.answers import Company
from registers.enhetsregisteret.client import AT_ONCE

FEEDS = {
    "enheter": simulator.UNITS,
    "underenheter": simulator.SUBUNITS,
    "roller": simulator.ROLES,
}


@pytest.fixture
def register():
    return client("enhetsregisteret")


@pytest.fixture(params=FEEDS)
def feed(request):
    return request.param


def newest(register, feed):
    return register.changes(feed, size=10_000)[-1].sequence


def touched(store, feed, **changes):
    """Something changed for a unit of the feed; its number."""
    orgnr, body = store.all(FEEDS[feed])[0]
    simulator.change(store, FEEDS[feed], orgnr, {**body, "noe": "nytt", **changes})
    return orgnr


def test_what_changed_after_a_change_is_told_once(register, store, feed):
    last = newest(register, feed)
    assert register.changes(feed, after=last) == ()
    orgnr = touched(store, feed)
    (change,) = register.changes(feed, after=last)
    assert (change.orgnr, change.sequence, change.kind) == (orgnr, last + 1, "changed")
    assert clock.now() - change.at < timedelta(minutes=1)
    assert register.changes(feed, after=change.sequence) == ()


def test_changes_come_oldest_first_as_many_as_are_asked_for(register, feed):
    page = register.changes(feed, size=5)
    assert [change.sequence for change in page] == [1, 2, 3, 4, 5]
    assert [change.sequence for change in register.changes(feed, after=5, size=2)] == [6, 7]


def test_who_has_no_change_to_begin_after_begins_at_a_time(register, store, feed):
    assert register.changes(feed, since=clock.now() - timedelta(days=2))[0].sequence == 1
    assert register.changes(feed, since=clock.now() + timedelta(minutes=1)) == ()


def test_a_position_counts_more_than_a_time(register, feed):
    page = register.changes(feed, after=3, since=clock.now() + timedelta(minutes=1), size=1)
    assert page[0].sequence == 4


def test_what_changed_is_told_of_units_and_sub_units_but_not_of_roles(register, store):
    before = {feed: newest(register, feed) for feed in FEEDS}
    for feed in FEEDS:
        touched(store, feed)
    told = {feed: register.changes(feed, after=before[feed])[0].paths for feed in FEEDS}
    assert told == {"enheter": ("/noe",), "underenheter": ("/noe",), "roller": None}


def test_a_bankruptcy_is_on_the_feed_and_in_the_unit(register, store, byggmester):
    last = newest(register, "enheter")
    body = store.get(simulator.UNITS, byggmester.orgnr)
    simulator.change(store, simulator.UNITS, byggmester.orgnr, {**body, "konkurs": True})
    (change,) = register.changes("enheter", after=last)
    assert change.paths == ("/konkurs",)
    assert register.company(change.orgnr).bankrupt


def test_deletions_and_removals_have_kinds_of_their_own(register, store, byggmester):
    last = newest(register, "enheter")
    gone = {"respons_klasse": "SlettetEnhet", "organisasjonsnummer": byggmester.orgnr}
    deleted = {**gone, "navn": "X", "slettedato": "2026-01-01"}
    simulator.change(store, simulator.UNITS, byggmester.orgnr, deleted)
    simulator.remove(store, world.company("roofer").orgnr, "2026-01-01")
    kinds = [change.kind for change in register.changes("enheter", after=last)]
    assert kinds == ["deleted", "removed"]


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},  # no `_embedded`, and not said to be empty
        {"_embedded": {"oppdaterteEnheter": [{}]}},
        {"_embedded": {"oppdaterteEnheter": ["1"]}},
        {"page": {"totalElements": 3}},
    ],
)
def test_a_page_that_is_not_as_documented_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.changes(broken, "enheter")


def item(number):
    return {
        "oppdateringsid": number,
        "organisasjonsnummer": "1",
        "endringstype": "Endring",
        "dato": "2026-01-01T05:00:00.000Z",
    }


@pytest.mark.parametrize("numbers", [(2, 1), (1, 1)])
def test_a_feed_that_does_not_grow_is_unreadable(numbers):
    page = {"_embedded": {"oppdaterteEnheter": [item(number) for number in numbers]}}
    with pytest.raises(Unreadable):
        parsing.changes(page, "enheter")


@pytest.mark.parametrize("number", ["a", "-1", "", 5])
def test_a_role_event_has_a_number(number):
    event = {"id": number, "time": "2026-01-01T05:00:00Z", "data": {"organisasjonsnummer": "1"}}
    with pytest.raises(Unreadable):
        parsing.changes([event], "roller")


def test_a_kind_that_is_new_to_us_is_still_a_change():
    page = {"_embedded": {"oppdaterteEnheter": [{**item(1), "endringstype": "Fisjon"}]}}
    assert parsing.changes(page, "enheter")[0].kind == "unknown"


# Many companies at once


def test_many_companies_are_found_by_one_search(register, monkeypatch):
    asked, inner = [], register._http._transport._inner
    monkeypatch.setattr(
        register._http._transport,
        "_inner",
        httpx.MockTransport(lambda request: asked.append(request) or inner.handle_request(request)),
    )
    cases = ["Byggmester AS", "roofer", "ENK", "bankrupt"]
    answers = register.companies([world.company(case).orgnr for case in cases])
    assert [answers[world.company(case).orgnr].form for case in cases] == ["AS", "AS", "ENK", "AS"]
    assert len(asked) == 1


def test_a_search_leaves_out_what_is_no_main_unit_in_order(register, byggmester):
    others = [byggmester.subunits[0], "923609016"]
    others += [world.company(case).orgnr for case in ("deleted", "removed")]
    assert set(register.companies([byggmester.orgnr, *others])) == {byggmester.orgnr}


def test_one_bad_unit_among_many_is_its_own_trouble(register, store, byggmester):
    body = store.get(simulator.UNITS, byggmester.orgnr)
    store.put(simulator.UNITS, byggmester.orgnr, {**body, "konkurs": "nei"})
    answers = register.companies([byggmester.orgnr, world.company("roofer").orgnr])
    assert isinstance(answers[byggmester.orgnr], Unreadable)
    assert isinstance(answers[world.company("roofer").orgnr], Company)


def test_no_more_than_a_hundred_go_in_one_search(register):
    many = [str(number) for number in range(AT_ONCE + 1)]
    with pytest.raises(ValueError, match="100"):
        register.companies(many)
    answer = register._http.get("enheter", params={"organisasjonsnummer": ",".join(many)})
    assert answer.status_code == httpx.codes.BAD_REQUEST


def test_a_search_answered_with_other_units_is_unreadable(register, monkeypatch):
    unit = {"organisasjonsnummer": "974761076"}
    body = {"_embedded": {"enheter": [unit]}, "page": {"totalElements": 1}}
    other = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    monkeypatch.setattr(register._http._transport, "_inner", other)
    with pytest.raises(Unreadable):
        register.companies(["923609016"])


@pytest.mark.parametrize(("mode", "error"), [("wrong_shape", Unreadable), ("garbage", Unreadable)])
def test_a_feed_in_the_wrong_shape_is_unreadable(register, fault, feed, mode, error):
    fault("enhetsregisteret", mode)
    with pytest.raises(error):
        register.changes(feed)
