"""Why an order cannot go on, in words for the person who orders."""

from django.utils.translation import gettext as _


class CannotOrder(Exception):
    """Something stands in the way; `str` is what to tell the orderer."""


class AlreadyOrdered(CannotOrder):
    """The person has an open line or a card for this company already."""


class Incomplete(CannotOrder):
    """The cart lacks something before it can be paid for."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(_("Bestillingen er ikke klar til betaling."))
        self.missing = missing


class NotRegistered(Incomplete):
    """Whoever orders is not registered as orderer of this kind of card for the company."""

    def __init__(self, missing: list[str] | None = None) -> None:
        super().__init__(missing or [_("Du er ikke registrert som bestiller av denne korttypen.")])
