import io
from threading import Thread

import cv2
import numpy as np
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connections

from cards.production import actions, listeners, printing, queries, tasks
from cards.production.models import Batch, ChipJob, Shipment
from encoding import stripe
from hmskort.audit.models import Event
from hmskort.common import clock
from tests.builders import rest
from tests.cards.builders import issued

pytestmark = pytest.mark.django_db
MM_PER_POINT = 25.4 / 72


def pdf(name: str) -> pypdfium2.PdfDocument:
    with default_storage.open(name) as file:
        return pypdfium2.PdfDocument(io.BytesIO(file.read()))


def letter_of(shipment: Shipment) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(printing.letter_of(shipment))


def text_of(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in document]


def picture_of(page: pypdfium2.PdfPage) -> np.ndarray:
    return page.render(scale=300 / 72, grayscale=True).to_numpy().squeeze()


@pytest.fixture
def batch(batched):
    return batched(issued(), issued("also employed"), issued("employed in another sub-unit"))


def test_what_is_planned_is_one_batch_with_its_files(batch):
    assert batch.printable_at
    assert set(batch.jobs.values_list("state", flat=True)) == {"ready"}
    assert Event.objects.get(name="batch:made").data == {"cards": 3}


@pytest.mark.feature("F122")
def test_fronts_are_pages_of_the_size_of_a_card_with_all_that_the_law_asks_for(batch):
    fronts = pdf(batch.fronts.name)
    assert len(fronts) == 3
    for page in fronts:
        width, height = (side * MM_PER_POINT for side in page.get_size())
        assert (width, height) == pytest.approx((85.6, 53.98), abs=0.05)
    for job, text in zip(queries.jobs_of(batch), text_of(fronts), strict=True):
        card = job.card
        flat = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
        for shown in (
            card.holder_name,
            card.company_name,
            f"{card.orgnr[:3]} {card.orgnr[3:6]} {card.orgnr[6:]}",
            f"{card.birth_date:%d.%m.%Y}",
            f"{card.issued_on:%d.%m.%Y}",
            f"{card.expires_on:%d.%m.%Y}",
            f"{card.number[:4]} {card.number[4:]}",
            "HMS-kort demonstrasjon AS",
            *("Navn / Name", "Virksomhet / Company", "Født / Born", "Utstedt / Issued"),
            *("Kortnummer / Card no.", "Utsteder / Issuer", "Bygg og anlegg", "Construction"),
        ):
            assert shown in flat


@pytest.mark.feature("F122")
def test_the_front_carries_the_portrait(batch):
    pictures = [list(page.get_objects(filter=[3])) for page in pdf(batch.fronts.name)]
    assert all(found for found in pictures)


@pytest.mark.feature("F232")
def test_the_qr_code_on_the_back_opens_the_check_of_that_card(batch, settings, client):
    backs = pdf(batch.backs.name)
    assert len(backs) == 3
    for job, page in zip(queries.jobs_of(batch), backs, strict=True):
        said, *_ = cv2.QRCodeDetector().detectAndDecode(picture_of(page))
        assert said == f"{settings.BASE_URL}/k/{job.card.number}/"
        answer = client.get(said.removeprefix(settings.BASE_URL))
        assert answer.context["answer"].status == "under_order"


def test_nothing_is_printed_where_the_magnetic_stripe_is(batch):
    pixels_per_mm = 300 / 25.4
    for page in pdf(batch.backs.name):
        stripe_field = picture_of(page)[: int(17.5 * pixels_per_mm)]
        assert stripe_field.min() == 255


@pytest.mark.feature("F130")
def test_track_1_holds_name_and_card_number(batch):
    for job in batch.jobs.select_related("card"):
        read = stripe.parse(job.track1)
        assert len(job.track1) <= 79
        assert read.card_number == job.card.number
        assert read.surname == stripe.spelled(job.card.surname)
        assert read.given_names == stripe.spelled(job.card.given_names)


def test_one_order_is_one_letter_and_two_orders_are_two(batched):
    delivery = {"shipment": "order:2", "address": ["Grunn og Betong AS", "2317 HAMAR"]}
    batched(
        issued(),
        issued("also employed"),
        issued("employed elsewhere", "groundwork", delivery=delivery),
    )
    letters = [text_of(letter_of(shipment)) for shipment in Shipment.objects.order_by("id")]
    assert [len(pages) for pages in letters] == [1, 1]
    assert "Tømmerås" in letters[0][0]
    assert "Planke" in letters[0][0]
    assert "Annensteds" not in letters[0][0]
    assert "Grunn og Betong AS" in letters[1][0]
    assert "2317 HAMAR" in letters[1][0]
    assert len(pdf(Batch.objects.get().letters.name)) == 2


def test_the_address_stands_in_the_envelopes_window(batch):
    page = letter_of(batch.shipments.get())[0]
    textpage = page.get_textpage()
    found = textpage.search("0181 OSLO").get_next()
    left, bottom, _, top = textpage.get_charbox(found[0])
    from_top = (page.get_height() - top) * MM_PER_POINT, (page.get_height() - bottom) * MM_PER_POINT
    assert left * MM_PER_POINT == pytest.approx(20, abs=1.5)
    assert 45 < from_top[0] < from_top[1] < 85


def test_a_batch_killed_before_its_files_were_made_is_finished_by_the_next_run():
    issued()
    rest()
    gathered = actions.gather()
    assert gathered.jobs.get().state == "planned"  # the worker died here
    tasks.sweep()
    gathered.refresh_from_db()
    assert Batch.objects.count() == 1
    assert gathered.printable_at
    assert gathered.jobs.get().state == "ready"


def test_a_batch_killed_between_its_files_and_its_row_is_finished_with_the_same_names():
    issued()
    rest()
    batch = actions.gather()
    left = printing.make(batch, queries.faces_of(batch))  # the worker died here
    tasks.sweep()
    batch.refresh_from_db()
    assert (batch.fronts.name, batch.letters.name) == (left.fronts, left.letters)
    assert len(default_storage.listdir(f"production/{batch.reference}")[1]) == 3
    assert len(pdf(batch.fronts.name)) == 1


def test_running_the_sweep_again_changes_nothing(batch):
    before = list(Batch.objects.values()), list(ChipJob.objects.values())
    tasks.sweep()
    assert (list(Batch.objects.values()), list(ChipJob.objects.values())) == before


def test_the_event_delivered_twice_plans_one_chip():
    card = issued()
    rest()
    listeners.plan(card=str(card.pk))
    assert ChipJob.objects.count() == 1


def test_a_batch_that_cannot_be_printed_does_not_stand_in_the_way_of_the_next():
    broken = issued()
    rest()
    actions.gather()
    default_storage.delete(broken.portrait.name)
    fine = issued("also employed")
    rest()
    tasks.make_batches()
    assert fine.chip_job.state == "ready"
    assert broken.chip_job.state == "planned"


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_prints_a_batch_another_leaves_it_alone(monkeypatch):
    issued()
    rest()
    printed = []

    def print_and_let_the_other_try(batch):
        printed.append(batch.pk)
        other = Thread(target=lambda: (tasks.make_batches(), connections.close_all()))
        other.start()
        other.join()

    monkeypatch.setattr(tasks, "print_batch", print_and_let_the_other_try)
    tasks.make_batches()
    assert len(printed) == 1


def test_cards_of_a_batch_come_letter_by_letter(batched):
    one = {"shipment": "order:1", "address": ["A"]}
    two = {"shipment": "order:2", "address": ["B"]}
    people = ["employed", "also employed", "employed in another sub-unit", "two sub-units"]
    cards = [
        issued(who, delivery=delivery)
        for who, delivery in zip(people, [one, two, one, two], strict=True)
    ]
    batched(*cards)
    order = [job.card_id for job in queries.jobs_of(Batch.objects.get())]
    assert order == [cards[0].pk, cards[2].pk, cards[1].pk, cards[3].pk]


def test_letters_carry_the_date_of_the_batch(batch):
    text = text_of(letter_of(batch.shipments.get()))[0]
    assert f"{clock.today():%d.%m.%Y}" in text


@pytest.mark.parametrize(
    ("language", "told", "not_told"),
    [
        ("nb", ["Her er HMS-kortet du bestilte", "Here is the HSE card"], ["Følgjebrev"]),
        ("nn", ["personleg og skal berast synleg", "Here is the HSE card"], ["personlig"]),
        (
            "en",
            ["Here is the HSE card that you ordered", "Last valid day"],
            ["du bestilte", "Slik"],
        ),
    ],
)
def test_the_letter_is_in_the_language_of_the_order(batched, language, told, not_told):
    delivery = {"shipment": "order:1", "address": ["Byggmester AS"], "language": language}
    batched(issued(delivery=delivery))
    [text] = text_of(letter_of(Shipment.objects.get()))
    text = " ".join(text.split())
    assert [words for words in told if words not in text] == []
    assert [words for words in not_told if words in text] == []
