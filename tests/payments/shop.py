"""What every test of money says: a cart, a payer, what is wanted, and the other side."""

import httpx
from django.db import transaction

from hmskort.audit.actor import SYSTEM, Actor, ActorKind
from hmskort.common import outbox
from hmskort.common.models import Effect
from hmskort.common.money import with_vat
from hmskort.simulators.faults import set_fault
from hmskort.simulators.site import transport
from hmskort.simulators.store import Store
from orders.payments import actions
from orders.payments.models import Operation, Payment
from orders.payments.nexi.simulator import books
from orders.payments.provider import Item

KARI = Actor(ActorKind.PERSON, id="kari")
CARD = with_vat(10_525)
POSTAGE = with_vat(6_800)


def card(number: int) -> Item:
    return Item(reference=f"LINE{number}", name="HMS-kort – bygg og anlegg", amount=CARD)


def cart(cards: int = 3) -> list[Item]:
    lines = [card(number) for number in range(1, cards + 1)]
    return [*lines, Item(reference="ORDER-P", name="Porto", amount=POSTAGE)]


class Nexi:
    """The other side: who pays, what its books say, and which messages it sends."""

    def __init__(self):
        self.store = Store()

    def visit(self, method: str, path: str, **data: str) -> httpx.Response:
        with httpx.Client(transport=transport(), base_url="http://localhost:8001/nexi/") as http:
            return http.request(method, path, data=data or None)

    def pay(self, payment: Payment, number: str = books.APPROVED) -> httpx.Response:
        return self.visit("POST", f"hosted/{payment.provider_id}", card=number, do="pay")

    def books(self, payment: Payment) -> dict:
        return self.store.get("nexi.payments", payment.provider_id)

    def sums(self, payment: Payment) -> dict[str, int]:
        return books.summary(self.books(payment))

    def letters(self) -> list[dict]:
        letters = [body for _, body in self.store.all("nexi.webhooks")]
        return sorted(letters, key=lambda letter: letter["body"]["timestamp"])

    def fails(self, mode: str) -> None:
        set_fault("payments", mode)

    def heals(self) -> None:
        set_fault("payments", "off")


def start(reference: str = "ORDER", cards: int = 3, actor: Actor = KARI) -> Payment:
    return actions.start(reference=reference, items=cart(cards), language="nb", actor=actor)


def want(kind: str, payment: Payment, key: str, items: list[Item] | None = None) -> Operation:
    """Wanted, and not carried out yet."""
    with transaction.atomic():
        if kind == "release":
            return actions.want_release(payment=payment, key=key, actor=SYSTEM)
        verb = actions.want_capture if kind == "capture" else actions.want_refund
        return verb(payment=payment, key=key, items=items, actor=SYSTEM)


def deliver() -> None:
    """Everything that waits is due and tried once."""
    Effect.objects.filter(state="waiting").update(due_at="2000-01-01T00:00Z")
    outbox.deliver_due()


def operation(key: str) -> Operation:
    return Operation.objects.get(key=key)
