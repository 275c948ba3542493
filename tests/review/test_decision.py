"""A decision: each piece on its own, stored once, and what follows from it."""

import threading

import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError

from hmskort.common.transitions import Superseded
from hmskort.notifications.models import Message
from orders.evidence.models import Piece
from orders.evidence.reasons import REASONS, reason
from orders.models import Line
from orders.review import actions
from orders.review.models import Claim, Decision
from orders.states import LineState
from tests.review.people import staff_actor
from tests.review.test_queue import page, take


def decided(client, line: Line, press: str, **fields):
    claim = Claim.objects.get(line=line, ended_at=None)
    return client.post(
        f"/kontroll/{line.reference}/avgjor/", {"claim": claim.pk, "decision": press, **fields}
    )


@pytest.mark.django_db
class TestOneReviewer:
    @pytest.fixture
    def line(self, waiting, reviewer) -> Line:
        [line] = waiting("employed")
        take(reviewer)
        return line

    @pytest.mark.feature("F099")
    def test_the_queue_gives_the_oldest_to_one_reviewer_and_keeps_what_they_decided(
        self, waiting, reviewer, second_reviewer, client_as
    ):
        first, second = waiting("employed", "also employed")
        client = client_as(reviewer)
        answer = client.post("/kontroll/neste/")
        assert answer["Location"] == f"/kontroll/{first.reference}/"  # the oldest
        other = client_as(second_reviewer).post("/kontroll/neste/")
        assert other["Location"] == f"/kontroll/{second.reference}/"  # the first is locked
        decided(client, first, "godkjenn")
        first.refresh_from_db()
        assert first.state == LineState.APPROVED
        kept = Decision.objects.filter(line=first)
        assert {decision.verdict for decision in kept} == {"approved"}
        assert {decision.piece_id for decision in kept} == {
            first.portrait_id, first.signature_id, first.id_copy_id,
        }  # fmt: skip
        assert {decision.reviewer for decision in kept} == {reviewer}

    def test_approving_leads_on_to_the_next_case(self, line, waiting, reviewer, client_as):
        [following] = waiting("also employed")
        answer = decided(client_as(reviewer), line, "godkjenn")
        assert answer["Location"] == f"/kontroll/{following.reference}/"

    def test_only_the_piece_with_a_reason_is_refused(self, line, reviewer, client_as):
        decided(
            client_as(reviewer), line, "avvis", id_copy=["unreadable", "expired"],
            comment="Ta bildet uten blits.",
        )  # fmt: skip
        line = Line.objects.select_related("portrait", "signature", "id_copy").get(pk=line.pk)
        assert line.state == LineState.REFUSED
        assert [p.state for p in (line.portrait, line.signature, line.id_copy)] == [
            Piece.State.APPROVED, Piece.State.APPROVED, Piece.State.REFUSED,
        ]  # fmt: skip
        assert line.id_copy.reasons == ["unreadable", "expired"]
        refusal = Decision.objects.get(line=line, verdict="refused")
        assert (refusal.reasons, refusal.comment) == (
            ["unreadable", "expired"], "Ta bildet uten blits.",
        )  # fmt: skip

    def test_a_refusal_needs_a_reason_and_an_approval_has_none(self, line, reviewer, client_as):
        client = client_as(reviewer)
        for press, chosen, words in (
            ("avvis", [], "Velg minst én grunn før du avviser."),
            ("godkjenn", ["glasses"], "Du har krysset av for en grunn."),
        ):
            answer = decided(client, line, press, portrait=chosen)
            assert answer.status_code == 422
            assert words in page(answer)
        line.refresh_from_db()
        assert line.state == LineState.IN_REVIEW
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("chosen", ["unknown", "expired"])  # the second is another piece's
    def test_a_reason_must_be_one_of_the_piece_s_own(self, line, reviewer, client_as, chosen):
        assert decided(client_as(reviewer), line, "avvis", portrait=[chosen]).status_code == 422

    @pytest.mark.feature("F100")
    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_the_orderer_is_told_who_was_refused_and_why(self, line, reviewer, client_as, language):
        line.order.language = language
        line.order.save()
        decided(client_as(reviewer), line, "avvis", portrait=["glasses"], comment="Ta dem av.")
        mail = Message.objects.get(key__startswith="result:")
        assert mail.language == language
        assert line.person.name in mail.text
        assert "Ta dem av." in mail.text
        if language == "nb":
            assert str(reason("portrait", "glasses").advice) in mail.text

    def test_a_decision_is_never_changed(self, line, reviewer, client_as):
        decided(client_as(reviewer), line, "godkjenn")
        with pytest.raises(ProgrammingError):
            Decision.objects.update(verdict="refused")

    def test_pressing_twice_decides_once(self, line, reviewer, client_as):
        client = client_as(reviewer)
        claim = Claim.objects.get(line=line)
        fields = {"claim": claim.pk, "decision": "godkjenn"}
        assert client.post(f"/kontroll/{line.reference}/avgjor/", fields).status_code == 302
        assert client.post(f"/kontroll/{line.reference}/avgjor/", fields).status_code == 409
        assert Decision.objects.filter(line=line).count() == 3

    def test_an_old_page_does_not_decide_a_mended_line(self, line, reviewer):
        first = Claim.objects.get(line=line)
        actions.put_back(reviewer=reviewer, reference=line.reference, actor=staff_actor(reviewer))
        take(reviewer)
        with pytest.raises(Superseded):
            actions.decide(
                claim_id=first.pk, refusals={}, comment="", reviewer=reviewer,
                actor=staff_actor(reviewer),
            )  # fmt: skip

    def test_what_was_approved_before_is_not_asked_about_again(self, line, reviewer, client_as):
        Piece.objects.filter(pk=line.signature_id).update(state=Piece.State.APPROVED)
        client = client_as(reviewer)
        shown = page(client.get(f"/kontroll/{line.reference}/"))
        assert "Godkjent tidligere" in shown
        assert 'name="signature"' not in shown
        decided(client, line, "godkjenn")
        assert Decision.objects.filter(line=line).count() == 2

    def test_skipping_leads_to_another_case_and_stopping_to_the_queue(
        self, line, waiting, reviewer, client_as
    ):
        [other] = waiting("also employed")
        client = client_as(reviewer)
        answer = client.post(f"/kontroll/{line.reference}/legg-tilbake/")
        assert answer["Location"] == f"/kontroll/{other.reference}/"
        answer = client.post(f"/kontroll/{other.reference}/legg-tilbake/", {"stopp": "1"})
        assert answer["Location"] == "/kontroll/"
        assert not Claim.objects.filter(ended_at=None).exists()

    def test_an_open_page_hears_when_the_case_is_lost(self, line, reviewer, client_as):
        client = client_as(reviewer)
        address = f"/kontroll/{line.reference}/forny/"
        assert "HX-Refresh" not in client.post(address)
        actions.put_back(reviewer=reviewer, reference=line.reference, actor=staff_actor(reviewer))
        assert client.post(address)["HX-Refresh"] == "true"

    def test_shortcuts_are_off_until_somebody_switches_them_on(self, line, reviewer, client_as):
        client = client_as(reviewer)
        switch = 'role="switch" id="shortcuts"'
        assert f"{switch}>" in page(client.get(f"/kontroll/{line.reference}/"))
        client.cookies["hurtigtaster"] = "1"
        assert f"{switch} checked>" in page(client.get(f"/kontroll/{line.reference}/"))


def at_once(*acts) -> list[object]:
    """What each answered or raised, all begun at the same moment, each on its own connection."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            answers[number] = act()
        except Superseded as told:
            answers[number] = told
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_who_ask_at_once_get_different_cases(self, waiting, reviewer, second_reviewer):
        lines = waiting("employed", "also employed")
        got = at_once(lambda: take(reviewer), lambda: take(second_reviewer))
        assert set(got) == {line.reference for line in lines}

    def test_one_line_is_given_to_one_of_two(self, waiting, reviewer, second_reviewer):
        [line] = waiting("employed")
        got = at_once(lambda: take(reviewer), lambda: take(second_reviewer))
        assert set(got) == {line.reference, None}

    def test_two_tabs_of_one_reviewer_get_the_same_case(self, waiting, reviewer):
        waiting("employed", "also employed")
        got = at_once(lambda: take(reviewer), lambda: take(reviewer))
        assert got[0] == got[1]
        assert Claim.objects.filter(ended_at=None).count() == 1

    def test_of_two_decisions_at_once_one_stands_and_the_other_is_told(self, waiting, reviewer):
        [line] = waiting("employed")
        take(reviewer)
        claim = Claim.objects.get(line=line)

        def decide(refusals):
            return actions.decide(
                claim_id=claim.pk, refusals=refusals, comment="", reviewer=reviewer,
                actor=staff_actor(reviewer),
            )  # fmt: skip

        got = at_once(lambda: decide({}), lambda: decide({"portrait": ["glasses"]}))
        assert sum(isinstance(answer, Superseded) for answer in got) == 1
        line.refresh_from_db()
        assert line.state in {LineState.APPROVED, LineState.REFUSED}
        verdicts = list(Decision.objects.filter(line=line).values_list("verdict", flat=True))
        assert len(verdicts) == 3
        assert ("refused" in verdicts) == (line.state == LineState.REFUSED)
        assert connection.is_usable()


def test_every_reason_has_a_name_and_advice():
    for kind in Piece.Kind.values:
        codes = [why.code for why in REASONS[kind]]
        assert len(codes) == len(set(codes)) <= 9  # one key for each
        for why in REASONS[kind]:
            assert str(why.name)
            assert str(why.advice)
