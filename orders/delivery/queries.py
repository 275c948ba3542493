"""Questions about where an order can go. What a company may not see does not exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from orders.delivery.models import Address, Sleeves
from orders.delivery.places import Place, kept, of_order, registered
from orders.delivery.states import SleeveState
from orders.models import Order
from orders.queries import reservation_ends
from orders.states import LineState, OrderState
from registers.models import Company
from registers.units import units_of, where_they_work

LATEST = 25


def addresses_of(orgnr: str) -> QuerySet[Address]:
    """The company's address book: the default first, then by label."""
    return Address.objects.filter(orgnr=orgnr).order_by("-is_default", "label")


def address_for(orgnr: str, pk: UUID) -> Address:
    """An address of the company's book; another company's does not exist (404)."""
    return get_object_or_404(Address, orgnr=orgnr, pk=pk)


@dataclass(frozen=True)
class Choices:
    """What the delivery step offers for a cart. unit: the sub-unit that is chosen, or proposed."""

    units: list[Company]
    unit: Company | None
    by_register: dict[str, Place]  # by the number of the unit, or of the company itself
    book: list[Address]

    @property
    def registered(self) -> Place | None:
        """The address in the register of the unit that is chosen; else the company's own."""
        return self.at(self.unit.orgnr if self.unit else "")

    def at(self, unit: str) -> Place | None:
        return self.by_register.get(unit) or self.by_register.get("")

    @property
    def default(self) -> Address | None:
        """What the company has chosen for itself, instead of the register's."""
        return next((address for address in self.book if address.is_default), None)


def choices_for(order: Order, unit: str = "") -> Choices:
    """What the delivery step offers. unit: of its sub-units the one that somebody points at."""
    units = units_of(order.orgnr)
    by_register = {each.orgnr: place for each in units if (place := registered(each))}
    if own := registered(Company.objects.filter(pk=order.orgnr).first()):
        by_register[""] = own
    return Choices(
        units=units,
        unit=_unit(order, units, unit or order.unit_orgnr),
        by_register=by_register,
        book=list(addresses_of(order.orgnr)),
    )


def _unit(order: Order, units: list[Company], wanted: str) -> Company | None:
    """The one that is wanted; else the only one, or where the people in the cart are employed."""
    named = {each.orgnr: each for each in units}
    if wanted in named:
        return named[wanted]
    if len(units) == 1:
        return units[0]
    people = order.lines.filter(state=LineState.DRAFT).values_list("person", flat=True)
    return named.get(where_they_work(list(people), order.orgnr) or "")


def chosen_before(order: Order, book: list[Address]) -> Address | None:
    """The address of the book that the order has now."""
    return next((each for each in book if kept(each) == of_order(order)), None)


def last_buyer_reference(orgnr: str) -> str:
    """What the company wrote as its reference the last time that it wrote one."""
    sent = Order.objects.filter(orgnr=orgnr).exclude(buyer_reference="")
    newest = sent.exclude(state=OrderState.CANCELLED).order_by("-created_at")
    return newest.values_list("buyer_reference", flat=True).first() or ""


def carts_at_registered_address(orgnr: str) -> QuerySet[Order]:
    """Carts of this company or sub-unit that go where the register says that it is."""
    carts = Order.objects.filter(state=OrderState.CART, address_choice=Order.Address.REGISTER)
    return carts.filter(Q(unit_orgnr=orgnr) | Q(orgnr=orgnr))


def registered_place_of(order: Order) -> Place | None:
    """Where the register says that the order's sub-unit is, or else the company."""
    units = Company.objects.in_bulk({order.unit_orgnr, order.orgnr})
    return registered(units.get(order.unit_orgnr)) or registered(units.get(order.orgnr))


def sleeves_of(order: Order) -> Sleeves | None:
    """The card sleeves in the order."""
    return Sleeves.objects.filter(order=order).first()


def sleeves_read_with(order: Order) -> Sleeves | None:
    """The card sleeves as they were when the order was read: for pages, which read once."""
    return getattr(order, "sleeves", None)


def sleeves_wait(order: Order) -> bool:
    """Are sleeves that were paid for still to be sent?"""
    return Sleeves.objects.filter(order=order, state=SleeveState.WAITING).exists()


def sleeves_to_pack() -> QuerySet[Sleeves]:
    """Shipments of sleeves that are not sent, the oldest first."""
    waiting = Sleeves.objects.filter(state=SleeveState.WAITING).select_related("order")
    return waiting.order_by("waiting_since", "id")


def sleeves_sent() -> QuerySet[Sleeves]:
    """The shipments of sleeves that were sent last."""
    sent = Sleeves.objects.filter(state=SleeveState.SENT).select_related("order")
    return sent.order_by("-ended_at")[:LATEST]


def sleeves_whose_reservation_ends(now: datetime) -> QuerySet[Sleeves]:
    """Shipments of sleeves whose money the bank would soon give back by itself."""
    waiting = Sleeves.objects.filter(reservation_ends(now), state=SleeveState.WAITING)
    return waiting.select_related("order")[:200]
