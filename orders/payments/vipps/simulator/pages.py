"""What people see of Vipps: the page where the app is to answer, and the books."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string

from hmskort.common.simulation import Document, Store
from orders.payments.vipps.simulator import books, webhooks
from orders.payments.vipps.simulator.api import PAYMENTS


class Pages:
    """The pages over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def landing(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The payment page; `do`, one of the answers, is posted to it."""
        payment = self._payment(reference)
        if request.method == "POST":
            self._answered(reference, request.POST.get("do", "decline"))
            return HttpResponseRedirect(payment["returnUrl"])
        if payment["state"] == "AUTHORIZED":
            return HttpResponseRedirect(payment["returnUrl"])
        is_open = books.is_open(payment)
        context = {"payment": payment, "answers": books.ANSWERS, "is_open": is_open}
        return _render("landing", context, status=200 if is_open else 410)

    def list_books(self, request: HttpRequest) -> HttpResponse:
        """Every payment, and how webhooks come; `mode` is posted to change that."""
        courier = webhooks.COURIER
        if request.method == "POST":
            courier.set_mode(self.store, request.POST.get("mode", "usual"))
        payments = [body for _, body in self.store.all(PAYMENTS)]
        rows = [
            {"payment": one, "left": books.left(one)}
            for one in sorted(payments, key=lambda one: str(one["created"]), reverse=True)
        ]
        mode = courier.mode(self.store)
        return _render("books", {"rows": rows, "modes": webhooks.MODES, "mode": mode})

    def one_book(self, request: HttpRequest, reference: str) -> HttpResponse:
        """All that the books hold of one payment, as JSON."""
        payment = self._payment(reference)
        sent = [
            {
                "event": letter["body"]["name"],
                "state": letter["state"],
                "attempts": letter["attempts"],
            }
            for letter in self.store.find(
                webhooks.COURIER.letters, {"body": {"reference": reference}}
            )
        ]
        return JsonResponse({**payment, "left": books.left(payment), "webhooks": sent})

    def _answered(self, reference: str, how: str) -> None:
        with self.store.changing(PAYMENTS, reference) as row:
            if books.is_open(row):
                books.answer(row, how if how in books.ANSWERS else "decline")
                webhooks.announce(self.store, row)

    def _payment(self, reference: str) -> Document:
        payment = self.store.get(PAYMENTS, reference)
        if payment is None:
            raise Http404
        return payment


def _render(name: str, context: Document, status: int = 200) -> HttpResponse:
    """A page without the portal's context: Vipps knows nothing of it."""
    return HttpResponse(render_to_string(f"simulators/vipps/{name}.html", context), status=status)
