"""The books of one payment: what may happen to it, and what it then says of itself.

Every function changes the document it is given, inside the store's lock.
"""

import re
import uuid
from datetime import timedelta
from typing import Any

from hmskort.common import clock
from hmskort.common.simulation import Document

PAGE_LIVES = timedelta(minutes=10)
REFERENCE = re.compile(r"[a-zA-Z0-9-]{8,64}")
# What the payer can choose on the page.
ANSWERS = {
    "approve": "Godkjenn",
    "approve_no_capture": "Godkjenn, men trekk avvises",
    "decline": "Avvis",
    "expire": "La tiden gå ut",
}


class No(Exception):
    """Vipps' answer when it will not."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(status, title)
        self.status = status
        self.title = title


def opened(body: Document) -> Document:
    """A new payment, from the body of the request."""
    reference, url = body.get("reference"), body.get("returnUrl")
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        raise No(400, "Invalid reference")
    if body.get("userFlow") != "WEB_REDIRECT" or not str(url).startswith(("http://", "https://")):
        raise No(400, "Invalid user flow")
    if (body.get("paymentMethod") or {}).get("type") not in {"WALLET", "CARD"}:
        raise No(400, "Invalid payment method")
    amount = ore(body, "amount")
    payment: Document = {
        "reference": reference,
        "amount": amount,
        "description": str(body.get("paymentDescription", "")),
        "returnUrl": url,
        "state": "CREATED",
        "created": clock.now().isoformat(),
        "authorized": 0,
        "captured": 0,
        "refunded": 0,
        "cancelled": 0,
        "captures_declined": False,
        "events": [],
    }
    happened(payment, "CREATED", amount)
    return payment


def said_of(payment: Document) -> Document:
    """What the payment is, as `GET {reference}` answers."""
    return {
        "reference": payment["reference"],
        "pspReference": psp(payment),
        "state": payment["state"],
        "amount": money(payment["amount"]),
        "aggregate": aggregate(payment),
        "paymentMethod": {"type": "WALLET"},
    }


def aggregate(payment: Document) -> Document:
    """The four sums of the books."""
    sums = ("authorized", "captured", "refunded", "cancelled")
    return {f"{name}Amount": money(payment[name]) for name in sums}


def left(payment: Document) -> int:
    """What is authorized and neither captured nor cancelled."""
    return int(payment["authorized"] - payment["captured"] - payment["cancelled"])


def is_open(payment: Document) -> bool:
    """Can the payer still pay?"""
    too_late = (clock.now() - PAGE_LIVES).isoformat()
    return bool(payment["state"] == "CREATED" and payment["created"] >= too_late)


def expire_if_old(payment: Document) -> bool:
    """A payment that nobody answered has expired; was it so just now?"""
    if payment["state"] != "CREATED" or is_open(payment):
        return False
    payment["state"] = "EXPIRED"
    happened(payment, "EXPIRED", payment["amount"])
    return True


def answer(payment: Document, how: str) -> str:
    """The payer answered in the app; the name of what happened."""
    if how.startswith("approve"):
        payment["authorized"] = payment["amount"]
        payment["captures_declined"] = how == "approve_no_capture"
        payment["state"] = "AUTHORIZED"
    else:
        payment["state"] = "EXPIRED" if how == "expire" else "ABORTED"
    happened(payment, payment["state"], payment["amount"])
    return str(payment["state"])


def capture(payment: Document, body: Document, key: str) -> None:
    """Part of what is authorized is taken."""
    amount = ore(body, "modificationAmount")
    if payment["state"] != "AUTHORIZED" or amount > left(payment):
        raise No(400, "Capture amount exceeds authorized amount")
    if payment["captures_declined"]:
        raise No(400, "Capture not allowed")
    payment["captured"] += amount
    happened(payment, "CAPTURED", amount, key)


def refund(payment: Document, body: Document, key: str) -> None:
    """Part of what was captured goes back."""
    amount = ore(body, "modificationAmount")
    if amount > payment["captured"] - payment["refunded"]:
        raise No(400, "Refund amount exceeds captured amount")
    payment["refunded"] += amount
    happened(payment, "REFUNDED", amount, key)


def cancel(payment: Document, body: Document, key: str) -> str:
    """Before approval the payment is over; afterwards what is left of it is given up."""
    if payment["state"] == "CREATED":
        payment["state"] = "TERMINATED"
        happened(payment, "TERMINATED", payment["amount"], key)
        return "TERMINATED"
    if payment["state"] != "AUTHORIZED" or body.get("cancelTransactionOnly"):
        raise No(400, "Payment cannot be cancelled")
    amount = left(payment)
    if not amount:
        raise No(400, "Nothing to cancel")
    payment["cancelled"] += amount
    happened(payment, "CANCELLED", amount, key)
    return "CANCELLED"


def happened(payment: Document, name: str, amount: int, key: str = "") -> None:
    """The event is the last of the payment's."""
    payment["events"].append(
        {
            "reference": payment["reference"],
            "pspReference": uuid.uuid4().hex,
            "name": name,
            "amount": money(amount),
            "timestamp": clock.now().isoformat(),
            "idempotencyKey": key or None,
            "success": True,
        }
    )


def psp(payment: Document) -> str:
    """Vipps' own id of the payment."""
    return str(payment["events"][0]["pspReference"])


def money(value: int) -> Document:
    return {"currency": "NOK", "value": value}


def ore(body: Document, name: str) -> int:
    """A whole number of øre above 0."""
    amount: Any = body.get(name)
    if not isinstance(amount, dict) or amount.get("currency") != "NOK":
        raise No(400, f"Invalid {name}")
    value = amount.get("value")
    if not isinstance(value, int) or value < 100:
        raise No(400, f"Invalid {name}")
    return value
