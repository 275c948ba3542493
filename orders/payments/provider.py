"""What a payment provider does for us, whatever its name. Amounts are øre with VAT.

A provider is a client behind `Provider`, named for each method in `settings.PAYMENT`. Its errors
are those of `hmskort.common.services`, and `Declined`:

    Unavailable, Unreadable   what we asked for may have been done   -> read, then ask again
    Refused                   our key is not accepted                -> alarm, nothing was done
    Declined                  it was understood, and the answer is no -> nothing was done, ever
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.conf import settings

from hmskort.common.money import ZERO, Amount
from hmskort.common.services import ServiceError, client_from


class Declined(ServiceError):
    """The provider understood and will not do it. `what` is its own short code."""


@dataclass(frozen=True)
class Item:
    """One line of what is paid for. `reference` is unique within the payment."""

    reference: str
    name: str
    amount: Amount  # of one
    quantity: int = 1

    @property
    def total(self) -> Amount:
        return self.amount.times(self.quantity)


def total(items: Iterable[Item]) -> Amount:
    """What the items come to."""
    return sum((item.total for item in items), ZERO)


@dataclass(frozen=True)
class Checkout:
    """What the provider must know to open a payment page."""

    reference: str  # the order's, shown to the payer
    payment: str  # our own id of the payment
    items: Sequence[Item]
    language: str  # nb, nn or en
    return_url: str
    cancel_url: str
    webhook_url: str
    terms_url: str


@dataclass(frozen=True)
class Page:
    """A payment that the provider has opened, and the page where it is paid."""

    payment_id: str
    url: str


class RefundState(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


CAME_TO_NOTHING = {RefundState.FAILED, RefundState.CANCELLED, RefundState.EXPIRED}


@dataclass(frozen=True)
class Capture:
    """Money that the provider took, and what it was for.

    A provider that knows items tells their `references`; one that does not repeats the `key` that
    it was asked with.
    """

    id: str
    amount_ore: int
    references: frozenset[str] = frozenset()
    key: str = ""


@dataclass(frozen=True)
class Refund:
    """Money that the provider gives back; for what is told as for a capture."""

    id: str
    amount_ore: int
    state: RefundState
    references: frozenset[str] = frozenset()
    key: str = ""


@dataclass(frozen=True)
class Word:
    """What the provider says of one payment now: the only truth about money."""

    reference: str
    amount_ore: int
    reserved_ore: int
    released_ore: int
    captures: tuple[Capture, ...]
    refunds: tuple[Refund, ...]
    closed: bool  # the page is closed, and nothing was reserved

    @property
    def captured_ore(self) -> int:
        return sum(capture.amount_ore for capture in self.captures)

    @property
    def left_ore(self) -> int:
        """What of the reservation is neither captured nor released."""
        return self.reserved_ore - self.captured_ore - self.released_ore


class Provider(Protocol):
    """Reserve, capture in part, release, refund. `key` makes a request happen once."""

    def start(self, checkout: Checkout, *, key: str) -> Page:
        """A payment page is open; nothing is reserved yet."""

    def read(self, payment_id: str) -> Word:
        """What the provider says of the payment."""

    def close(self, payment_id: str) -> None:
        """The page is closed: the payment can no longer be made."""

    def capture(self, payment_id: str, items: Sequence[Item], *, key: str) -> str:
        """The items are paid for out of the reservation; the id of the capture."""

    def release(self, payment_id: str, amount_ore: int) -> None:
        """That much of the reservation is given up; all of it when nothing was captured."""

    def refund(self, payment_id: str, capture_id: str, items: Sequence[Item], *, key: str) -> str:
        """Money of that capture goes back to the payer; the id of the refund."""


def provider(method: str) -> Provider:
    """The provider that the settings name for the method."""
    client: Provider = client_from(settings.PAYMENT[method])
    return client
