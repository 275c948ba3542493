"""Messages to the shop: Nexi proves who it is with the word that the shop chose."""

from collections.abc import Mapping

from hmskort.common.simulation import Document, Store
from orders.payments.couriers import MODES, Courier
from orders.payments.nexi.simulator.books import new_id, stamp

__all__ = ["COURIER", "MERCHANT", "MODES", "announce"]
MERCHANT = 100_000_001


def _headers(letter: Document, content: bytes) -> Mapping[str, str]:
    return {"Authorization": letter["authorization"]}


COURIER = Courier("nexi", _headers)


def announce(store: Store, payment: Document, event: str, data: Document | None = None) -> None:
    """Whoever asked to hear of the event will; call inside the change that it tells of."""
    message = new_id()
    body = {
        "id": message,
        "merchantId": MERCHANT,
        "timestamp": stamp(),
        "event": event,
        "data": {
            "paymentId": payment["paymentId"],
            "order": {"reference": payment["order"].get("reference")},
            **(data or {}),
        },
    }
    for hook in payment["webHooks"]:
        if hook["eventName"] == event:
            letter = {"url": hook["url"], "authorization": hook["authorization"], "body": body}
            COURIER.write(store, message, letter)
