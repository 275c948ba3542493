"""A file that would cost too many cards their validity is held, shown, and accepted by a person."""

import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cards.models import Card
from hmskort.audit.record import history
from hmskort.common.models import Effect
from hmskort.common.ranges import DateRanges
from hmskort.notifications.models import Message
from hmskort.simulators import world
from hmskort.simulators.hand import companies as hand
from hmskort.simulators.store import Store
from registers import approvals, readings
from registers.models import Approval, Snapshot
from registers.readings import Stakes
from registers.renholdsregisteret.simulator import COMPANIES
from tests.builders import rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
RENHOLD = "renholdsregisteret"


@pytest.fixture
def cleaning():
    return world.company("cleaning").orgnr


@pytest.fixture
def card():
    """A valid card of the cleaning company, and every card counts."""
    card = produced("cleaner", "cleaning", "renhold")
    rest()
    return card


@pytest.fixture
def each_card_counts(monkeypatch):
    monkeypatch.setattr(readings, "MAY_ALWAYS_LOSE", 0)


def refuse_approval(orgnr):
    hand.set_cleaning(Store(), orgnr, "Ikke godkjent")


def run(*arguments):
    out = StringIO()
    call_command("accept_snapshot", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("valid", "lost", "too_high"),
    [  # LIMITS: more than 0.5 % of the valid cards; our own floor of fifty
        (500_000, 2_500, False),
        (500_000, 2_501, True),
        (10_000, 50, False),
        (10_000, 51, True),
        (60, 50, False),
        (60, 51, True),
        (0, 0, False),
    ],
)
def test_half_a_percent_of_the_valid_cards_may_go_and_no_more(valid, lost, too_high):
    assert Stakes(valid, lost).too_high is too_high


def test_a_file_that_costs_too_many_cards_is_held_with_an_alarm(
    card, cleaning, each_card_counts, caplog, settings
):
    settings.OPERATORS_EMAIL = "drift@hmskort.example"
    refuse_approval(cleaning)
    Effect.objects.all().delete()
    for _ in range(2):
        assert approvals.read(RENHOLD) == 0
    snapshot = Snapshot.objects.get(pk=RENHOLD)
    assert snapshot.trouble == "1 of 1 valid cards would not be valid"
    assert snapshot.held["rows"] == snapshot.version["rows"]
    assert Approval.objects.get(register=RENHOLD, orgnr=cleaning).status.startswith("approved")
    assert not Effect.objects.filter(event="facts:changed_many").exists()
    assert [event.name for event in history(snapshot)] == ["register_file:refused"]
    assert any(each.levelno == logging.CRITICAL for each in caplog.records)
    mail = Message.objects.get(to="drift@hmskort.example")
    assert RENHOLD in mail.subject
    assert "accept_snapshot renholdsregisteret" in mail.text
    card.refresh_from_db()
    assert card.standing == "valid"


def test_a_held_file_is_told_of_once_however_many_cards_it_would_cost_by_then(
    card, cleaning, each_card_counts, settings
):
    settings.OPERATORS_EMAIL = "drift@hmskort.example"
    refuse_approval(cleaning)
    approvals.read(RENHOLD)
    produced()  # another card that is valid
    Snapshot.objects.filter(pk=RENHOLD).update(trouble="timeout")  # of a try in between
    approvals.read(RENHOLD)
    snapshot = Snapshot.objects.get(pk=RENHOLD)
    assert snapshot.trouble == "1 of 2 valid cards would not be valid"
    assert Message.objects.filter(to="drift@hmskort.example").count() == 1
    assert history(snapshot).count() == 1


def test_a_few_cards_lose_their_validity_by_a_file_without_anybody_being_asked(card, cleaning):
    refuse_approval(cleaning)
    assert approvals.read(RENHOLD) == 1
    rest()
    card.refresh_from_db()
    assert card.standing == "requirements"


def test_cards_that_already_were_not_valid_do_not_count(card, cleaning, each_card_counts):
    Card.objects.update(valid_on=DateRanges.never())
    refuse_approval(cleaning)
    assert approvals.read(RENHOLD) == 1


def test_the_register_s_right_file_of_the_next_day_ends_the_hold(card, cleaning, each_card_counts):
    refuse_approval(cleaning)
    approvals.read(RENHOLD)
    hand.set_cleaning(Store(), cleaning, "Godkjent med ansatte")
    approvals.read(RENHOLD)
    snapshot = Snapshot.objects.get(pk=RENHOLD)
    assert (snapshot.trouble, snapshot.held) == ("", None)


def test_the_command_shows_what_a_file_would_change_and_changes_nothing(
    card, cleaning, each_card_counts
):
    refuse_approval(cleaning)
    approvals.read(RENHOLD)
    before = Snapshot.objects.get(pk=RENHOLD)
    shown = run(RENHOLD)
    assert "1 of 1 valid cards would not be valid" in shown
    rows = {line[:26].strip(): line[26:].split() for line in shown.splitlines()}
    assert rows["rows"] == [str(before.version["rows"])] * 2
    assert rows["approved"] == [str(before.version["approved"]), str(before.held["approved"])]
    assert rows["companies that differ"] == ["1"]
    assert rows["of these no longer valid"] == ["1"]
    assert "Nothing is changed" in shown
    after = Snapshot.objects.get(pk=RENHOLD)
    assert (after.version, after.held) == (before.version, before.held)
    assert Approval.objects.get(register=RENHOLD, orgnr=cleaning).status.startswith("approved")


def test_a_person_who_knows_that_the_file_is_right_accepts_it(card, cleaning, each_card_counts):
    refuse_approval(cleaning)
    approvals.read(RENHOLD)
    assert "Taken in" in run(RENHOLD, "--yes")
    snapshot = Snapshot.objects.get(pk=RENHOLD)
    assert (snapshot.trouble, snapshot.held) == ("", None)
    accepted = history(snapshot).last()
    assert (accepted.name, accepted.channel) == ("register_file:accepted", "command")
    assert accepted.actor_id
    assert accepted.data["cards_lost"] == 1
    rest()
    card.refresh_from_db()
    assert card.standing == "requirements"
    assert approvals.read(RENHOLD) == 0  # the same file is not new


def test_a_file_that_shrank_is_accepted_in_the_same_way():
    approvals.read(RENHOLD)
    store = Store()
    for orgnr, _ in store.all(COMPANIES)[:60]:
        store.delete(COMPANIES, orgnr)
    approvals.read(RENHOLD)
    assert "shrank" in run(RENHOLD)
    run(RENHOLD, "--yes")
    snapshot = Snapshot.objects.get(pk=RENHOLD)
    assert Approval.objects.filter(register=RENHOLD).count() == snapshot.version["rows"]


@pytest.mark.parametrize("register", ["enhetsregisteret.enheter", "enhetsregisteret.underenheter"])
def test_the_files_of_enhetsregisteret_are_looked_at_and_taken_in_by_the_same_command(
    register, byggmester
):
    assert "not bankrupt" in run(register)
    assert not Snapshot.objects.filter(pk=register).exists()
    run(register, "--yes")
    assert Snapshot.objects.get(pk=register).version["rows"] > 40


def test_a_register_that_does_not_answer_is_one_line_of_trouble(fault):
    fault(RENHOLD, "500")
    with pytest.raises(CommandError, match="server_error"):
        run(RENHOLD)


def test_the_command_tells_how_it_is_used(capsys):
    with pytest.raises(SystemExit):
        call_command("accept_snapshot", "--help")
    told = capsys.readouterr().out
    assert "accept_snapshot renholdsregisteret --yes" in told
    assert "HMSKORT_OPERATORS_EMAIL" in told
