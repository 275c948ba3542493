"""What people see of Nexi: the payment page, the bank's page, and the books."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string

from hmskort.common.simulation import Document, Store
from orders.payments.nexi.simulator import books, webhooks
from orders.payments.nexi.simulator.api import PAYMENTS


class Pages:
    """The pages over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def hosted(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """The payment page; `card` and `do` (pay, cancel) are posted to it."""
        payment = self._payment(payment_id)
        if payment["reserved"]:
            return _back(payment, "returnUrl")
        if not books.is_open(payment):
            return _render("closed", {"payment": payment}, status=410)
        if request.method == "POST":
            return self._posted(request, payment)
        return _page(request, payment, books.APPROVED)

    def bank(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """The bank asks its customer (3-D Secure); `do` is approve or refuse."""
        payment = self._payment(payment_id)
        if payment["reserved"] or not books.is_open(payment):
            return HttpResponseRedirect(f"../{payment_id}")
        if request.method != "POST":
            return _render("bank", {"payment": payment})
        if request.POST.get("do") == "approve":
            return self._reserve(payment, books.SECURE)
        return self._refuse(request, payment, books.SECURE)

    def list_books(self, request: HttpRequest) -> HttpResponse:
        """Every payment, and how webhooks come; `mode` is posted to change that."""
        if request.method == "POST":
            webhooks.COURIER.set_mode(self.store, request.POST.get("mode", "usual"))
        payments = [body for _, body in self.store.all(PAYMENTS)]
        rows = [
            {"payment": one, "sums": books.summary(one), "left": books.left(one)}
            for one in sorted(payments, key=lambda one: str(one["created"]), reverse=True)
        ]
        context = {"rows": rows, "modes": webhooks.MODES, "mode": webhooks.COURIER.mode(self.store)}
        return _render("books", context)

    def one_book(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """All that the books hold of one payment, as JSON."""
        payment = self._payment(payment_id)
        letters = self.store.find(
            webhooks.COURIER.letters, {"body": {"data": {"paymentId": payment_id}}}
        )
        sent = [
            {name: letter[name] for name in ("state", "attempts")}
            | {"event": letter["body"]["event"]}
            for letter in letters
        ]
        public = {name: value for name, value in payment.items() if name != "webHooks"}
        return JsonResponse(
            {
                **public,
                "card": books.masked(payment["card"] or ""),
                "summary": books.summary(payment),
                "left": books.left(payment),
                "webhooks": sent,
            }
        )

    def _posted(self, request: HttpRequest, payment: Document) -> HttpResponse:
        if request.POST.get("do") == "cancel":
            return _back(payment, "cancelUrl")
        card = "".join(sign for sign in request.POST.get("card", "") if sign.isdecimal())
        if card == books.SECURE:
            return HttpResponseRedirect(f"{payment['paymentId']}/bank")
        if card in books.CARDS and card != books.DECLINED:
            return self._reserve(payment, card)
        return self._refuse(request, payment, card)

    def _reserve(self, payment: Document, card: str) -> HttpResponse:
        with self.store.changing(PAYMENTS, payment["paymentId"]) as row:
            if books.is_open(row):
                books.reserve(row, card)
                order = row["order"]
                amount = {"amount": {name: order[name] for name in ("amount", "currency")}}
                webhooks.announce(self.store, row, "payment.reservation.created", amount)
                webhooks.announce(self.store, row, "payment.reservation.created.v2", amount)
                webhooks.announce(self.store, row, "payment.checkout.completed", amount)
        return _back(payment, "returnUrl")

    def _refuse(self, request: HttpRequest, payment: Document, card: str) -> HttpResponse:
        with self.store.changing(PAYMENTS, payment["paymentId"]) as row:
            webhooks.announce(self.store, row, "payment.reservation.failed")
        return _page(request, payment, card, refused=True, status=422)

    def _payment(self, payment_id: str) -> Document:
        payment = self.store.get(PAYMENTS, payment_id)
        if payment is None:
            raise Http404
        return payment


def _page(
    request: HttpRequest, payment: Document, card: str, *, refused: bool = False, status: int = 200
) -> HttpResponse:
    shown = " ".join(card[at : at + 4] for at in range(0, len(card), 4))
    context = {
        "payment": payment,
        "card": shown,
        "refused": refused,
        "cards": books.CARDS,
        "action": request.path.removesuffix("/bank"),
    }
    return _render("hosted", context, status=status)


def _render(name: str, context: Document, status: int = 200) -> HttpResponse:
    """A page without the portal's context: Nexi knows nothing of it."""
    return HttpResponse(render_to_string(f"simulators/nexi/{name}.html", context), status=status)


def _back(payment: Document, name: str) -> HttpResponse:
    """To the shop's address, with the payment's id added as Nexi does."""
    parts = urlsplit(payment["checkout"][name])
    query = "&".join(filter(None, [parts.query, urlencode({"paymentid": payment["paymentId"]})]))
    return HttpResponseRedirect(urlunsplit(parts._replace(query=query)))
