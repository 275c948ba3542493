"""Where an order may go: what the register says, what the address book holds."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from orders.delivery.countries import NORWAY, country_on_a_letter
from orders.delivery.models import Address
from registers.models import Company

if TYPE_CHECKING:
    from orders.models import Order


@dataclass(frozen=True)
class Place:
    """A receiver and their address, as an order keeps it."""

    deliver_to: str
    street: str
    postal_code: str
    city: str
    country_code: str = NORWAY

    def as_fields(self) -> dict[str, str]:
        """By the names of an order's fields, which are an address's and a form's too."""
        return asdict(self)

    @property
    def lines(self) -> list[str]:
        """The address as it stands on a letter."""
        abroad = [] if self.country_code == NORWAY else [country_on_a_letter(self.country_code)]
        return [self.deliver_to, self.street, f"{self.postal_code} {self.city}".strip(), *abroad]


FIELDS = tuple(Place.__dataclass_fields__)


def registered(company: Company | None) -> Place | None:
    """Where the company or sub-unit does business; None where the register has told no address."""
    if company is None or not (company.street and company.city):
        return None
    return Place(
        deliver_to=company.name,
        street=", ".join(company.street),
        postal_code=company.postal_code,
        city=company.city,
        country_code=company.country_code or NORWAY,
    )


def kept(address: Address) -> Place:
    """What the address book holds."""
    return Place(**{name: getattr(address, name) for name in FIELDS})


def of_order(order: "Order") -> Place:
    """Where the order goes."""
    return Place(**{name: getattr(order, name) for name in FIELDS})
