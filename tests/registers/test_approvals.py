"""The cleaning and staffing registers are files: compared, refused when they shrink, kept."""

import logging
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.simulators import world
from hmskort.simulators.hand import companies as hand
from hmskort.simulators.store import Store
from registers import approvals, lookups
from registers.models import Approval, Snapshot
from registers.renholdsregisteret.simulator import COMPANIES
from tests.builders import a_cart, rest

pytestmark = pytest.mark.django_db
RENHOLD = "renholdsregisteret"


def changed():
    effects = Effect.objects.filter(event="facts:changed_many", payload__source=RENHOLD)
    return {subject for each in effects for subject in each.payload["subjects"]}


def known(orgnr):
    with transaction.atomic():
        lookups.want({("enhetsregisteret", orgnr)}, not_older_than=clock.now())
    lookups.ask_due()
    Effect.objects.all().delete()


@pytest.fixture
def cleaning():
    return world.company("cleaning").orgnr


def test_only_what_changed_is_written_and_told_of_companies_somebody_asked_about(cleaning):
    known(cleaning)
    assert approvals.read(RENHOLD) > 100
    assert changed() == {cleaning}
    Effect.objects.all().delete()
    hand.set_cleaning(Store(), cleaning, "Ikke godkjent")
    assert approvals.read(RENHOLD) == 1
    assert changed() == {cleaning}
    assert Approval.objects.get(register=RENHOLD, orgnr=cleaning).status == "not_approved"


def test_a_file_that_is_still_the_same_is_not_compared_but_is_fresh_again(cleaning, time_machine):
    approvals.read(RENHOLD)
    time_machine.move_to(clock.now() + timedelta(days=1), tick=False)
    assert approvals.read(RENHOLD) == 0
    assert Snapshot.objects.get(pk=RENHOLD).read_at == clock.now()
    assert not changed()


def test_the_whole_register_is_merged_in_a_few_statements():
    with CaptureQueriesContext(connection) as asked:
        approvals.read(RENHOLD)
    about = [each for each in asked if "registers_approval" in each["sql"]]
    assert len(about) == 1


def test_a_company_that_leaves_the_file_is_not_in_the_register(cleaning):
    known(cleaning)
    approvals.read(RENHOLD)
    hand.set_cleaning(Store(), cleaning, hand.NOT_THERE)
    Effect.objects.all().delete()
    approvals.read(RENHOLD)
    assert changed() == {cleaning}
    assert not Approval.objects.filter(register=RENHOLD, main_orgnr=cleaning).exists()


def test_a_file_that_shrank_beyond_belief_is_refused_with_an_alarm(caplog):
    approvals.read(RENHOLD)
    rows = Approval.objects.filter(register=RENHOLD).count()
    store = Store()
    for orgnr, _ in store.all(COMPANIES)[:60]:
        store.delete(COMPANIES, orgnr)
    for _ in range(2):
        assert approvals.read(RENHOLD) == 0
    assert Approval.objects.filter(register=RENHOLD).count() == rows
    reading = Snapshot.objects.get(pk=RENHOLD)
    assert "shrank" in reading.trouble
    assert [event.name for event in history(reading)] == ["register_file:refused"]
    assert reading.held["rows"] < reading.version["rows"]
    assert any(each.levelno == logging.CRITICAL for each in caplog.records)


@pytest.mark.parametrize("how", ["silent", "500", "garbage", "wrong_shape"])
def test_a_register_in_trouble_keeps_what_was_read_before(how, fault, cleaning):
    approvals.read(RENHOLD)
    fault(RENHOLD, how)
    assert approvals.read(RENHOLD) == 0
    assert Approval.objects.get(register=RENHOLD, orgnr=cleaning).status.startswith("approved")
    assert Snapshot.objects.get(pk=RENHOLD).trouble


def finding(kari, company, case, requirement="cleaning_approved", kind="renhold"):
    verdict = a_cart(kari, case, company=company, kind=kind).lines.get().verdict
    return next(each for each in verdict.findings if each["requirement"] == requirement)


@pytest.mark.feature("F044")
@pytest.mark.parametrize(
    ("company", "found", "reason"),
    [
        ("cleaning", "met", "cleaning_approved_with_employees"),
        ("cleaning told to order", "met", "cleaning_ordering_cards"),
        ("cleaning under consideration", "not_met", "cleaning_under_consideration"),
        ("cleaning not approved", "not_met", "cleaning_not_approved"),
        ("cleaning not in the register", "not_met", "cleaning_not_in_register"),
    ],
)
def test_a_cleaning_company_is_what_the_register_says(kari, company, found, reason):
    approvals.read(RENHOLD)
    said = finding(kari, company, "cleaner")
    assert (said["found"], said["reason"]) == (found, reason)


@pytest.mark.feature("F045")
@pytest.mark.parametrize(
    ("case", "found"), [("cleaner with own ENK", "met"), ("cleaner", "not_met")]
)
def test_a_sole_trader_without_employees_orders_for_the_owner_alone(kari, case, found):
    approvals.read(RENHOLD)
    assert finding(kari, "cleaning without employees", case)["found"] == found


@pytest.mark.feature("F053")
@pytest.mark.parametrize(
    ("company", "found", "reason"),
    [
        ("staffing", "met", "staffing_approved"),
        ("staffing not approved", "not_met", "staffing_not_approved"),
        ("staffing not in the register", "not_met", "staffing_not_in_register"),
        ("staffing sub-unit not approved", "met", "staffing_approved"),
        ("Byggmester AS", "met", "not_a_staffing_company"),
    ],
)
def test_a_staffing_company_must_be_approved_and_others_are_not_asked(kari, company, found, reason):
    approvals.read("bemanningsforetaksregisteret")
    said = finding(kari, company, "employed", "staffing_approved", kind="bygg")
    assert (said["found"], said["reason"]) == (found, reason)


def test_before_the_first_file_nothing_is_known_and_the_cart_follows_when_it_comes(kari):
    cart = a_cart(kari, "cleaner", company="cleaning", kind="renhold")

    def found():
        verdict = cart.lines.get().verdict
        return {each["requirement"]: each["found"] for each in verdict.findings}

    assert found()["cleaning_approved"] == "unknown"
    approvals.read(RENHOLD)
    rest()
    assert found()["cleaning_approved"] == "met"


def test_a_file_that_has_not_come_for_two_days_is_no_answer_for_an_order(kari, time_machine):
    approvals.read(RENHOLD)
    time_machine.move_to(clock.now() + timedelta(days=2), tick=True)
    assert finding(kari, "cleaning", "cleaner")["found"] == "unknown"
