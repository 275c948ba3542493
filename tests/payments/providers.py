"""The other side of each provider, by method: who pays there, and what its books say."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from hmskort.simulators.faults import set_fault
from hmskort.simulators.site import transport
from hmskort.simulators.store import Store
from orders.payments.nexi.simulator import books as nexi_books
from orders.payments.nexi.simulator.webhooks import COURIER as NEXI_COURIER
from orders.payments.vipps.simulator.webhooks import COURIER as VIPPS_COURIER


@dataclass(frozen=True)
class Side:
    """One provider's other side."""

    method: str
    service: str  # whose faults are switched
    page: str  # of a payment, below the provider's address
    approve: dict[str, str]
    no_capture: dict[str, str]  # what makes its captures be declined
    relents: dict[str, object]  # what of its row makes them be accepted after all
    sums: Callable[[dict], tuple[int, int, int, int]]  # reserved, captured, released, refunded
    courier: object

    def pay(self, payment_id: str, how: dict[str, str] | None = None) -> httpx.Response:
        with httpx.Client(transport=transport(), base_url="http://localhost:8001/") as http:
            return http.post(self.page.format(payment_id), data=how or self.approve)

    def booked(self, payment_id: str) -> tuple[int, int, int, int]:
        return self.sums(Store().get(f"{self.method}.payments", payment_id))

    def changes_its_mind(self, payment_id: str) -> None:
        """Captures that were declined would be accepted now."""
        with Store().changing(f"{self.method}.payments", payment_id) as row:
            row.update(self.relents)

    def fails(self, mode: str) -> None:
        set_fault(self.service, mode)

    def heals(self) -> None:
        set_fault(self.service, "off")


def _nexi_sums(held: dict) -> tuple[int, int, int, int]:
    sums = nexi_books.summary(held)
    return tuple(sums[f"{name}Amount"] for name in ("reserved", "charged", "cancelled", "refunded"))


def _vipps_sums(held: dict) -> tuple[int, int, int, int]:
    return tuple(held[name] for name in ("authorized", "captured", "cancelled", "refunded"))


SIDES = {
    "nexi": Side(
        method="nexi",
        service="payments",
        page="nexi/hosted/{}",
        approve={"card": nexi_books.APPROVED, "do": "pay"},
        no_capture={"card": nexi_books.NO_CHARGE, "do": "pay"},
        relents={"card": nexi_books.APPROVED},
        sums=_nexi_sums,
        courier=NEXI_COURIER,
    ),
    "vipps": Side(
        method="vipps",
        service="vipps",
        page="vipps/epayment/landing/{}",
        approve={"do": "approve"},
        no_capture={"do": "approve_no_capture"},
        relents={"captures_declined": False},
        sums=_vipps_sums,
        courier=VIPPS_COURIER,
    ),
}
