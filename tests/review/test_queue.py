"""The reviewers' queue: oldest first, a line in one hand, and nothing that is not theirs."""

from datetime import timedelta

import pytest
import time_machine

from hmskort.accounts.models import Access
from hmskort.audit.models import Event
from hmskort.common import clock
from orders.models import Line
from orders.review import actions, queries
from orders.review.models import Claim
from orders.states import LineState
from registers.models import Person
from tests.builders import a_cart, with_files
from tests.review.people import staff_actor

pytestmark = pytest.mark.django_db


def take(reviewer) -> str | None:
    claim = actions.claim_next(reviewer=reviewer, actor=staff_actor(reviewer))
    return claim.line.reference if claim else None


def page(response) -> str:
    return " ".join(response.content.decode().split())


def pictures_of(line: Line) -> list[str]:
    return [
        f"/kontroll/{line.reference}/{piece.pk}/"
        for piece in (line.portrait, line.signature, line.id_copy)
    ]


def test_the_oldest_line_comes_first(waiting, reviewer, second_reviewer):
    first, second = waiting("employed", "also employed")
    assert take(reviewer) == first.reference
    assert take(second_reviewer) == second.reference
    assert Event.objects.filter(name="review:claimed", subject_id=str(first.pk)).exists()


def test_a_reviewer_keeps_the_line_they_have(waiting, reviewer):
    first, _second = waiting("employed", "also employed")
    assert take(reviewer) == take(reviewer) == first.reference
    assert Claim.objects.count() == 1


def test_nothing_waits(reviewer, client_as):
    assert take(reviewer) is None
    answer = client_as(reviewer).post("/kontroll/neste/", follow=True)
    assert "Det er ingen flere saker du kan kontrollere nå." in page(answer)


def test_a_line_comes_free_when_its_time_is_out(waiting, reviewer, second_reviewer):
    [line] = waiting("employed")
    take(reviewer)
    assert take(second_reviewer) is None
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert take(second_reviewer) == line.reference
    assert [claim.end for claim in Claim.objects.order_by("id")] == [Claim.End.EXPIRED, ""]


def test_an_open_page_keeps_the_line_but_not_for_ever(waiting, reviewer, second_reviewer):
    [line] = waiting("employed")
    take(reviewer)
    start = clock.now()
    for minutes in range(5, 120, 5):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            actions.renew(reviewer=reviewer, reference=line.reference)
            if minutes <= 55:
                assert take(second_reviewer) is None
    with time_machine.travel(start + timedelta(minutes=121)):
        assert take(second_reviewer) == line.reference


def test_skipping_goes_round_the_whole_queue(waiting, reviewer):
    lines = [line.reference for line in waiting("employed", "also employed", "Nordic")]
    met = []
    for _ in range(2 * len(lines)):
        met.append(take(reviewer))
        actions.put_back(reviewer=reviewer, reference=met[-1], actor=staff_actor(reviewer))
    assert met == lines + lines


def test_what_was_put_back_is_free_for_others_and_comes_last_for_oneself(
    waiting, reviewer, second_reviewer
):
    first, second = waiting("employed", "also employed")
    take(reviewer)
    actions.put_back(reviewer=reviewer, reference=first.reference, actor=staff_actor(reviewer))
    assert take(reviewer) == second.reference
    assert take(second_reviewer) == first.reference


def test_nobody_judges_their_own(waiting, reviewer, second_reviewer):
    [line] = waiting("employed")
    Access.objects.create(
        person=reviewer.person, main_orgnr=line.orgnr, source=Access.Source.DELEGATION
    )
    assert take(reviewer) is None
    second_reviewer.person, kept = Person.objects.get(pk=line.person_id), second_reviewer.person
    assert not queries.takeable_by(second_reviewer).exists()  # their own card
    second_reviewer.person = kept
    assert not queries.takeable_by(line.order.orderer).exists()  # what they ordered themselves
    assert take(second_reviewer) == line.reference


def test_a_line_that_was_withdrawn_in_the_meantime_is_let_go(waiting, reviewer, client_as):
    first, second = waiting("employed", "also employed")
    take(reviewer)
    Line.objects.filter(pk=first.pk).update(state=LineState.WITHDRAWN)
    assert client_as(reviewer).get(f"/kontroll/{first.reference}/").status_code == 404
    assert take(reviewer) == second.reference


def test_the_queue_says_who_has_what(waiting, reviewer, second_reviewer, client_as):
    first, second = waiting("employed", "also employed")
    take(second_reviewer)
    client = client_as(reviewer)
    shown = page(client.get("/kontroll/"))
    assert shown.index(first.reference) < shown.index(second.reference)
    assert second_reviewer.name in shown
    assert "2 saker venter" in shown
    assert first.reference not in page(client.get("/kontroll/?vis=free"))
    assert second.reference not in page(client.get("/kontroll/?vis=taken"))


def test_a_case_that_is_not_in_hand_says_where_it_is(
    waiting, reviewer, second_reviewer, client_as, kari
):
    first, second = waiting("employed", "also employed")
    take(reviewer)
    taken_away = f"/kontroll/{first.reference}/"
    told = page(client_as(second_reviewer).get(taken_away))
    assert f"{reviewer.name} har saken nå" in told
    assert "Ta neste sak" in told
    actions.put_back(reviewer=reviewer, reference=first.reference, actor=staff_actor(reviewer))
    assert "Saken venter i køen" in page(client_as(reviewer).get(taken_away))
    claim = actions.claim_next(reviewer=second_reviewer, actor=staff_actor(second_reviewer))
    actions.decide(
        claim_id=claim.pk,
        refusals={},
        comment="",
        reviewer=second_reviewer,
        actor=staff_actor(second_reviewer),
    )
    assert "Saken er avgjort" in page(client_as(reviewer).get(f"/kontroll/{claim.line.reference}/"))
    Line.objects.filter(pk=second.pk).update(state=LineState.WITHDRAWN)
    assert "har trukket saken" in page(client_as(reviewer).get(f"/kontroll/{second.reference}/"))


def test_a_queue_with_nothing_for_this_reviewer_offers_no_next_case(
    waiting, reviewer, second_reviewer, client_as
):
    waiting("employed")
    take(reviewer)
    told = page(client_as(second_reviewer).get("/kontroll/"))
    assert "Ingen av sakene i køen er ledige for deg nå." in told
    assert "Din neste" not in told
    assert "Ta neste sak" not in told


@pytest.mark.parametrize("who", ["kari", "ola", "producer"])
def test_the_queue_does_not_exist_for_others(who, request, waiting, reviewer, client_as):
    [line] = waiting("employed")
    take(reviewer)
    line = Line.objects.get(pk=line.pk)
    client = client_as(request.getfixturevalue(who))
    for address in ("/kontroll/", f"/kontroll/{line.reference}/", *pictures_of(line)):
        assert client.get(address).status_code == 404
    for address in ("neste/", f"{line.reference}/avgjor/", f"{line.reference}/legg-tilbake/"):
        assert client.post(f"/kontroll/{address}").status_code == 404


def test_a_reviewer_sees_only_what_is_in_review_and_in_their_own_hand(
    waiting, reviewer, second_reviewer, client_as, kari
):
    first, second = (Line.objects.get(pk=line.pk) for line in waiting("employed", "also employed"))
    client = client_as(reviewer)
    draft = with_files(a_cart(kari, "two sub-units"), kari).lines.get()
    take(reviewer)
    take(second_reviewer)
    assert client.get(f"/kontroll/{first.reference}/").status_code == 200
    for address in pictures_of(first):
        assert client.get(address).status_code == 200
    for other in (second, draft):
        for address in (f"/kontroll/{other.reference}/", *pictures_of(other)):
            assert client.get(address).status_code == 404
    mixed = f"/kontroll/{first.reference}/{second.portrait_id}/"
    assert client.get(mixed).status_code == 404


def test_each_look_at_a_picture_stands_in_the_history(waiting, reviewer, client_as):
    [line] = waiting("employed")
    take(reviewer)
    line = Line.objects.get(pk=line.pk)
    answer = client_as(reviewer).get(pictures_of(line)[0])
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(name="evidence:viewed")
    assert (event.subject_id, event.actor_id) == (str(line.portrait_id), str(reviewer.pk))


def test_the_case_shows_the_pictures_and_what_the_register_says(waiting, reviewer, client_as):
    [line] = waiting("employed")
    take(reviewer)
    line = Line.objects.select_related("person", "order").get(pk=line.pk)
    shown = page(client_as(reviewer).get(f"/kontroll/{line.reference}/"))
    for words in (
        "Kontroll 1 av 1", line.person.name, f"{line.person.birth_date:%d.%m.%Y}",
        line.person.get_sex_display(), line.order.company_name, "Automatiske sjekker",
        "Skarphet", "Godkjenn", "Avvis", "Hopp over", "Hurtigtaster",
    ):  # fmt: skip
        assert words in shown
    for address in pictures_of(line):
        assert f'src="{address}"' in shown
    assert line.person.national_id not in shown
