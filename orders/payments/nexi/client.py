"""Nexi Checkout: card payment on a page that Nexi hosts.

Source: Nexi Checkout (Nets Easy) Payment API v1. Amounts are øre, `taxRate` is hundredths of a
per cent. What the contract leaves open is said where it matters.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import httpx

from hmskort.common.money import VAT_PER_CENT
from hmskort.common.services import (
    Refused,
    Unavailable,
    Unreadable,
    answered,
    http_client,
    read_json,
    retry_after_s,
    says_json,
)
from orders.payments.provider import (
    Capture,
    Checkout,
    Declined,
    Item,
    Page,
    Refund,
    RefundState,
    Word,
    total,
)

NAME = "Nexi Checkout"
TIMEOUT_S = 10.0
CURRENCY = "NOK"
LANGUAGES = {"nb": "nb-NO", "nn": "nb-NO", "en": "en-GB"}  # Nexi has no nynorsk
NOT_ALLOWED = str.maketrans({"<": "‹", ">": "›", "'": "’", '"': "”", "&": "+", "\\": "/"})
LONGEST_TEXT = 128
# What can change what we know of a payment. The body is never believed, only its payment id.
EVENTS = (
    "payment.reservation.created.v2",
    "payment.charge.created.v2",
    "payment.cancel.created",
    "payment.refund.completed",
    "payment.refund.failed",
)


class Client:
    """Implements `orders.payments.provider.Provider`. Real twin of `simulator`, beside it."""

    def __init__(self, base_url: str, secret: str, webhook_secret: str) -> None:
        self._webhook_secret = webhook_secret
        self._http = http_client(
            NAME, base_url, timeout_s=TIMEOUT_S, headers={"Authorization": secret}
        )

    def start(self, checkout: Checkout, *, key: str) -> Page:
        """A payment page is open in the payer's language; nothing is reserved yet.

        Nexi documents the Idempotency-Key for charges and refunds alone. Should it be ignored
        here, a repeated request leaves a page behind that nobody was ever sent to.
        """
        answer = self._post("v1/payments", _creation(checkout, self._webhook_secret), key=key)
        url = _text(answer, "hostedPaymentPageUrl")
        query = urlencode({"language": LANGUAGES.get(checkout.language, "nb-NO")})
        return Page(_text(answer, "paymentId"), f"{url}{'&' if '?' in url else '?'}{query}")

    def read(self, payment_id: str) -> Word:
        answer = read_json(_understood(self._http.get(f"v1/payments/{payment_id}")))
        try:
            return _word(answer["payment"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unreadable(NAME, "the payment is not as documented") from None

    def close(self, payment_id: str) -> None:
        _understood(self._http.put(f"v1/payments/{payment_id}/terminate"))

    def capture(self, payment_id: str, items: Sequence[Item], *, key: str) -> str:
        answer = self._post(f"v1/payments/{payment_id}/charges", _part(items), key=key)
        return _text(answer, "chargeId")

    def release(self, payment_id: str, amount_ore: int) -> None:
        """That much of the reservation is cancelled.

        Before any charge Nexi wants the whole amount. After a partial charge the remaining amount
        is cancelled in part, which Nexi offers for cards and most wallets; an older text of the
        contract knows full cancels only. Where it is declined, the operation ends refused, and
        the rest of the reservation lapses by itself at the bank. The call takes no idempotency
        key: whoever is unsure reads `released_ore` first.
        """
        body = {"amount": amount_ore}
        _understood(self._http.post(f"v1/payments/{payment_id}/cancels", json=body))

    def refund(self, payment_id: str, capture_id: str, items: Sequence[Item], *, key: str) -> str:
        answer = self._post(f"v1/charges/{capture_id}/refunds", _part(items), key=key)
        return _text(answer, "refundId")

    def _post(self, path: str, body: dict[str, Any], *, key: str) -> Any:
        headers = {"Idempotency-Key": key}
        return read_json(_understood(self._http.post(path, json=body, headers=headers)))


def _understood(response: httpx.Response) -> httpx.Response:
    """The response when Nexi did it; `Declined` only when Nexi itself said no for good."""
    match response.status_code:
        case 400 | 402 | 405 | 422 if says_json(response) or response.status_code == 405:
            raise Declined(NAME, _code(response))
        case 404 | 410:
            # We only ask for what Nexi gave us the id of: something else answers here.
            raise Unreadable(NAME, f"status {response.status_code} for a payment that exists")
        case 409:  # a request with the same key is still being worked on
            raise Unavailable(NAME, "throttled", retry_after_s(response))
        case 400 | 402 | 422:
            raise Refused(NAME, f"status {response.status_code}, not said by Nexi itself")
        case _:
            return answered(response)


def _code(response: httpx.Response) -> str:
    """`402 1001`, or the names of the fields that were wrong; never their values."""
    try:
        body = response.json()
        said = body.get("code") or " ".join(sorted(body.get("errors", {})))
    except (json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError):
        said = ""
    return f"{response.status_code} {said}".strip()[:80]


def _creation(checkout: Checkout, webhook_secret: str) -> dict[str, Any]:
    return {
        "order": {
            "items": [_item(item) for item in checkout.items],
            "amount": total(checkout.items).gross_ore,
            "currency": CURRENCY,
            "reference": checkout.reference,
        },
        "checkout": {
            "integrationType": "HostedPaymentPage",
            "returnUrl": checkout.return_url,
            "cancelUrl": checkout.cancel_url,
            "termsUrl": checkout.terms_url,
            "charge": False,  # reserve only: each card is charged when it is approved
            "merchantHandlesConsumerData": True,  # the page asks for a card and nothing else
            "consumerType": {"default": "B2B", "supportedTypes": ["B2B", "B2C"]},
        },
        "notifications": {
            "webHooks": [
                {"eventName": name, "url": checkout.webhook_url, "authorization": webhook_secret}
                for name in EVENTS
            ]
        },
        "myReference": checkout.payment,
    }


def _part(items: Sequence[Item]) -> dict[str, Any]:
    return {"amount": total(items).gross_ore, "orderItems": [_item(item) for item in items]}


def _item(item: Item) -> dict[str, Any]:
    whole = item.total
    return {
        "reference": _allowed(item.reference),
        "name": _allowed(item.name),
        "quantity": item.quantity,
        "unit": "stk",
        "unitPrice": item.amount.net_ore,
        "taxRate": VAT_PER_CENT * 100 if whole.vat_ore else 0,
        "taxAmount": whole.vat_ore,
        "netTotalAmount": whole.net_ore,
        "grossTotalAmount": whole.gross_ore,
    }


def _allowed(text: str) -> str:
    return text.translate(NOT_ALLOWED)[:LONGEST_TEXT]


def _word(payment: dict[str, Any]) -> Word:
    summary, order = payment["summary"], payment["orderDetails"]
    if order["currency"] != CURRENCY:
        raise ValueError("not our currency")
    return Word(
        reference=str(order["reference"]),
        amount_ore=int(order["amount"]),
        reserved_ore=int(summary.get("reservedAmount") or 0),
        released_ore=int(summary.get("cancelledAmount") or 0),
        captures=tuple(
            Capture(charge["chargeId"], int(charge["amount"]), _references(charge))
            for charge in payment.get("charges") or ()
        ),
        refunds=tuple(
            Refund(
                refund["refundId"],
                int(refund["amount"]),
                RefundState(refund["state"].lower()),
                _references(refund),
            )
            for refund in payment.get("refunds") or ()
        ),
        closed=bool(payment.get("terminated")),
    )


def _references(moved: dict[str, Any]) -> frozenset[str]:
    return frozenset(item["reference"] for item in moved.get("orderItems") or ())


def _text(answer: Any, name: str) -> str:
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise Unreadable(NAME, f"no {name} in the answer")
    return value
