"""The card is pulled during every single write, in every way a block can be torn."""

import pytest

from encoding import decode, geometry
from encoding.content import Kind
from encoding.errors import CardGone, DeadSector, Unreadable, WrongKey
from encoding.readers.card import Card, Tear, TearMode
from encoding.writer import Expect, write
from tests.encoding.builders import UID, a_card, build_content

MODES = pytest.mark.parametrize("mode", list(TearMode))


def tear_once(bench, card, plan, expect, tear):
    """The memory after the pull; the card lies on the reader again."""
    card.tear, card.writes = tear, 0
    bench.lay(card)
    bench.reader.select()
    with pytest.raises(CardGone):
        write(bench.reader, plan, expect=expect)
    card.tear = None
    bench.lay(card)
    return bytes(card.memory)


def complete(memory, keys):
    """The content, if a terminal would take this card for complete."""
    try:
        return decode.decode(memory, keys).content
    except Unreadable:
        return None


def resumed(bench, plan):
    bench.reader.select(UID)
    try:
        write(bench.reader, plan, expect=Expect.OURS)
    except (DeadSector, WrongKey):
        return False
    return True


def trailers_written_at(plan):
    """Numbers of the writes that hit a trailer, on a blank card."""
    number, found = 0, set()
    for sector in plan.sectors:
        found.add(number + 1)
        number += 1 + len(sector.blocks)
    return found, number


@MODES
@pytest.mark.parametrize("kind", list(Kind))
def test_a_torn_blank_card_is_never_taken_for_complete(bench, a_plan, public_keys, mode, kind):
    plan = a_plan(build_content(kind=kind))
    trailers, writes = trailers_written_at(plan)
    for at in range(1, writes + 1):
        card = a_card()
        memory = tear_once(bench, card, plan, Expect.BLANK, Tear(at, mode))
        found = complete(memory, public_keys)
        assert found is None or (at == writes and found == build_content(kind=kind))
        whole = resumed(bench, plan)
        assert whole or at in trailers, f"write {at} left a card that cannot be mended"
        assert complete(bytes(card.memory), public_keys) == (
            build_content(kind=kind) if whole else None
        )


@MODES
def test_a_torn_card_that_is_encoded_again_is_never_a_mixture(bench, a_plan, public_keys, mode):
    old, new = build_content(), build_content(surname="Lie", generation=2)
    first, second = a_plan(old), a_plan(new, random=bytes(8))
    bench.reader.select()
    write(bench.reader, first, expect=Expect.BLANK)
    encoded = bytes(bench.virtual.chip.card.memory)
    writes = 1 + sum(len(sector.blocks) for sector in second.sectors)
    for at in range(1, writes + 1):
        card = Card(encoded, UID)
        memory = tear_once(bench, card, second, Expect.OURS, Tear(at, mode))
        found = complete(memory, public_keys)
        assert found is None or (found == old and at == 1) or (found == new and at == writes)
        assert resumed(bench, second)
        assert complete(bytes(card.memory), public_keys) == new


def test_a_card_torn_again_and_again_is_finished_in_the_end(bench, a_plan, public_keys):
    plan = a_plan()
    _, writes = trailers_written_at(plan)
    card = a_card()
    expect = Expect.BLANK
    for at in range(2, writes - len(plan.sectors), 3):
        card.tear, card.writes = Tear(at, TearMode.OLD), 0
        bench.lay(card)
        bench.reader.select()
        with pytest.raises(CardGone):
            write(bench.reader, plan, expect=expect)
        expect = Expect.OURS
        assert complete(bytes(card.memory), public_keys) is None
    card.tear = None
    bench.lay(card)
    assert resumed(bench, plan)
    assert complete(bytes(card.memory), public_keys) == build_content()


def test_a_card_going_on_rewrites_what_is_there_already(bench, a_plan):
    plan = a_plan()
    card = a_card()
    tear_once(bench, card, plan, Expect.BLANK, Tear(14, TearMode.OLD))
    bench.virtual.chip.log.clear()
    assert resumed(bench, plan)
    written = {command[3] for command in bench.virtual.chip.log if command[2] == 0xA0}
    assert written >= {number for sector in plan.sectors for number, _ in sector.blocks}
    assert geometry.block_of(card.memory, plan.commit_block)[:4] == b"SIGN"
