"""The worker is killed with -9 while it has something in hand, and started again."""

import pypdfium2
import pytest

SLOW_S = 4.0  # shorter than the portal waits for a register
LOST_S = 6.0  # shorter than the portal waits for the payment service


def test_killed_while_registers_are_asked_every_question_is_answered_and_nobody_refused(
    portal, town
):
    portal.fault("aaregisteret", "slow", SLOW_S)
    order = town.order("painter", people=3)
    people = [str(person) for person in order.of_lines("person_id")]
    in_hand = (
        "SELECT count(*) FROM registers_lookup WHERE source = 'aaregisteret'"
        " AND subject = ANY(%s) AND due_at > now() AND attempts = 0"
    )
    portal.until(lambda: portal.value(in_hand, people), "the slow register is being asked")
    portal.kill("worker")
    portal.heal("aaregisteret")
    assert order.outcomes() == {"unknown"}

    portal.start("worker")
    answered = (
        "SELECT count(*) FROM registers_lookup WHERE subject = ANY(%s)"
        " AND due_at IS NULL AND answered_at IS NOT NULL"
    )
    both_registers = 2 * len(people)
    portal.until(lambda: portal.value(answered, people) == both_registers, "all is answered")
    order.await_registers()
    verdicts = "SELECT DISTINCT outcome FROM registers_verdict WHERE person_id::text = ANY(%s)"
    assert set(portal.column(verdicts, people)) == {"unknown", "met"}
    assert order.states() == {"draft"}


def test_killed_after_the_money_was_taken_and_before_the_answer_it_is_taken_once(portal, town):
    order = town.paid("roofer", people=2)
    portal.fault("payments", "lost", LOST_S)
    town.review(enough=lambda: order.states() != {"in_review"})  # enough is left to take it twice
    portal.until(lambda: order.book_as_kept()["charges"], "the payment service has charged")
    portal.kill("worker")
    portal.heal("payments")
    assert order.ledger("captured") == []

    portal.start("worker")
    portal.until(order.numbers, "the first card is issued")
    portal.until(portal.is_at_rest, "nothing waits")
    assert len(order.charged()) == len(set(order.charged())) == 2  # the card and the postage
    assert len(order.ledger("captured")) == 2

    town.review()
    numbers = order.issue()
    portal.until(portal.is_at_rest, "nothing waits")
    order.must_be_paid_once()
    assert len(numbers) == len(set(numbers)) == 2
    assert order.events("card:issued") == 2


@pytest.fixture
def full_disk(portal):
    """No print file can be written until the test makes room; what stood there comes back."""
    folder = portal.places.media / "production"
    aside = folder.with_name("production.aside")
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(aside)
    folder.write_text("in the way")

    def make_room():
        if aside.exists():
            folder.unlink()
            aside.rename(folder)

    yield make_room
    make_room()


def test_killed_while_a_batch_is_printed_its_files_are_made_whole_and_each_card_is_in_one(
    portal, town, full_disk
):
    order = town.paid("demolition", people=3)
    town.review()
    numbers = order.issue()
    batches = portal.until(lambda: order.batches(of=len(numbers)), "every card is in a batch")
    references = portal.column("SELECT reference FROM production_batch WHERE id = ANY(%s)", batches)
    folders = [portal.places.media / "production" / reference for reference in references]
    full_disk()
    begun = portal.until(
        lambda: [file for folder in folders for file in folder.glob("*.pdf")], "printing has begun"
    )
    portal.kill("worker")
    printed = (
        "SELECT count(*) FROM production_batch WHERE id = ANY(%s) AND printable_at IS NOT NULL"
    )
    assert portal.value(printed, batches) < len(batches)
    assert set(order.jobs("state")) <= {"planned", "ready"}
    cut_in_half(begun[0])

    portal.start("worker")
    portal.until(lambda: portal.value(printed, batches) == len(batches), "every batch is printed")
    portal.until(portal.is_at_rest, "nothing waits")
    assert order.batches(of=len(numbers)) == batches
    assert set(order.jobs("state")) == {"ready"}
    named = portal.files_of(batches)
    assert {file for folder in folders for file in folder.iterdir()} == set(named)
    faces = [file for file in named if file.name in {"forsider.pdf", "baksider.pdf"}]
    in_them = "SELECT count(*) FROM production_chipjob WHERE batch_id = ANY(%s)"
    assert sum(map(pages, faces)) == 2 * portal.value(in_them, batches)
    assert all(pages(file) for file in named)
    made = "SELECT count(*) FROM audit_event WHERE name = 'batch:made' AND subject_id = ANY(%s)"
    assert portal.value(made, [str(batch) for batch in batches]) == len(batches)


def cut_in_half(file):
    """What a process leaves that is killed while it writes."""
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def pages(file):
    with pypdfium2.PdfDocument(file) as document:
        return len(document)
