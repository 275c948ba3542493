"""Plain builders: a content, a card, a bench with a virtual reader on it."""

import json
from datetime import date
from typing import NamedTuple

from encoding.content import CardContent, Kind, Sex
from encoding.readers.card import Card, blank
from encoding.readers.hardware import HardwareReader
from encoding.readers.virtual import VirtualReader

UID = bytes.fromhex("1F02A3B4")
RANDOM = bytes(range(8))


def build_content(**changes):
    values = {
        "kind": Kind.CONSTRUCTION,
        "card_number": "10000004",
        "given_names": "Kari Ærlig",
        "surname": "Bøe Nordmann",
        "birth_date": date(1985, 2, 28),
        "sex": Sex.WOMAN,
        "orgnr": "999888777",
        "org_name": "Byggmester Åsen AS",
        "issued_on": date(2026, 11, 21),
        "expires_on": date(2028, 11, 21),
    }
    return CardContent(**{**values, **changes})


def a_card(uid=UID, kept=None):
    return Card(blank(uid), uid, kept)


class Bench(NamedTuple):
    """A virtual reader and nfcpy's reader on its terminal."""

    virtual: VirtualReader
    reader: HardwareReader

    def exchanges(self):
        """Commands that reach the card: selections and data exchanges."""
        return self.virtual.chip.exchanges[0x4A] + self.virtual.chip.exchanges[0x40]

    def lay(self, card):
        self.virtual.lay(card)
        self.virtual.chip.exchanges.clear()
        return card


def as_file(path, content):
    path.write_text(json.dumps(content.to_json()))
    return path
