"""Enhetsregisteret's whole file moves the companies we know, and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.simulators import world
from hmskort.simulators.hand import companies as hand
from hmskort.simulators.models import FeedItem
from hmskort.simulators.store import Store
from registers import company_files, feeds, lookups, readings
from registers.enhetsregisteret import simulator
from registers.models import Company, FeedPosition, Lookup, Snapshot
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
MAIN, SUB = company_files.FILES
CASES = ("Byggmester AS", "painter", "roofer")


@pytest.fixture
def known(byggmester):
    """Three main units and a sub-unit have been asked about an hour ago."""
    orgnrs = [*(world.company(case).orgnr for case in CASES), byggmester.subunits[0]]
    with transaction.atomic():
        lookups.want({("enhetsregisteret", orgnr) for orgnr in orgnrs}, not_older_than=clock.now())
    while lookups.ask_due():
        pass
    age(orgnrs, timedelta(hours=1))
    Effect.objects.all().delete()
    return orgnrs


def age(orgnrs, by):
    at = clock.now() - by
    Company.objects.filter(pk__in=orgnrs).update(answered_at=at)
    Lookup.objects.filter(subject__in=orgnrs).update(answered_at=at, wanted_at=at)


def told():
    effects = Effect.objects.filter(event="facts:changed_many")
    assert {each.payload["source"] for each in effects} <= {company_files.SERVICE}
    return {subject for each in effects for subject in each.payload["subjects"]}


def test_only_companies_that_differ_are_written_and_told_of(known, byggmester):
    hand.set_vat(Store(), byggmester.orgnr, registered=False)
    unchanged = Company.objects.get(pk=world.company("painter").orgnr)
    made_at = company_files.read(MAIN)
    company = Company.objects.get(pk=byggmester.orgnr)
    assert (company.vat_registered, company.answered_at) == (False, made_at)
    assert Lookup.objects.get(subject=byggmester.orgnr).answered_at == made_at
    assert Company.objects.get(pk=unchanged.pk).answered_at == unchanged.answered_at
    assert told() == {byggmester.orgnr}


def test_a_sub_unit_is_read_from_the_file_of_sub_units(known, byggmester):
    sub = byggmester.subunits[0]
    unit = Store().get(simulator.SUBUNITS, sub)
    Store().put(simulator.SUBUNITS, sub, {**unit, "navn": "NYTT NAVN"})
    company_files.read(MAIN)
    assert told() == set()
    company_files.read(SUB)
    assert Company.objects.get(pk=sub).name == "NYTT NAVN"
    assert told() == {sub}


def test_companies_that_nobody_has_asked_about_are_not_kept(known):
    company_files.read(MAIN)
    company_files.read(SUB)
    assert set(Company.objects.values_list("orgnr", flat=True)) == set(known)


def test_what_was_answered_after_the_file_was_made_stands(known, byggmester):
    company_files.read(MAIN)
    Snapshot.objects.all().delete()
    Company.objects.filter(pk=byggmester.orgnr).update(vat_registered=False)
    age([byggmester.orgnr], -timedelta(hours=1))
    company_files.read(MAIN)
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False


def test_a_company_that_the_file_leaves_out_is_asked_about_alone(known, byggmester):
    """To be left out of the file is no answer: it may be deleted, removed or forgotten."""
    store = Store()
    body = {"organisasjonsnummer": byggmester.orgnr, "navn": "BYGGMESTER AS"}
    deleted = {**body, "slettedato": "2026-11-01", "respons_klasse": "SlettetEnhet"}
    store.put(simulator.UNITS, byggmester.orgnr, deleted)
    company_files.read(MAIN)
    assert Company.objects.get(pk=byggmester.orgnr).state == Company.State.FOUND
    assert set(Lookup.objects.exclude(due_at=None).values_list("subject", flat=True)) == {
        byggmester.orgnr
    }
    lookups.ask_due()
    assert Company.objects.get(pk=byggmester.orgnr).state == Company.State.DELETED


def test_the_whole_file_is_merged_in_a_few_statements(known):
    with CaptureQueriesContext(connection) as asked:
        company_files.read(MAIN)
    assert len([each for each in asked if "told" in each["sql"]]) <= 5


def test_a_file_that_is_still_the_same_is_not_read_twice(known):
    made_at = company_files.read(MAIN)
    with CaptureQueriesContext(connection) as asked:
        assert company_files.read(MAIN) == made_at
    assert not [each for each in asked if "told" in each["sql"]]


def shrink(store):
    for orgnr, _ in store.all(simulator.UNITS)[:20]:
        store.delete(simulator.UNITS, orgnr)


def test_a_file_that_shrank_is_held_and_not_fetched_again(known, monkeypatch, time_machine):
    company_files.read(MAIN)
    time_machine.move_to(clock.now() + timedelta(days=1), tick=True)
    shrink(Store())
    assert company_files.read(MAIN) is None
    snapshot = Snapshot.objects.get(pk=MAIN)
    assert "shrank" in snapshot.trouble
    assert snapshot.held["last_modified"]
    time_machine.move_to(clock.now() + timedelta(hours=1), tick=True)
    monkeypatch.setattr("registers.enhetsregisteret.client.save", None)  # would be called
    assert company_files.read(MAIN) is None
    assert Snapshot.objects.get(pk=MAIN).held == snapshot.held


@pytest.mark.parametrize("how", ["silent", "500", "429", "garbage", "wrong_shape", "wall"])
def test_a_register_in_trouble_changes_nothing_and_is_not_hammered(
    known, how, fault, time_machine, byggmester
):
    hand.set_vat(Store(), byggmester.orgnr, registered=False)
    fault("enhetsregisteret", how)
    assert company_files.read(MAIN) is None
    assert Snapshot.objects.get(pk=MAIN).trouble
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered
    fault("enhetsregisteret", "off")
    assert company_files.read(MAIN) is None  # a large file: not again for a while
    time_machine.move_to(clock.now() + timedelta(minutes=11), tick=True)
    assert company_files.read(MAIN)
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False


def test_a_file_with_one_unit_that_is_there_twice_changes_nothing(known, byggmester, monkeypatch):
    unit = Store().get(simulator.UNITS, byggmester.orgnr)
    Store().put(simulator.UNITS, "twin", {**unit, "konkurs": True})
    assert company_files.read(MAIN) is None
    assert "twice" in Snapshot.objects.get(pk=MAIN).trouble
    assert Company.objects.get(pk=byggmester.orgnr).bankrupt is False


def test_after_a_week_of_silence_companies_come_from_the_file_and_the_feed_goes_on_from_it(
    known, byggmester, time_machine
):
    feeds.follow_companies()
    hand.set_vat(Store(), byggmester.orgnr, registered=False)
    FeedItem.objects.all().delete()  # whatever the feed still has is not looked at
    time_machine.move_to(clock.now() + timedelta(days=8), tick=True)
    Effect.objects.all().delete()
    feeds.follow_companies()
    assert told() == {byggmester.orgnr, byggmester.subunits[0]}
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is False
    position = FeedPosition.objects.get(pk="enhetsregisteret.enheter")
    assert position.begun_at == Snapshot.objects.get(pk=MAIN).generated_at - feeds.OVERLAP
    hand.set_vat(Store(), byggmester.orgnr, registered=True)
    feeds.follow_companies()
    lookups.ask_due()
    assert Company.objects.get(pk=byggmester.orgnr).vat_registered is True


def test_a_feed_waits_where_it_stood_until_a_file_has_come(known, fault, time_machine):
    feeds.follow_companies()
    position = FeedPosition.objects.get(pk="enhetsregisteret.enheter")
    time_machine.move_to(clock.now() + timedelta(days=8), tick=True)
    fault("enhetsregisteret", "500")
    feeds.follow_companies()
    now = FeedPosition.objects.get(pk=position.pk)
    assert (now.sequence, now.read_at, now.trouble) == (
        position.sequence, position.read_at, "waits for the whole file",
    )  # fmt: skip


def test_a_file_that_costs_too_many_cards_is_held_although_it_is_the_first(monkeypatch, byggmester):
    monkeypatch.setattr(readings, "MAY_ALWAYS_LOSE", 0)
    card = produced("employed")
    unit = Store().get(simulator.UNITS, byggmester.orgnr)
    Store().put(simulator.UNITS, byggmester.orgnr, {**unit, "konkurs": True})
    age([byggmester.orgnr], timedelta(hours=1))
    assert company_files.read(MAIN) is None
    assert Snapshot.objects.get(pk=MAIN).trouble == "1 of 1 valid cards would not be valid"
    assert Company.objects.get(pk=byggmester.orgnr).bankrupt is False
    card.refresh_from_db()
    assert card.standing == "valid"
