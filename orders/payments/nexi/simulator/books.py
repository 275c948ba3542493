"""The books of one payment: what may happen to it, and what it then says of itself.

Every function changes the document it is given, inside the store's lock.
"""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from hmskort.common import clock
from hmskort.common.simulation import Document

PAGE_LIVES = timedelta(hours=48)
ITEM_FIELDS = ("reference", "name", "quantity", "unit", "unitPrice")
ITEM_SUMS = ("netTotalAmount", "grossTotalAmount")
MOST_WEBHOOKS = 32
LONGEST_URL = 256
AT_HOME = {"localhost", "127.0.0.1", "[::1]", "testserver"}  # need no https

# What each test card does; the payment page lists them.
APPROVED, DECLINED, SECURE = "4925000000000004", "4925000000000087", "4925000000000079"
NO_CHARGE, NO_REFUND = "4925000000000061", "4925000000000053"
CARDS = {
    APPROVED: "godkjennes",
    DECLINED: "avvises av banken",
    SECURE: "ber om godkjenning i banken (3-D Secure)",
    NO_CHARGE: "reserveres, men kan ikke trekkes",
    NO_REFUND: "godkjennes, men tilbakebetaling mislykkes",
}


class No(Exception):
    """Nexi's answer when it will not."""

    def __init__(self, status: int, body: Document | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def wrong(field: str, why: str) -> No:
    """400: a field of the request is not right."""
    return No(400, {"errors": {field: [why]}})


def not_now(code: str, why: str) -> No:
    """402: understood, but not possible for this payment."""
    return No(402, {"message": why, "code": code, "source": "Internal"})


def new_id() -> str:
    """Ids are 32 hexadecimal characters."""
    return uuid.uuid4().hex


def stamp() -> str:
    """The moment, as Nexi writes it."""
    return clock.now().isoformat()


def opened(body: Document) -> Document:
    """A new payment, from the body of the request."""
    order, checkout = _object(body, "order"), _object(body, "checkout")
    if order.get("currency") not in {"NOK", "SEK", "DKK", "EUR"}:
        raise wrong("order.currency", "The currency is not supported.")
    check_items(order.get("items"), order.get("amount"), "order")
    if checkout.get("integrationType") != "HostedPaymentPage":
        raise wrong("checkout.integrationType", "Only the hosted page is simulated.")
    for name in ("returnUrl", "cancelUrl", "termsUrl"):
        _address(checkout.get(name), f"checkout.{name}")
    hooks = (body.get("notifications") or {}).get("webHooks") or []
    if len(hooks) > MOST_WEBHOOKS:
        raise wrong("notifications.webHooks", "Too many.")
    for hook in hooks:
        _check_hook(hook)
    return {
        "paymentId": new_id(),
        "created": stamp(),
        "order": order,
        "checkout": checkout,
        "webHooks": hooks,
        "myReference": body.get("myReference"),
        "card": None,
        "reserved": 0,
        "cancelled": 0,
        "charges": [],
        "refunds": [],
        "terminated": None,
    }


def said_of(payment: Document) -> Document:
    """What the payment is, as `GET /v1/payments/{id}` answers."""
    answer: Document = {
        "paymentId": payment["paymentId"],
        "created": payment["created"],
        "summary": summary(payment),
        "orderDetails": {
            name: payment["order"].get(name) for name in ("amount", "currency", "reference")
        },
        "checkout": {
            "url": payment["checkout"].get("url"),
            "cancelUrl": payment["checkout"]["cancelUrl"],
        },
        "myReference": payment["myReference"],
        "charges": payment["charges"],
        "refunds": payment["refunds"],
        "consumer": {},
        "paymentDetails": {},
    }
    if payment["card"]:
        answer["paymentDetails"] = {
            "paymentType": "CARD",
            "paymentMethod": "Visa",
            "cardDetails": {"maskedPan": masked(payment["card"]), "expiryDate": "1230"},
        }
    if payment["terminated"]:
        answer["terminated"] = payment["terminated"]
    return {"payment": answer}


def summary(payment: Document) -> dict[str, int]:
    """The four sums of the books."""
    done = [refund for refund in payment["refunds"] if refund["state"] == "Completed"]
    return {
        "reservedAmount": payment["reserved"],
        "chargedAmount": _sum(payment["charges"]),
        "refundedAmount": _sum(done),
        "cancelledAmount": payment["cancelled"],
    }


def left(payment: Document) -> int:
    """What is reserved and neither charged nor cancelled."""
    return int(payment["reserved"] - _sum(payment["charges"]) - payment["cancelled"])


def is_open(payment: Document) -> bool:
    """Can the payer still pay?"""
    too_late = clock.now() - PAGE_LIVES
    return not (
        payment["reserved"] or payment["terminated"] or payment["created"] < too_late.isoformat()
    )


def reserve(payment: Document, card: str) -> None:
    """The whole amount is held on the card."""
    payment["card"] = card
    payment["reserved"] = payment["order"]["amount"]


def charge(payment: Document, body: Document) -> Document:
    """Part of what is reserved is taken."""
    if not payment["reserved"]:
        raise not_now("1010", "The payment is not reserved.")
    amount = _amount(body)
    items = body.get("orderItems")
    if items is None and amount != payment["order"]["amount"]:
        raise wrong("orderItems", "A partial charge needs the items.")
    check_items(items if items is not None else payment["order"]["items"], amount, "")
    if amount > left(payment):
        raise not_now("1001", "Cannot overcharge payment.")
    if payment["card"] == NO_CHARGE:
        raise not_now("1020", "The card issuer refused.")
    made = {
        "chargeId": new_id(),
        "amount": amount,
        "created": stamp(),
        "orderItems": items if items is not None else payment["order"]["items"],
    }
    payment["charges"].append(made)
    return made


def cancel(payment: Document, body: Document) -> None:
    """Part of what is reserved is given up; the whole of it before any charge."""
    amount = _amount(body)
    if not payment["reserved"]:
        raise not_now("1010", "The payment is not reserved.")
    if not payment["charges"] and not payment["cancelled"] and amount != payment["reserved"]:
        raise wrong("amount", "Before any charge the whole amount is cancelled.")
    if amount > left(payment):
        raise not_now("1005", "Cannot cancel more than is left.")
    payment["cancelled"] += amount


def refund(payment: Document, charge_id: str, body: Document) -> Document:
    """Part of a charge is on its way back; whether it arrives is said by its state."""
    amount = _amount(body)
    charged = next(made for made in payment["charges"] if made["chargeId"] == charge_id)
    before = [
        made
        for made in payment["refunds"]
        if made["chargeId"] == charge_id and made["state"] != "Failed"
    ]
    if amount > charged["amount"] - _sum(before):
        raise not_now("1002", "Cannot refund more than was charged.")
    items = body.get("orderItems")
    if items is None and amount != charged["amount"]:
        raise wrong("orderItems", "A partial refund needs the items.")
    check_items(items if items is not None else charged["orderItems"], amount, "")
    made = {
        "refundId": new_id(),
        "chargeId": charge_id,
        "amount": amount,
        "state": "Failed" if payment["card"] == NO_REFUND else "Completed",
        "lastUpdated": stamp(),
        "orderItems": items if items is not None else charged["orderItems"],
    }
    payment["refunds"].append(made)
    return made


def terminate(payment: Document) -> None:
    """The page is closed; not possible once something is reserved."""
    if payment["reserved"]:
        raise not_now("1011", "The checkout is completed.")
    payment["terminated"] = payment["terminated"] or stamp()


def change_order(payment: Document, body: Document) -> None:
    """Other items, while the payer has not paid."""
    if not is_open(payment):
        raise not_now("1011", "The checkout is completed.")
    check_items(body.get("items"), body.get("amount"), "")
    payment["order"] |= {"items": body["items"], "amount": body["amount"]}


def check_items(items: Any, amount: Any, where: str) -> None:
    """Every sum is right, to the øre; the tax may be off by one for each piece."""
    prefix = f"{where}." if where else ""
    if not isinstance(items, list) or not items:
        raise wrong(f"{prefix}items", "There must be items.")
    for item in items:
        _check_item(item, prefix)
    if amount != sum(item["grossTotalAmount"] for item in items):
        raise wrong(f"{prefix}amount", "The amount is not the sum of the items.")


def _check_item(item: Any, prefix: str) -> None:
    field = f"{prefix}items"
    if not isinstance(item, dict) or any(not item.get(name) for name in ITEM_FIELDS):
        raise wrong(field, f"An item needs {', '.join(ITEM_FIELDS)}.")
    if any(not isinstance(item.get(name), int) for name in ITEM_SUMS):
        raise wrong(field, f"An item needs {', '.join(ITEM_SUMS)}, in whole øre.")
    if any(sign in item["name"] + item["reference"] for sign in "<>'\"&\\"):
        raise wrong(field, "The signs < > ' \" & \\ are not allowed.")
    net, tax = item["netTotalAmount"], item.get("taxAmount") or 0
    if net != item["unitPrice"] * item["quantity"] or item["grossTotalAmount"] != net + tax:
        raise wrong(field, "The sums of an item are not right.")
    if abs(net * (item.get("taxRate") or 0) / 10_000 - tax) > item["quantity"]:
        raise wrong(field, "The tax of an item is not right.")


def _check_hook(hook: Any) -> None:
    field = "notifications.webHooks"
    if not isinstance(hook, dict) or not hook.get("eventName"):
        raise wrong(field, "A webhook needs an eventName.")
    key = hook.get("authorization") or ""
    if not (8 <= len(key) <= 64 and key.isascii() and key.isalnum()):
        raise wrong(field, "The authorization is 8 to 64 letters and digits.")
    _address(hook.get("url"), field)


def _address(url: Any, field: str) -> None:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in AT_HOME)
    if not parts.hostname or not is_safe or len(url) > LONGEST_URL:
        raise wrong(field, "Must be an https address of at most 256 characters.")


def _object(body: Document, name: str) -> Document:
    value = body.get(name)
    if not isinstance(value, dict):
        raise wrong(name, "Is required.")
    return value


def _amount(body: Document) -> int:
    amount = body.get("amount")
    if not isinstance(amount, int) or amount <= 0:
        raise wrong("amount", "Must be a whole number above 0.")
    return amount


def _sum(moved: list[Document]) -> int:
    return sum(int(one["amount"]) for one in moved)


def masked(card: str) -> str:
    """492500******0004."""
    return f"{card[:6]}******{card[-4:]}"
