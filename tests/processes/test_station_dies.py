"""The station is killed with -9, or the card leaves the reader, in the middle of writing."""

import threading

import pytest

from encoding import decode, geometry, jwks
from encoding.readers.card import Card, Tear, TearMode, blank, random_uid
from encoding.readers.virtual import VirtualReader

NAME_SECTOR = 3  # the surname, about half-way
COMMIT_BLOCK = 128  # written last of all: from then on the chip itself is complete
KEYS_WRITE, DATA_WRITE = 1, 22  # the first sector's trailer; a block of the company's name


@pytest.fixture
def ready(town, station):
    """`ready("Byggmester AS")`: an order of one person whose chip alone waits to be written."""

    def order(company):
        placed = town.paid(company)
        town.review()
        placed.issue()
        town.portal.until(lambda: set(placed.jobs("state")) == {"ready"}, "the batch is printed")
        return placed

    station.encode_all()
    return order


@pytest.fixture
def reader():
    """A reader that belongs to nobody's process: stations come and go."""
    with VirtualReader() as reader:
        yield reader


class HeldCard:
    """A card whose answer to the write of one block is held back until it is let go."""

    def __init__(self):
        self._wanted = None
        self._reached, self._let_go = threading.Event(), threading.Event()
        uid = random_uid()
        self.card = Card(blank(uid), uid, kept=self._kept)

    def hold_at(self, block):
        self._reached.clear()
        self._let_go.clear()
        self._wanted = block

    def wait(self):
        assert self._reached.wait(60), "the block was never written"

    def let_go(self):
        self._wanted = None
        self._let_go.set()

    def _kept(self, block, content):
        if block == self._wanted and any(content):  # zeros void an old commit
            self._reached.set()
            self._let_go.wait(60)


@pytest.fixture
def held_card():
    held = HeldCard()
    yield held
    held.let_go()


def must_not_be_valid_yet(order):
    (number,) = order.numbers()
    assert order.portal.check(number) != "valid"
    assert order.card_states() == {"issued"}
    assert order.jobs("state") == ["started"]


def must_be_made_on(order, station, card):
    """The card is produced, and its chip holds it."""
    (number,) = order.numbers()
    portal = order.portal
    portal.until(lambda: order.card_states() == {"produced"}, "the card is produced")
    assert order.jobs("uid") == [card.uid.hex()]
    found = decode.decode(bytes(card.memory), jwks.parse(station.public_keys))
    assert found.content.card_number == number
    assert portal.check(number) == "valid"
    assert order.events("chip:done") == order.events("card:produced") == 1


def test_a_card_pulled_in_mid_write_is_finished_when_it_is_laid_back(ready, station, reader):
    order = ready("Byggmester AS")
    uid = random_uid()
    card = Card(blank(uid), uid)
    card.tear = Tear(DATA_WRITE, TearMode.FIRST_HALF)
    reader.lay(card)
    station.start(reader.path)
    order.portal.until(lambda: not card.in_field, "the card is pulled while it is written")
    must_not_be_valid_yet(order)

    card.tear = None
    reader.lay(card)
    must_be_made_on(order, station, card)
    assert order.events("chip:started") == 1
    assert order.events("chip:scrapped") == 0


def test_a_card_ruined_by_the_pull_is_scrapped_and_another_made(ready, station, reader):
    order = ready("Byggmester AS")
    ruined, fresh = (Card(blank(uid), uid) for uid in (random_uid(), random_uid()))
    ruined.tear = Tear(KEYS_WRITE, TearMode.ZEROS)  # of keys and access bits: nothing opens it
    reader.lay(ruined)
    station.start(reader.path)
    order.portal.until(lambda: not ruined.in_field, "the card is pulled while it is keyed")
    must_not_be_valid_yet(order)

    ruined.tear = None
    reader.lay(ruined)
    order.portal.until(lambda: order.events("chip:scrapped"), "the card is found to be waste")
    reader.lay(fresh)
    must_be_made_on(order, station, fresh)
    assert order.events("chip:scrapped") == 1


def test_a_station_killed_in_mid_write_and_after_the_commit_finishes_the_same_card(
    ready, station, reader, held_card
):
    order = ready("Byggmester AS")
    reader.lay(held_card.card)
    for block in (geometry.first_block(NAME_SECTOR), COMMIT_BLOCK):
        held_card.hold_at(block)
        station.start(reader.path)
        held_card.wait()
        station.kill()
        held_card.let_go()
        must_not_be_valid_yet(order)

    station.start(reader.path)
    must_be_made_on(order, station, held_card.card)
    assert order.events("chip:started") == 1
    assert order.events("chip:scrapped") == 0


def test_a_station_killed_again_and_again_makes_each_card_once(town, station):
    order = town.paid("Byggmester AS", people=2)
    town.review()
    numbers = order.issue()
    portal = town.portal
    portal.until(lambda: set(order.jobs("state")) == {"ready"}, "the batch is printed")
    for _ in numbers:
        station.start()
        portal.until(lambda: {"started", "done"} & set(order.jobs("state")), "a chip is written")
        station.kill()
    station.encode_all()
    portal.until(lambda: order.card_states() == {"produced"}, "the cards are produced")
    keys = jwks.parse(station.public_keys)
    images = [station.image(number) for number in numbers]
    assert [decode.decode(image, keys).content.card_number for image in images] == numbers
    assert len(set(order.jobs("uid"))) == len(numbers)
    assert order.events("chip:done") == order.events("card:produced") == len(numbers)
