"""Writes a plan on a card so that no pull of the card ever leaves one that looks complete.

Order: directory, records, and as the very last block the commit. In each sector the trailer comes
first (data never lies under the factory's key, a torn trailer is found before data is there), then
the data, then all is read back. The minimum for a blank card is 1 + sum(2k + 4) exchanges with
the reader, k data blocks in each sector; for one with our keys 3 + sum(2k + 2).
"""

import hashlib
from dataclasses import dataclass
from enum import Enum

from encoding import geometry, plan
from encoding.attestation import Attestation
from encoding.errors import DeadSector, WrongKey
from encoding.keys import FACTORY
from encoding.plan import CardPlan, SectorPlan
from encoding.readers import Reader


class Expect(Enum):
    """What the card is before writing. BLANK refuses a card that anybody has keyed."""

    BLANK = "blank"
    OURS = "ours"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A card that was read back equal to its plan."""

    uid: bytes
    profile: str
    generation: int
    key_version: int
    image_digest: str
    attestation: Attestation


def write(reader: Reader, card: CardPlan, *, expect: Expect) -> Written:
    """The card on the reader, already selected, holds the plan and was read back equal.

    Expect.OURS re-encodes or resumes: the old commit is voided first, each sector opens with our
    key or the factory's, and everything is written again (an interrupted block may hold weak
    bits). Raises CardGone (go on with Expect.OURS), WrongKey (not a card for us), DeadSector.
    """
    writing = _Writing(reader, card)
    if expect is Expect.OURS:
        writing.void_commit()
    image: dict[int, bytes] = {}
    for sector in card.sectors:
        writing.open(sector, expect)
        for number, block in sector.blocks:
            reader.write(number, block)
        image.update(writing.read_back(sector))
    return Written(
        uid=card.uid,
        profile=card.profile.name,
        generation=card.generation,
        key_version=card.key_version,
        image_digest=hashlib.sha256(plan.assemble(card.uid, image)).hexdigest(),
        attestation=card.attestation,
    )


class _Writing:
    """One card being written; remembers whose key opened the last sector."""

    def __init__(self, reader: Reader, card: CardPlan) -> None:
        self.reader = reader
        self.card = card
        self.factory_first = False

    def void_commit(self) -> None:
        """An older commit no longer holds; nothing if the commit's sector is not ours yet."""
        sector = self.card.sectors[-1]
        try:
            self._authenticate(sector)
        except WrongKey:
            self.reader.select(self.card.uid)
        else:
            self.reader.write(self.card.commit_block, bytes(geometry.BLOCK))

    def open(self, sector: SectorPlan, expect: Expect) -> None:
        """The sector has its trailer and is open under its key B."""
        if expect is Expect.BLANK:
            self._key(sector)
            return
        first, second = (self._key, self._authenticate)[:: 1 if self.factory_first else -1]
        try:
            first(sector)
        except WrongKey:
            self.reader.select(self.card.uid)
            second(sector)
            self.factory_first = not self.factory_first

    def read_back(self, sector: SectorPlan) -> dict[int, bytes]:
        """Block number to content, all as planned. Raises DeadSector where one is not."""
        number = geometry.trailer_block(sector.number)
        expected = dict([*sector.blocks, (number, sector.trailer_as_read())])
        found = {number: self.reader.read(number) for number in sorted(expected)}
        for number, content in found.items():
            if content != expected[number]:
                raise DeadSector(f"block {number}: does not keep what is written")
        return found

    def _key(self, sector: SectorPlan) -> None:
        """The sector leaves the factory's key for its own."""
        number = geometry.trailer_block(sector.number)
        self.reader.authenticate(number, "A", FACTORY)
        try:
            self.reader.write(number, sector.trailer())
            self._authenticate(sector)
        except WrongKey:
            raise DeadSector(f"sector {sector.number}: does not take its keys") from None

    def _authenticate(self, sector: SectorPlan) -> None:
        number = geometry.trailer_block(sector.number)
        self.reader.authenticate(number, "B", sector.key_b)
