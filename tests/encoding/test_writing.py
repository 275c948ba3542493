import logging
import os
import threading

import pytest

from encoding import decode, geometry, keystore, terminal
from encoding.content import Kind
from encoding.errors import CardGone, DeadSector, ReaderFailed, WrongKey
from encoding.keys import FACTORY, PUBLIC
from encoding.plan import encode
from encoding.readers.card import Card, Tear, TearMode, blank
from encoding.readers.hardware import HardwareReader
from encoding.readers.virtual import VirtualReader
from encoding.writer import Expect, write
from tests.encoding.builders import UID, a_card, build_content

KINDS = pytest.mark.parametrize("kind", list(Kind))


def fresh_minimum(card):
    return 1 + sum(2 * len(sector.blocks) + 4 for sector in card.sectors)


def again_minimum(card):
    return 3 + sum(2 * len(sector.blocks) + 2 for sector in card.sectors)


@KINDS
@pytest.mark.feature("F123")
def test_a_written_card_reads_back_equal_and_decodes(bench, a_plan, public_keys, kind):
    card = a_plan(build_content(kind=kind), uid=bench.reader.select())
    written = write(bench.reader, card, expect=Expect.BLANK)
    memory = bytes(bench.virtual.chip.card.memory)
    assert len(memory) == geometry.IMAGE
    found = decode.decode(memory, public_keys)
    assert found.content == build_content(kind=kind)
    assert written.image_digest == card.digest()
    assert (written.uid, written.generation, written.profile) == (UID, 1, "reference-1")


@KINDS
@pytest.mark.feature("F123")
def test_all_40_trailers_of_a_written_card_are_valid(bench, a_plan, kind):
    card = a_plan(build_content(kind=kind), uid=bench.reader.select())
    write(bench.reader, card, expect=Expect.BLANK)
    memory = bytes(bench.virtual.chip.card.memory)
    used = {sector.number: sector for sector in card.sectors}
    for number in range(geometry.SECTORS):
        trailer = geometry.block_of(memory, geometry.trailer_block(number))
        untouched = bytes.fromhex("FFFFFFFFFFFF FF078069 FFFFFFFFFFFF")
        assert trailer == (used[number].trailer() if number in used else untouched)


@KINDS
def test_a_blank_card_takes_the_minimum_of_exchanges(bench, a_plan, kind):
    card = a_plan(build_content(kind=kind), uid=bench.reader.select())
    write(bench.reader, card, expect=Expect.BLANK)
    assert bench.exchanges() == fresh_minimum(card)
    assert bench.exchanges() == {Kind.CONSTRUCTION: 87, Kind.CLEANING: 81}[kind]


@KINDS
def test_encoding_again_takes_the_minimum_of_exchanges(bench, a_plan, public_keys, kind):
    first = a_plan(build_content(kind=kind), uid=bench.reader.select())
    write(bench.reader, first, expect=Expect.BLANK)
    bench.virtual.chip.exchanges.clear()
    second = a_plan(build_content(kind=kind, generation=2), uid=bench.reader.select(UID))
    write(bench.reader, second, expect=Expect.OURS)
    assert bench.exchanges() == again_minimum(second)
    found = decode.decode(bytes(bench.virtual.chip.card.memory), public_keys)
    assert found.content.generation == 2


def test_the_commit_is_the_last_block_written(bench, a_plan):
    card = a_plan(uid=bench.reader.select())
    bench.virtual.chip.log.clear()
    write(bench.reader, card, expect=Expect.BLANK)
    written = [command[3] for command in bench.virtual.chip.log if command[2] == 0xA0]
    assert written[-1] == card.commit_block == geometry.first_block(32)
    assert len(written) == sum(len(sector.blocks) + 1 for sector in card.sectors)


def test_each_sector_takes_its_keys_before_any_data(bench, a_plan):
    card = a_plan(uid=bench.reader.select())
    bench.virtual.chip.log.clear()
    write(bench.reader, card, expect=Expect.BLANK)
    acts = [(command[2], command[3]) for command in bench.virtual.chip.log]
    for sector in card.sectors:
        trailer = geometry.trailer_block(sector.number)
        first_data = min(acts.index((0xA0, number)) for number, _ in sector.blocks)
        keyed = acts.index((0xA0, trailer))
        assert acts[keyed - 1 : keyed + 2] == [(0x60, trailer), (0xA0, trailer), (0x61, trailer)]
        assert keyed < first_data


@KINDS
def test_a_terminal_reads_the_card_with_reading_keys_alone(bench, a_plan, keys, public_keys, kind):
    card = a_plan(build_content(kind=kind), uid=bench.reader.select())
    write(bench.reader, card, expect=Expect.BLANK)
    image = terminal.read_card(bench.reader, card.profile, keys)
    assert image == card.image_as_read()
    assert decode.decode(image, public_keys).content == build_content(kind=kind)


def test_a_seven_byte_uid_is_written_and_read(bench, a_plan, keys, reference, public_keys):
    uid = bytes.fromhex("04782E21801D80")
    bench.lay(Card(blank(uid), uid))
    write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)
    found = decode.decode(terminal.read_card(bench.reader, reference, keys), public_keys)
    assert found.attestation.uid == uid


def test_without_our_keys_nothing_can_be_changed(bench, a_plan):
    card = a_plan(uid=bench.reader.select())
    write(bench.reader, card, expect=Expect.BLANK)
    for letter, key in (("A", FACTORY), ("B", FACTORY), ("B", PUBLIC)):
        bench.reader.select()
        with pytest.raises(WrongKey):
            bench.reader.authenticate(4, letter, key)
    bench.reader.select()
    bench.reader.authenticate(4, "A", PUBLIC)
    with pytest.raises(WrongKey):
        bench.reader.write(4, bytes(16))


def test_a_card_that_is_not_blank_is_refused_untouched(bench, a_plan):
    write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)
    before = bytes(bench.virtual.chip.card.memory)
    with pytest.raises(WrongKey):
        write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)
    assert bytes(bench.virtual.chip.card.memory) == before


def test_a_card_of_another_master_is_refused(bench, a_plan, reference, keys_directory):
    write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)
    theirs = encode(
        build_content(),
        uid=UID,
        profile=reference,
        keys=keystore.station_keys(keys_directory),
        random=bytes(8),
    )
    bench.reader.select()
    with pytest.raises(WrongKey):
        write(bench.reader, theirs, expect=Expect.OURS)


def test_a_block_that_does_not_keep_what_is_written_is_found(bench, a_plan):
    class Weak(Card):
        def read(self, block):
            content = super().read(block)
            return bytes([content[0] ^ 1]) + content[1:] if block == 9 else content

    bench.lay(Weak(blank(UID), UID))
    with pytest.raises(DeadSector, match="block 9"):
        write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)


def test_no_card_is_card_gone(bench):
    bench.lay(None)
    with pytest.raises(CardGone):
        bench.reader.select()


def test_a_pulled_card_is_card_gone_and_a_dead_sector_is_not(bench):
    card = bench.lay(a_card())
    bench.reader.select()
    card.in_field = False
    with pytest.raises(CardGone):
        bench.reader.authenticate(4, "A", FACTORY)
    dead = bench.lay(a_card())
    dead.memory[7 * 16 + 6 : 7 * 16 + 9] = bytes(3)
    bench.reader.select()
    with pytest.raises(DeadSector):
        bench.reader.authenticate(4, "A", FACTORY)
    bench.reader.authenticate(8, "A", FACTORY)


def test_asking_for_another_card_than_the_one_that_lies_there_is_card_gone(bench):
    with pytest.raises(CardGone):
        bench.reader.select(bytes.fromhex("1F000001"))


def test_two_programs_cannot_hold_one_reader(bench):
    with pytest.raises(ReaderFailed, match="another program"):
        HardwareReader(bench.virtual.path)


def test_two_readers_write_two_cards_at_once(a_plan, public_keys):
    def encode_one(path, uid, done):
        with HardwareReader(path) as reader:
            done.append(write(reader, a_plan(uid=reader.select(uid)), expect=Expect.BLANK))

    uids = [bytes.fromhex("1F000001"), bytes.fromhex("2F000002")]
    cards = [a_card(uid) for uid in uids]
    done = []
    with VirtualReader(cards[0]) as left, VirtualReader(cards[1]) as right:
        threads = [
            threading.Thread(target=encode_one, args=(reader.path, uid, done))
            for reader, uid in zip((left, right), uids, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {written.uid for written in done} == set(uids)
    for card in cards:
        assert decode.decode(bytes(card.memory), public_keys).attestation.uid == card.uid


def test_a_missing_reader_and_a_mute_one_are_reader_failed(tmp_path):
    with pytest.raises(ReaderFailed):
        HardwareReader(str(tmp_path / "none"))
    master, terminal_end = os.openpty()
    try:
        with pytest.raises(ReaderFailed, match="no PN532"):
            HardwareReader(os.ttyname(terminal_end))
    finally:
        os.close(master)
        os.close(terminal_end)


def test_an_unplugged_reader_is_reader_failed():
    virtual = VirtualReader(a_card())
    serving = threading.Thread(target=virtual.serve)
    serving.start()
    reader = HardwareReader(virtual.path)
    virtual.stop()
    serving.join()
    virtual.close()
    with pytest.raises(ReaderFailed):
        reader.select()
    reader.close()


def test_no_key_is_ever_logged(a_plan, keys, reference):
    seen = []

    class Everything(logging.Handler):
        def emit(self, record):
            seen.append(f"{record.getMessage()} {record.__dict__!r}".lower())

    watch = Everything(level=1)
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(1)
        logger.addHandler(watch)
    try:
        with VirtualReader(a_card()) as virtual, HardwareReader(virtual.path) as reader:
            card = a_plan(uid=reader.select())
            write(reader, card, expect=Expect.BLANK)
            terminal.read_card(reader, reference, keys)
        logging.getLogger("nfc.clf.pn53x").error("a fault is still told")
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(watch)
            logger.setLevel(level)
    secrets = [
        keys.read,
        keys.write,
        *(s.key_a for s in card.sectors),
        *(s.key_b for s in card.sectors),
    ]
    everything = " ".join(seen)
    assert "a fault is still told" in everything
    for secret in secrets:
        if secret != PUBLIC:
            assert secret.reveal().hex() not in everything


@pytest.mark.parametrize("mode", [TearMode.OLD, TearMode.NEW])
def test_a_torn_write_is_card_gone(bench, mode):
    card = bench.lay(a_card())
    card.tear = Tear(1, mode)
    bench.reader.select()
    bench.reader.authenticate(4, "A", FACTORY)
    with pytest.raises(CardGone):
        bench.reader.write(4, b"x" * 16)
    assert bytes(card.memory[64:80]) == (b"x" * 16 if mode is TearMode.NEW else bytes(16))
