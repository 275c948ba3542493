"""Messages to the shop, signed with the secret of the shop's webhook."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from orders.payments.couriers import MODES, Courier
from orders.payments.vipps import signing

__all__ = ["COURIER", "MODES", "SECRET", "announce"]
SECRET = "simulator-vipps-webhook-secret"  # noqa: S105 - of the simulator
PATH = "/betaling/webhook/vipps/"  # where the shop has registered its webhook


def _headers(letter: Document, content: bytes) -> Mapping[str, str]:
    address = urlsplit(letter["url"])
    return signing.headers(
        SECRET, host=address.netloc, path=address.path, body=content, at=clock.now()
    )


COURIER = Courier("vipps", _headers)


def announce(store: Store, payment: Document) -> None:
    """The last of the payment's events is told; call inside the change that it tells of."""
    event = payment["events"][-1]
    body = {"msn": "123456", **event}
    COURIER.write(store, event["pspReference"], {"url": settings.BASE_URL + PATH, "body": body})
