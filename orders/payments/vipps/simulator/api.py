"""What the shop's server asks for: a token, and what is done with payments."""

import functools
import hmac
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from hmskort.common.simulation import Document, Store
from orders.payments.vipps.simulator import books, webhooks
from orders.payments.vipps.simulator.books import No

CLIENT = {  # of the simulator, as in the portal's settings
    "client_id": "simulator-client",
    "client_secret": "simulator-client-secret",
    "Ocp-Apim-Subscription-Key": "simulator-subscription",
    "Merchant-Serial-Number": "123456",
}
TOKEN = "simulator-access-token"  # noqa: S105
PAYMENTS = "vipps.payments"
KEYS = "vipps.keys"
REGISTERED = "vipps.registered"  # the webhooks of the merchant
MOST_WEBHOOKS = 25
LONGEST_KEY = 50

View = Callable[..., HttpResponse]


class Api:
    """The calls of the API over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def token(self, request: HttpRequest) -> HttpResponse:
        """POST: a token for whoever shows who they are."""
        if request.method != "POST":
            return HttpResponse(status=405)
        if not all(_same(request.headers.get(name, ""), value) for name, value in CLIENT.items()):
            return _problem(401, "Unauthorized")
        return JsonResponse({"token_type": "Bearer", "expires_in": "3599", "access_token": TOKEN})

    def payments(self, request: HttpRequest) -> HttpResponse:
        """POST: a payment is open and has its page."""
        return self._answer(request, {"POST": self._create})

    def payment(self, request: HttpRequest, reference: str) -> HttpResponse:
        """GET: what the books say of it."""
        return self._answer(request, {"GET": functools.partial(self._read, reference)})

    def events(self, request: HttpRequest, reference: str) -> HttpResponse:
        """GET: what happened to it, in order."""
        return self._answer(request, {"GET": functools.partial(self._events, reference)})

    def change(self, request: HttpRequest, reference: str, verb: str) -> HttpResponse:
        """POST: capture, refund or cancel."""
        return self._answer(request, {"POST": functools.partial(self._change, reference, verb)})

    def webhooks(self, request: HttpRequest) -> HttpResponse:
        """GET: the merchant's webhooks; POST: one more, and its secret, which is told once."""
        return self._answer(request, {"GET": self._list_webhooks, "POST": self._register})

    def webhook(self, request: HttpRequest, webhook_id: str) -> HttpResponse:
        """DELETE: it is told of nothing more."""
        remove = functools.partial(self._remove, webhook_id)
        return self._answer(request, {"DELETE": remove})

    def _list_webhooks(self, request: HttpRequest) -> HttpResponse:
        rows = [row for _key, row in self.store.all(REGISTERED)]
        return JsonResponse({"webhooks": rows})

    def _register(self, request: HttpRequest) -> HttpResponse:
        body = _body(request)
        url, events = body.get("url"), body.get("events")
        if not (isinstance(url, str) and url.startswith("https://") and events):
            raise No(400, "Invalid webhook")
        if len(self.store.all(REGISTERED)) >= MOST_WEBHOOKS:
            raise No(400, "Too many webhooks")
        row = {"id": str(uuid.uuid4()), "url": url, "events": events}
        self.store.put(REGISTERED, row["id"], row)
        return JsonResponse({"id": row["id"], "secret": webhooks.SECRET}, status=201)

    def _remove(self, webhook_id: str, request: HttpRequest) -> HttpResponse:
        if self.store.get(REGISTERED, webhook_id) is None:
            raise No(404, "Webhook not found")
        self.store.delete(REGISTERED, webhook_id)
        return HttpResponse(status=204)

    def _answer(self, request: HttpRequest, methods: dict[str, View]) -> HttpResponse:
        if not _same(request.headers.get("Authorization", ""), f"Bearer {TOKEN}"):
            return _problem(401, "Unauthorized")
        if request.method not in methods:
            return HttpResponse(status=405)
        try:
            return methods[request.method](request)
        except No as no:
            return _problem(no.status, no.title)

    def _create(self, request: HttpRequest) -> HttpResponse:
        payment = books.opened(_body(request))

        def act(key: str) -> Document:
            if not self.store.add(PAYMENTS, payment["reference"], payment):
                raise No(400, "Reference is already in use")
            page = request.build_absolute_uri(f"../landing/{payment['reference']}")
            return {"redirectUrl": page, "reference": payment["reference"]}

        return self._once(request, "create", act, status=201)

    def _read(self, reference: str, request: HttpRequest) -> HttpResponse:
        webhooks.COURIER.wake(self.store)
        with self._changing(reference) as payment:
            if books.expire_if_old(payment):
                webhooks.announce(self.store, payment)
            return JsonResponse(books.said_of(payment))

    def _events(self, reference: str, request: HttpRequest) -> HttpResponse:
        with self._changing(reference) as payment:
            return JsonResponse(payment["events"], safe=False)

    def _change(self, reference: str, verb: str, request: HttpRequest) -> HttpResponse:
        body = _body(request)

        def act(key: str) -> Document:
            with self._changing(reference) as payment:
                getattr(books, verb)(payment, body, key)
                webhooks.announce(self.store, payment)
                return books.said_of(payment)

        return self._once(request, f"{verb}:{reference}", act)

    @contextmanager
    def _changing(self, reference: str) -> Iterator[Document]:
        """The payment, locked, to change in place; 404 when there is none."""
        if self.store.get(PAYMENTS, reference) is None:
            raise No(404, "Payment not found")
        with self.store.changing(PAYMENTS, reference) as payment:
            yield payment

    def _once(
        self, request: HttpRequest, scope: str, act: Callable[[str], Document], status: int = 200
    ) -> HttpResponse:
        """The answer; the same for the same key, done once. What was refused leaves no key."""
        key = request.headers.get("Idempotency-Key", "")
        if not 1 <= len(key) <= LONGEST_KEY:
            raise No(400, "Invalid Idempotency-Key")
        name = f"{scope}:{key}"
        with transaction.atomic():
            if not self.store.add(KEYS, name, {}):
                return JsonResponse((self.store.get(KEYS, name) or {})["answer"], status=status)
            answer = act(key)
            self.store.put(KEYS, name, {"answer": answer})
        return JsonResponse(answer, status=status)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _problem(status: int, title: str) -> HttpResponse:
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status},
        status=status,
        content_type="application/problem+json",
    )


def _body(request: HttpRequest) -> Document:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise No(400, "Invalid JSON") from None
    if not isinstance(body, dict):
        raise No(400, "Invalid JSON")
    return body
