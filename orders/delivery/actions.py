"""The address book is changed, and carts follow what the register says."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.delivery import queries
from orders.delivery.models import Address
from orders.delivery.places import FIELDS, Place, of_order
from orders.models import Order


class LabelTaken(Exception):
    """The company has another address with that label."""

    def __str__(self) -> str:
        return _("Dere har allerede en adresse med dette navnet.")


@owns_transaction
def add_address(*, orgnr: str, label: str, place: Place, is_default: bool, actor: Actor) -> Address:
    """The address stands in the company's book; the same one twice is one.

    Raises:
        LabelTaken: another address has that label.
    """
    return keep_address(orgnr=orgnr, label=label, place=place, is_default=is_default, actor=actor)


@inside_transaction
def keep_address(
    *, orgnr: str, label: str, place: Place, is_default: bool, actor: Actor
) -> Address:
    """The same, in the transaction of the order that goes there.

    Raises:
        LabelTaken: another address has that label.
    """
    same = Address.objects.filter(orgnr=orgnr, label=label, **place.as_fields()).first()
    if same:
        return same
    if is_default:
        _unset_default(orgnr)
    try:
        with transaction.atomic():
            address = Address.objects.create(
                orgnr=orgnr, label=label, is_default=is_default, **place.as_fields()
            )
    except IntegrityError:
        raise LabelTaken from None
    record("address:added", actor=actor, subject=address, orgnr=orgnr, label=label)
    return address


@owns_transaction
def change_address(
    *, address: Address, label: str, place: Place, is_default: bool, actor: Actor
) -> None:
    """The book says what was given; orders that were sent keep what they had.

    Raises:
        LabelTaken: another address has that label.
    """
    if is_default:
        _unset_default(address.orgnr)
    address.label, address.is_default = label, is_default
    for name, value in place.as_fields().items():
        setattr(address, name, value)
    try:
        with transaction.atomic():
            address.save(update_fields=["label", "is_default", *FIELDS])
    except IntegrityError:
        raise LabelTaken from None
    record("address:changed", actor=actor, subject=address, orgnr=address.orgnr, label=label)


@owns_transaction
def remove_address(*, address: Address, actor: Actor) -> None:
    """The address is no longer in the book."""
    record(
        "address:removed", actor=actor, subject=address, orgnr=address.orgnr, label=address.label
    )
    address.delete()


@inside_transaction
def _unset_default(orgnr: str) -> None:
    Address.objects.select_for_update().filter(orgnr=orgnr, is_default=True).update(
        is_default=False
    )


@owns_transaction
def follow_register(*, orgnr: str) -> None:
    """Carts that go to the registered address of the company or its sub-unit go where it is now.

    A register that no longer tells an address leaves them as they were.
    """
    for cart in queries.carts_at_registered_address(orgnr).select_for_update(of=("self",)):
        place = queries.registered_place_of(cart)
        if place and place != of_order(cart):
            _move_cart(cart, place)


@inside_transaction
def _move_cart(cart: Order, place: Place) -> None:
    for name, value in place.as_fields().items():
        setattr(cart, name, value)
    cart.save(update_fields=list(FIELDS))
    record("order:address_changed", actor=SYSTEM, subject=cart, orgnr=cart.orgnr)
