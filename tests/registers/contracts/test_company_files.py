"""Enhetsregisteret's nightly files: fetched when new, read in order and in constant memory."""

import gzip
import io
import json
import tracemalloc
from email.utils import parsedate_to_datetime

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import ServiceError, Unreadable
from hmskort.simulators import site, world
from registers import facts
from registers.clients import client
from registers.enhetsregisteret import simulator, whole
from registers.enhetsregisteret.answers import Deleted
from registers.models import Company

KINDS = ["enheter", "underenheter"]


@pytest.fixture
def companies():
    return client("enhetsregisteret")


def fetched(companies, units, seen=""):
    into = io.BytesIO()
    made = companies.file(units, into, seen=seen)
    into.seek(0)
    return made, into


def in_gzip(text):
    return io.BytesIO(gzip.compress(text if isinstance(text, bytes) else text.encode()))


def read(file, units="enheter"):
    return [row for some in whole.rows(file, units) for row in some]


def as_row(company):
    """The stored company as the file's columns hold it."""
    values = []
    for name in whole.COLUMNS:
        value = getattr(company, name)
        if isinstance(value, list):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        values.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return tuple(values)


@pytest.mark.parametrize("units", KINDS)
def test_the_file_holds_every_unit_that_is_not_deleted_and_says_when_it_was_made(companies, units):
    made, file = fetched(companies, units)
    assert abs(parsedate_to_datetime(made) - clock.now()).total_seconds() < 3600
    orgnrs = {row[0] for row in read(file, units)}
    byggmester = world.company("Byggmester AS")
    assert set(byggmester.subunits if units == "underenheter" else [byggmester.orgnr]) <= orgnrs
    assert world.company("deleted").orgnr not in orgnrs


@pytest.mark.parametrize("units", KINDS)
def test_the_same_file_is_not_sent_twice(companies, units, store, byggmester):
    made, _ = fetched(companies, units)
    again, nothing = fetched(companies, units, seen=made)
    assert again is None
    assert nothing.getvalue() == b""


@pytest.mark.django_db
@pytest.mark.parametrize("units", KINDS)
def test_each_row_of_the_file_is_what_an_answer_of_its_own_would_have_stored(companies, units):
    """The file's own reading is there for speed; `parsing` and `facts` are what it must equal."""
    _, file = fetched(companies, units)
    found = {row[0]: row for row in read(file, units)}
    assert len(found) > 40
    for orgnr, row in found.items():
        answer = companies.company(orgnr)
        assert not isinstance(answer, Deleted)
        facts.store_company(orgnr, answer, clock.now())
        assert row == as_row(Company.objects.get(pk=orgnr))


def test_a_file_that_was_unpacked_on_the_way_is_read_too(store, byggmester):
    text = json.dumps([store.get(simulator.UNITS, byggmester.orgnr)])
    assert read(io.BytesIO(text.encode())) == read(in_gzip(text))


def test_a_deleted_unit_in_the_file_is_left_out(byggmester, store):
    unit = store.get(simulator.UNITS, byggmester.orgnr)
    gone = {"organisasjonsnummer": "923609016", "navn": "Borte", "slettedato": "2026-01-02"}
    assert [row[0] for row in read(in_gzip(json.dumps([gone, unit])))] == [byggmester.orgnr]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("block", [400, 3_000, 1 << 20])
def test_a_file_is_cut_between_units_and_never_inside_one(
    monkeypatch, store, byggmester, block, indent
):
    monkeypatch.setattr(whole, "BLOCK", block)
    unit = store.get(simulator.UNITS, byggmester.orgnr)
    odd = {
        "navn": 'Slutt }, { "organisasjonsnummer": "923609016" },\n [ \\" ø',
        "paategninger": [{"tekst": "}, {"}, {"tekst": "b"}, {"tekst": "c"}],
    }
    units = [{**unit, **odd, "organisasjonsnummer": str(number)} for number in range(100, 140)]
    rows = read(in_gzip(json.dumps(units, indent=indent, ensure_ascii=False)))
    assert [row[0] for row in rows] == [str(number) for number in range(100, 140)]
    assert {row[2] for row in rows} == {odd["navn"]}


def test_reading_holds_no_more_of_a_file_that_is_larger(store, byggmester, monkeypatch):
    monkeypatch.setattr(whole, "BLOCK", 1 << 14)
    unit = json.dumps(store.get(simulator.UNITS, byggmester.orgnr))

    def most(many):
        file = in_gzip("[" + ",".join([unit] * many) + "]")
        tracemalloc.start()
        for _ in whole.rows(file, "enheter"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(4_000) < 1.5 * most(400)


BROKEN = {
    "nothing": b"",
    "no file": b"<html>Vedlikehold</html>",
    "half a gzip": gzip.compress(b"[]" * 500)[:-12],
    "no list": gzip.compress(b'{"enheter": []}'),
    "no JSON": gzip.compress(b"[{,}]"),
    "ends too early": gzip.compress(b'[{"navn": "A"}, {"na'),
    "two lists": gzip.compress(b"[] []"),
    "no units": gzip.compress(b"[1, 2]"),
    "units without fields": gzip.compress(b'[{"navn": "A"}]'),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("units", KINDS)
def test_what_is_not_the_register_is_unreadable(how, units):
    with pytest.raises(Unreadable):
        read(io.BytesIO(BROKEN[how]), units)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("konkurs", None),
        ("konkurs", "nei"),
        ("registrertIMvaregisteret", 0),
        ("registrertIForetaksregisteret", None),
        ("navn", None),
        ("organisasjonsform", {}),
        ("organisasjonsnummer", 923609016),
        ("registreringsdatoEnhetsregisteret", "i går"),
        ("naeringskode1", {"kode": 41200}),
        ("forretningsadresse", {"adresse": "Storgata 1"}),
        ("forretningsadresse", {"adresse": [None]}),
        ("forretningsadresse", {"poststed": 1}),
    ],
)
def test_a_unit_that_is_odd_is_never_taken_for_a_no(store, byggmester, field, value):
    unit = store.get(simulator.UNITS, byggmester.orgnr)
    with pytest.raises(Unreadable):
        read(in_gzip(json.dumps([unit, {**unit, field: value}])))


@pytest.mark.parametrize("how", ["silent", "500", "garbage", "wrong_shape", "wall"])
def test_a_register_in_trouble_gives_no_file(companies, fault, how):
    fault("enhetsregisteret", how)
    with pytest.raises(ServiceError) as raised:
        read(fetched(companies, "enheter")[1])
    assert raised.value.service == "enhetsregisteret"


def test_the_address_answers_whoever_only_wants_to_know_how_new_it_is(settings):
    base = settings.REGISTERS["enhetsregisteret"]["base_url"]
    api = httpx.Client(base_url=base, transport=site.transport())
    head = api.head("underenheter/lastned")
    assert head.status_code == httpx.codes.OK
    assert head.headers["Last-Modified"]
