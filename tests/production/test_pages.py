from datetime import timedelta

import pytest

from cards.models import Card
from cards.production import queries
from cards.production.models import Batch, ChipJob, Shipment
from cards.public_check.queries import check
from hmskort.audit.models import Event
from hmskort.common import clock
from tests.builders import rest
from tests.cards.builders import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(producer, session_for):
    client = session_for(producer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    return client


@pytest.fixture
def made(ready, north, uid):
    """Two cards of one order, both made."""
    cards = [issued(), issued("also employed")]
    ready(*cards)
    for number in range(2):
        north.make(north.job(), uid[:3] + bytes([number]))
    rest()
    return cards


def test_the_floor_shows_what_waits_and_what_is_made(floor, ready, north, uid):
    ready(issued(), issued("also employed"))
    north.start(north.job(), uid)
    standing = floor.get("/produksjon/").context["standing"]
    assert (standing.ready, standing.encoding, standing.to_send) == (1, 1, 0)
    assert north.name in floor.get("/produksjon/").content.decode()


def test_a_card_is_late_on_the_fifth_day(floor, ready, time_machine):
    card = issued()
    ready(card)
    for days, late in ((4, 0), (5, 1)):
        Card.objects.filter(pk=card.pk).update(issued_on=clock.today() - timedelta(days=days))
        page = floor.get("/produksjon/")
        assert page.context["standing"].late == late
    assert "Over fristen" in page.content.decode()


@pytest.mark.parametrize("name", ["forsider", "baksider", "brev"])
def test_the_print_files_are_there_to_take(floor, batched, name):
    batched(issued())
    batch = Batch.objects.get()
    answer = floor.get(f"/produksjon/parti/{batch.reference}/{name}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_letter_is_there_to_take(floor, batched):
    batched(issued())
    answer = floor.get(f"/produksjon/brev/{Shipment.objects.get().reference}.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("address", ["parti/FINNESIKKE/", "parti/%00/", "brev/FINNESIKKE.pdf"])
def test_what_does_not_exist_is_404(floor, address):
    assert floor.get(f"/produksjon/{address}").status_code == 404


def test_a_file_of_another_name_is_404(floor, ready):
    ready(issued())
    batch = Batch.objects.get()
    assert floor.get(f"/produksjon/parti/{batch.reference}/pk.pdf").status_code == 404


def test_the_whole_batch_is_marked_as_sent_after_a_question(floor, made):
    batch = Batch.objects.get()
    asked = floor.get(f"/produksjon/parti/{batch.reference}/sendt/")
    assert "Er brevet lagt i posten?" in asked.content.decode()
    assert not Card.objects.exclude(dispatched_on=None).exists()
    floor.post(f"/produksjon/parti/{batch.reference}/sendt/")
    assert set(Card.objects.values_list("dispatched_on", flat=True)) == {clock.today()}
    assert Event.objects.filter(name="card:dispatched").count() == 2


def test_sent_twice_is_sent_once(floor, made):
    letter = Shipment.objects.get()
    for _ in range(2):
        floor.post(f"/produksjon/brev/{letter.reference}/sendt/")
    assert Event.objects.filter(name="card:dispatched").count() == 2
    assert Event.objects.filter(name="batch:dispatched").count() == 1


def test_a_letter_with_a_card_that_is_not_made_is_not_sent(floor, ready):
    ready(issued())
    letter = Shipment.objects.get()
    answer = floor.post(f"/produksjon/brev/{letter.reference}/sendt/", follow=True)
    assert "Et kort er ikke ferdig laget" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.dispatched_at is None


def test_a_batch_page_shows_how_far_each_card_is(floor, ready, north, uid):
    ready(issued(), issued("also employed"))
    north.make(north.job(), uid)
    rest()
    text = floor.get(f"/produksjon/parti/{Batch.objects.get().reference}/").content.decode()
    assert "Ferdig" in text
    assert "Klar for koding" in text
    assert ChipJob.objects.get(state="done").uid in text


def page_of_batch(floor):
    return floor.get(f"/produksjon/parti/{Batch.objects.get().reference}/").content.decode()


def test_letters_are_marked_as_sent_all_at_once_only_when_one_is_ready(floor, ready, north, uid):
    ready(issued())
    assert "Merk alle klare brev som sendt" not in page_of_batch(floor)
    north.make(north.job(), uid)
    rest()
    assert "Merk alle klare brev som sendt" in page_of_batch(floor)
    floor.post(f"/produksjon/parti/{Batch.objects.get().reference}/sendt/")
    assert "Merk alle klare brev som sendt" not in page_of_batch(floor)


@pytest.fixture
def stuck(ready, north, uid):
    """A job that a station was writing when it died, and its plan."""
    ready(issued())
    job = north.job()
    return job, north.start(job, uid)


def test_a_job_at_a_dead_station_is_freed_after_a_question(floor, stuck, south, uid):
    job, _ = stuck
    number = ChipJob.objects.get().card.number
    shown = check(number).status
    address = f"/produksjon/kodejobb/{job['id']}/frigi/"
    assert address in page_of_batch(floor)
    assert "Vil du frigi kodejobben?" in floor.get(address).content.decode()
    assert ChipJob.objects.get().state == "started"
    assert "Kodejobben er frigitt" in floor.post(address, follow=True).content.decode()
    told = Event.objects.get(name="chip:freed")
    assert told.data == {"uid": uid.hex(), "station": "north"}
    assert (told.actor_kind, check(number).status) == ("staff", shown)
    assert south.make(south.job(), bytes.fromhex("04D4E5F6")).status_code == 200


def test_what_a_dead_station_reports_of_the_scrapped_chip_comes_too_late(floor, stuck, north, uid):
    job, plan = stuck
    floor.post(f"/produksjon/kodejobb/{job['id']}/frigi/")
    assert north.finish(job, plan).status_code == 409
    again = north.job()  # the station is back, with another chip in the reader
    north.start(again, bytes.fromhex("04D4E5F6"))
    late = north.finish(job, plan)
    assert (late.status_code, late.json()["code"]) == (409, "other_chip")


def test_a_freed_job_of_a_card_that_was_replaced_meanwhile_is_cancelled(floor, stuck):
    job, _ = stuck
    issued()
    rest()
    floor.post(f"/produksjon/kodejobb/{job['id']}/frigi/")
    assert ChipJob.objects.get(pk=job["id"]).state == "cancelled"


def test_only_a_job_that_is_being_written_can_be_freed(floor, ready):
    ready(issued())
    address = f"/produksjon/kodejobb/{ChipJob.objects.get().pk}/frigi/"
    assert address not in page_of_batch(floor)
    assert "Kodejobben er ikke i gang" in floor.get(address).content.decode()
    assert floor.post(address).status_code == 409


def test_the_floor_asks_the_database_as_often_for_many_cards_as_for_one(
    floor, ready, django_assert_max_num_queries
):
    ready(issued(), issued("also employed"), issued("two sub-units"))
    Card.objects.update(issued_on=clock.today() - timedelta(days=9))
    with django_assert_max_num_queries(14):
        floor.get("/produksjon/")


def test_a_letter_whose_cards_were_all_replaced_is_neither_sent_nor_late(
    floor, ready, north, uid, time_machine
):
    gone, made = (
        issued(case, delivery={"shipment": case, "address": ["Byggmester AS", "0181 OSLO"]})
        for case in ("employed", "also employed")
    )
    ready(gone, made)
    issued()  # takes the place of the first
    rest()
    north.make(north.job(), uid)
    rest()
    batch = made.chip_job.batch
    assert list(queries.ready_to_send(batch)) == [made.chip_job.shipment]
    floor.post(f"/produksjon/parti/{batch.reference}/sendt/")
    time_machine.move_to(clock.now() + timedelta(days=6), tick=False)
    assert [row.unsent for row in queries.batches()] == [0]
    assert not queries.is_late(batch)
