"""Vipps MobilePay ePayment: paying in the app, on a page that Vipps hosts.

Source: Vipps MobilePay ePayment API v1, webhooks API v1 and access token API. Amounts are øre.
Every POST about money carries an Idempotency-Key. A payment is known by a reference of ours: the
order's and our payment's id.
"""

import uuid
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from hmskort.common import clock
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
from orders.payments.provider import Checkout, Declined, Item, Page, Word, total
from orders.payments.vipps.parsing import CURRENCY, DoNotAddUp, word_of

NAME = "Vipps MobilePay"
TIMEOUT_S = 10.0
TOKEN_ENDS_BEFORE = timedelta(minutes=2)
READINGS = 3
PAYMENTS = "epayment/v1/payments"
WEBHOOKS = "webhooks/v1/webhooks"


@dataclass(frozen=True)
class Webhook:
    """An address of a merchant's that is told of events."""

    id: str
    url: str
    events: frozenset[str]


class Client:
    """Implements `orders.payments.provider.Provider`. Real twin of `simulator`, beside it."""

    def __init__(
        self,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        subscription_key: str,
        merchant_serial_number: str,
        webhook_secret: str,
    ) -> None:
        ours = {
            "Ocp-Apim-Subscription-Key": subscription_key,
            "Merchant-Serial-Number": merchant_serial_number,
            "Vipps-System-Name": "hmskort",
            "Vipps-System-Version": "1",
        }
        token = _Token(base_url, {"client_id": client_id, "client_secret": client_secret, **ours})
        self._http = http_client(NAME, base_url, timeout_s=TIMEOUT_S, auth=token, headers=ours)

    def start(self, checkout: Checkout, *, key: str) -> Page:
        """A payment page is open for ten minutes; who turns back there comes to the return page."""
        reference = f"{checkout.reference}-{uuid.UUID(checkout.payment).hex}"
        body = {
            "amount": _amount(total(checkout.items).gross_ore),
            "paymentMethod": {"type": "WALLET"},
            "reference": reference,
            "userFlow": "WEB_REDIRECT",
            "returnUrl": checkout.return_url,
            "paymentDescription": f"HMS-kort {checkout.reference}",
        }
        answer = read_json(self._post(PAYMENTS, body, key=key))
        match answer:
            case {"redirectUrl": str(url), "reference": str(given)} if given == reference:
                return Page(reference, url)
            case _:
                raise Unreadable(NAME, "no page in the answer")

    def read(self, payment_id: str) -> Word:
        for _reading in range(READINGS):
            payment = read_json(_understood(self._http.get(f"{PAYMENTS}/{payment_id}")))
            events = read_json(_understood(self._http.get(f"{PAYMENTS}/{payment_id}/events")))
            try:
                return word_of(payment, events)
            except DoNotAddUp:
                continue
            except (KeyError, TypeError, ValueError, AttributeError):
                raise Unreadable(NAME, "the payment is not as documented") from None
        raise Unreadable(NAME, "the payment and its events do not add up")

    def close(self, payment_id: str) -> None:
        """Only a payment that is not approved: an approved one would be given back."""
        key = f"close-{_own_id(payment_id)}"
        self._post(f"{PAYMENTS}/{payment_id}/cancel", {"cancelTransactionOnly": True}, key=key)

    def capture(self, payment_id: str, items: Sequence[Item], *, key: str) -> str:
        self._modify(payment_id, "capture", items, key)
        return key

    def release(self, payment_id: str, amount_ore: int) -> None:
        """All that is left is given up: Vipps cancels no part of it, and takes no amount."""
        key = f"release-{_own_id(payment_id)}"
        self._post(f"{PAYMENTS}/{payment_id}/cancel", {}, key=key)

    def refund(self, payment_id: str, capture_id: str, items: Sequence[Item], *, key: str) -> str:
        """Vipps refunds of the payment, not of one capture of it."""
        self._modify(payment_id, "refund", items, key)
        return key

    def webhooks(self) -> list[Webhook]:
        """The webhooks that are registered for the merchant. Their secrets are not told again."""
        try:
            rows = read_json(_understood(self._http.get(WEBHOOKS)))["webhooks"]
            return [Webhook(row["id"], row["url"], frozenset(row["events"])) for row in rows]
        except (KeyError, TypeError):
            raise Unreadable(NAME, "no list of webhooks in the answer") from None

    def register_webhook(self, url: str, events: Sequence[str]) -> str:
        """The address is told of the events from now; the secret that signs what it is told."""
        body = {"url": url, "events": list(events)}
        match read_json(_understood(self._http.post(WEBHOOKS, json=body))):
            case {"secret": str(secret)} if secret:
                return secret
            case _:
                raise Unreadable(NAME, "no secret in the answer")

    def remove_webhook(self, webhook_id: str) -> None:
        """The address is told of nothing more."""
        answered(self._http.delete(f"{WEBHOOKS}/{webhook_id}"))

    def _modify(self, payment_id: str, verb: str, items: Sequence[Item], key: str) -> None:
        body = {"modificationAmount": _amount(total(items).gross_ore)}
        answer = read_json(self._post(f"{PAYMENTS}/{payment_id}/{verb}", body, key=key))
        if not isinstance(answer, dict) or answer.get("reference") != payment_id:
            raise Unreadable(NAME, "the answer is about another payment")

    def _post(self, path: str, body: dict[str, Any], *, key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return _understood(self._http.post(path, json=body, headers=headers))


class _Token(httpx.Auth):
    """Asks for an access token when there is none that lives on, and once more when refused."""

    requires_response_body = True

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._address = f"{base_url.rstrip('/')}/accesstoken/get"
        self._headers = headers
        self._token = ""
        self._until: datetime | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._until is None or clock.now() >= self._until:
            self._keep((yield self._question()))
        request.headers["Authorization"] = f"Bearer {self._token}"
        if (yield request).status_code == httpx.codes.UNAUTHORIZED:
            self._keep((yield self._question()))
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _question(self) -> httpx.Request:
        return httpx.Request("POST", self._address, headers=self._headers)

    def _keep(self, answer: httpx.Response) -> None:
        told = read_json(answer)
        try:
            self._token = str(told["access_token"])
            lives = timedelta(seconds=int(told["expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise Unreadable(NAME, "no token in the answer") from None
        self._until = clock.now() + lives - TOKEN_ENDS_BEFORE


def _understood(response: httpx.Response) -> httpx.Response:
    """The response when Vipps did it; `Declined` only when Vipps itself said no for good."""
    match response.status_code:
        case 400 | 402 | 422 if says_json(response):
            raise Declined(NAME, _code(response))
        case 404 | 410:
            # We only ask for what Vipps took from us: something else answers here.
            raise Unreadable(NAME, f"status {response.status_code} for a payment that exists")
        case 409:  # a request with the same key is still being worked on
            raise Unavailable(NAME, "throttled", retry_after_s(response))
        case 400 | 402 | 422:
            raise Refused(NAME, f"status {response.status_code}, not said by Vipps itself")
        case _:
            return answered(response)


def _code(response: httpx.Response) -> str:
    """The status and the title of the problem; never its details."""
    try:
        title = str(response.json().get("title", ""))
    except (ValueError, AttributeError):
        title = ""
    return f"{response.status_code} {title}".strip()[:80]


def _amount(ore: int) -> dict[str, Any]:
    return {"currency": CURRENCY, "value": ore}


def _own_id(payment_id: str) -> str:
    """Our payment's id, which the reference ends with: keys are at most 50 characters."""
    return payment_id.rpartition("-")[2]
