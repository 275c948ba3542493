"""Why somebody cannot be an orderer, or cannot get in."""

from collections.abc import Sequence

from registers.requirements.findings import Finding


class Refused(Exception):
    """A register requirement on the orderer or the company is not met; `unmet` says which."""

    def __init__(self, unmet: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.requirement for finding in unmet))
        self.unmet = tuple(unmet)


class TooSoon(Exception):
    """The same was sent a moment ago."""


class AddressGone(Exception):
    """The address waits for no confirmation any more."""


class CodeNotOpen(Exception):
    """The one-time code was used, handed on or replaced, or is too old."""


class AgreementExists(Exception):
    """The company has an agreement already."""


class MayNotHaveCode(Exception):
    """A code would open more than the one company's letter may."""


class HasIdPorten(Exception):
    """The person has logged in with ID-porten, so no code is made for them."""
