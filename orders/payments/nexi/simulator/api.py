"""Payment API v1: what the shop's server asks for."""

import functools
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from orders.payments.nexi.simulator import books, webhooks
from orders.payments.nexi.simulator.books import No

SECRET = "simulator-secret-key"  # noqa: S105 - of the simulator, as in the portal's settings
PAYMENTS = "nexi.payments"
KEYS = "nexi.keys"
KEYS_LIVE = timedelta(hours=24)
LONGEST_KEY = 63

View = Callable[..., HttpResponse]


class Api:
    """The calls of the API over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def payments(self, request: HttpRequest) -> HttpResponse:
        """POST: a payment is open and has its page."""
        return self._answer(request, {"POST": self._create})

    def payment(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """GET: what the books say of it."""
        return self._answer(request, {"GET": functools.partial(self._read, payment_id)})

    def charges(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """POST: part of what is reserved is taken."""
        return self._answer(request, {"POST": functools.partial(self._charge, payment_id)})

    def cancels(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """POST: part of what is reserved is given up."""
        return self._answer(request, {"POST": functools.partial(self._cancel, payment_id)})

    def refunds(self, request: HttpRequest, charge_id: str) -> HttpResponse:
        """POST: part of a charge goes back."""
        return self._answer(request, {"POST": functools.partial(self._refund, charge_id)})

    def change(self, request: HttpRequest, payment_id: str, what: str) -> HttpResponse:
        """PUT: terminate, other items, or other references."""
        return self._answer(request, {"PUT": functools.partial(self._change, payment_id, what)})

    def _answer(self, request: HttpRequest, methods: dict[str, View]) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), SECRET.encode()):
            return HttpResponse(status=401)
        if request.method not in methods:
            return HttpResponse(status=405)
        try:
            return methods[request.method](request)
        except No as no:
            return (
                HttpResponse(status=no.status)
                if no.body is None
                else JsonResponse(no.body, status=no.status)
            )

    def _create(self, request: HttpRequest) -> HttpResponse:
        payment = books.opened(_body(request))

        def act() -> Document:
            self.store.put(PAYMENTS, payment["paymentId"], payment)
            webhooks.announce(self.store, payment, "payment.created")
            page = request.build_absolute_uri(f"../hosted/{payment['paymentId']}")
            return {"paymentId": payment["paymentId"], "hostedPaymentPageUrl": page}

        return self._once(request, "create", act)

    def _read(self, payment_id: str, request: HttpRequest) -> HttpResponse:
        webhooks.COURIER.wake(self.store)
        payment = self.store.get(PAYMENTS, payment_id)
        if payment is None:
            return HttpResponse(status=404)
        return JsonResponse(books.said_of(payment))

    def _charge(self, payment_id: str, request: HttpRequest) -> HttpResponse:
        def act() -> Document:
            with self._changing(payment_id) as payment:
                made = books.charge(payment, _body(request))
                webhooks.announce(
                    self.store,
                    payment,
                    "payment.charge.created.v2",
                    {"chargeId": made["chargeId"], "amount": _money(payment, made)},
                )
            return {"chargeId": made["chargeId"]}

        return self._once(request, f"charge:{payment_id}", act)

    def _cancel(self, payment_id: str, request: HttpRequest) -> HttpResponse:
        body = _body(request)
        with self._changing(payment_id) as payment:
            books.cancel(payment, body)
            webhooks.announce(
                self.store, payment, "payment.cancel.created", {"amount": _money(payment, body)}
            )
        return HttpResponse(status=204)

    def _refund(self, charge_id: str, request: HttpRequest) -> HttpResponse:
        found = self.store.find(PAYMENTS, {"charges": [{"chargeId": charge_id}]})
        if not found:
            return HttpResponse(status=404)

        def act() -> Document:
            with self._changing(found[0]["paymentId"]) as payment:
                made = books.refund(payment, charge_id, _body(request))
                data = {"refundId": made["refundId"], "amount": _money(payment, made)}
                webhooks.announce(self.store, payment, "payment.refund.initiated.v2", data)
                ending = f"payment.refund.{made['state'].lower()}"
                webhooks.announce(self.store, payment, ending, data)
            return {"refundId": made["refundId"]}

        return self._once(request, f"refund:{charge_id}", act)

    def _change(self, payment_id: str, what: str, request: HttpRequest) -> HttpResponse:
        with self._changing(payment_id) as payment:
            match what:
                case "terminate":
                    books.terminate(payment)
                case "orderitems":
                    books.change_order(payment, _body(request))
                case "referenceinformation":
                    payment["order"]["reference"] = _body(request).get("reference")
                case _:
                    payment["myReference"] = _body(request).get("myReference")
        return HttpResponse(status=204)

    @contextmanager
    def _changing(self, payment_id: str) -> Iterator[Document]:
        """The payment, locked, to change in place; 404 when there is none."""
        if self.store.get(PAYMENTS, payment_id) is None:
            raise No(404)
        with self.store.changing(PAYMENTS, payment_id) as payment:
            yield payment

    def _once(self, request: HttpRequest, scope: str, act: Callable[[], Document]) -> HttpResponse:
        """201 and the answer; the same answer for the same key within 24 hours, done once.

        A request that was refused leaves no key behind: it may be mended and sent again.
        """
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return JsonResponse(act(), status=201)
        if len(key) > LONGEST_KEY:
            raise books.wrong("Idempotency-Key", "Must be 1 to 63 characters.")
        name = f"{scope}:{key}"
        with transaction.atomic():
            self._forget_if_old(name)
            if not self.store.add(KEYS, name, {"at": books.stamp()}):
                return JsonResponse((self.store.get(KEYS, name) or {})["answer"], status=201)
            answer = act()
            self.store.put(KEYS, name, {"at": books.stamp(), "answer": answer})
        return JsonResponse(answer, status=201)

    def _forget_if_old(self, name: str) -> None:
        known = self.store.get(KEYS, name)
        if known and datetime.fromisoformat(known["at"]) < clock.now() - KEYS_LIVE:
            self.store.delete(KEYS, name)


def _money(payment: Document, moved: Document) -> Document:
    return {"amount": moved["amount"], "currency": payment["order"]["currency"]}


def _body(request: HttpRequest) -> Document:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise books.wrong("", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise books.wrong("", "The body is not an object.")
    return body
