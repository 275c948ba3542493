"""What can go wrong, named by what the caller must do about it.

EncodingFault
├── Unfit            the content or profile cannot be written      → correct the data
├── Unreadable       these bytes are not a complete card           → do not trust the card
└── ReaderFault
    ├── CardGone     no card answers, or it left in the middle     → lay it back and go on
    ├── WrongKey     the card answers, but refuses the key or act  → not our card
    ├── DeadSector   the card answers, one of its sectors never    → throw the card away
    └── ReaderFailed the reader itself is silent or gone           → see to the reader
"""


class EncodingFault(Exception):  # facts, not "errors": see the tree above
    """Anything this room raises on purpose."""


class Unfit(EncodingFault):
    """The content, or the profile, cannot be written as it stands."""


class Unreadable(EncodingFault):
    """These bytes do not make a complete card; the message says which part fails."""


class ReaderFault(EncodingFault):
    """Something between the program and the card's memory."""


class CardGone(ReaderFault):
    """No card answers. Lay it back: the same job goes on where it stopped."""


class WrongKey(ReaderFault):
    """The card refuses the key, or refuses this act under this key."""


class DeadSector(ReaderFault):
    """The card answers, but one of its sectors never will again. Throw the card away."""


class ReaderFailed(ReaderFault):
    """The reader is silent, busy, unplugged, or not one that can speak to these cards."""
