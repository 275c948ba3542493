"""Does the money of every order add up? Asked of the ledger, the operations, and the orders.

    captured + invoiced - refunded - credited
        = issued cards + postage, once, where one that is not free was issued
        + sleeves in the post with their postage - credits

and, besides, the ledger says what the operations say, and the documents say what the ledger says.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from orders import prices
from orders.crediting.models import Credit
from orders.delivery.models import Sleeves
from orders.delivery.states import SleeveState
from orders.invoicing.models import Document
from orders.models import Line, Order
from orders.payments.methods import Method
from orders.payments.models import LedgerEntry, Operation
from orders.payments.states import OperationState
from orders.states import LineState, OrderState

Kind = LedgerEntry.Kind
AT_ONCE = 1000
PAID_FOR = (OrderState.SUBMITTED, OrderState.COMPLETED)
# Money of these is on its way, or is here while the card is not.
MOVING = (LineState.CLEARED, LineState.CAPTURED)
BOOKED_FROM = {
    Operation.Kind.CAPTURE: (Kind.CAPTURED, Kind.INVOICED),
    Operation.Kind.RELEASE: (Kind.RELEASED, Kind.WAIVED),
    Operation.Kind.REFUND: (Kind.REFUNDED, Kind.CREDITED),
}
Sums = dict[str, int]


@dataclass(frozen=True)
class Balance:
    """The money of one order, in øre with VAT, and what is wrong with it."""

    reference: str
    method: str
    taken_ore: int  # captured and invoiced
    returned_ore: int  # refunded and credited
    owed_ore: int  # what the order came to, less credits
    settled: bool  # nothing is on its way, so both sides can be compared
    wrong: list[str] = field(default_factory=list)

    @property
    def left_ore(self) -> int:
        return self.taken_ore - self.returned_ore


def balances() -> Iterator[Balance]:
    """Every order that was paid for, by reference; a fixed number of queries for each thousand."""
    orders = Order.objects.filter(state__in=PAID_FOR, payment__isnull=False)
    found = orders.select_related("payment").order_by("reference")
    rows = found.iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield from _balances(some)


def _balances(orders: list[Order]) -> Iterator[Balance]:
    payments = [order.payment_id for order in orders]
    pks = [order.pk for order in orders]
    gross = Sum(F("net_ore") + F("vat_ore"))
    ledger = _by(
        LedgerEntry.objects.filter(payment__in=payments), "payment", "kind", Sum("amount_ore")
    )
    done = _by(
        Operation.objects.filter(payment__in=payments, state=OperationState.DONE),
        "payment", "kind", Sum("amount_ore"),
    )  # fmt: skip
    states = _by(Operation.objects.filter(payment__in=payments), "payment", "state", Count("pk"))
    documents = _by(
        Document.objects.filter(payment__in=payments), "payment", "kind",
        gross + Sum("rounding_ore"),
    )  # fmt: skip
    lines = _by(
        Line.objects.filter(order__in=pks), "order", "state",
        Sum(F("price_net_ore") + F("price_vat_ore")),
    )  # fmt: skip
    counts = _by(Line.objects.filter(order__in=pks), "order", "state", Count("pk"))
    posted = set(
        Line.objects.filter(order__in=pks, state=LineState.ISSUED)
        .exclude(purpose=prices.FREE)
        .values_list("order", flat=True)
    )
    credits_of = _by(Credit.objects.filter(order__in=pks), "order", "reason", gross)
    sleeves = _sleeves(pks)
    for order in orders:
        yield _balance(
            order,
            ledger=ledger[order.payment_id],
            done=done[order.payment_id],
            states=states[order.payment_id],
            documents=documents[order.payment_id],
            sold_ore=lines[order.pk].get(LineState.ISSUED, 0)
            + (order.postage.gross_ore if order.pk in posted else 0)
            + sleeves.get(order.pk, 0)
            - sum(credits_of[order.pk].values()),
            moving=any(counts[order.pk].get(state) for state in MOVING),
        )


def _balance(
    order: Order,
    *,
    ledger: Sums,
    done: Sums,
    states: Sums,
    documents: Sums,
    sold_ore: int,
    moving: bool,
) -> Balance:
    assert order.payment is not None  # only such are asked for  # noqa: S101
    taken = ledger.get(Kind.CAPTURED, 0) + ledger.get(Kind.INVOICED, 0)
    returned = ledger.get(Kind.REFUNDED, 0) + ledger.get(Kind.CREDITED, 0)
    settled = not (
        moving or states.get(OperationState.WANTED) or states.get(OperationState.REFUSED)
    )
    wrong = []
    for kind, names in BOOKED_FROM.items():
        if done.get(kind, 0) != sum(ledger.get(name, 0) for name in names):
            wrong.append(f"{kind}: the ledger and the operations differ")
    if settled and taken - returned != sold_ore:
        wrong.append("what was taken is not what was sold")
    invoiced = documents.get(Document.Kind.INVOICE)
    if settled and invoiced is not None:
        asked = invoiced - documents.get(Document.Kind.CREDIT_NOTE, 0)
        if asked != taken - returned:
            wrong.append("the documents and the ledger differ")
    held = ledger.get(Kind.RESERVED, 0) + ledger.get(Kind.PROMISED, 0)
    given_up = ledger.get(Kind.RELEASED, 0) + ledger.get(Kind.WAIVED, 0)
    if taken + given_up > held:
        wrong.append("more was taken and released than was reserved")
    return Balance(
        reference=order.reference,
        method=Method(order.payment.method).value,
        taken_ore=taken,
        returned_ore=returned,
        owed_ore=sold_ore,
        settled=settled,
        wrong=wrong,
    )


def _sleeves(orders: list[UUID]) -> dict[UUID, int]:
    """What sleeves in the post came to with their postage, by order."""
    one, postage = (F(f"{of}_net_ore") + F(f"{of}_vat_ore") for of in ("price", "postage"))
    sent = Sleeves.objects.filter(order__in=orders, state=SleeveState.SENT)
    return dict(sent.annotate(ore=F("quantity") * one + postage).values_list("order", "ore"))


def _by(rows: Any, one: str, other: str, what: Any) -> Any:
    """Sums by the first field and then the second."""
    found: Any = defaultdict(dict)
    for row in rows.values(one, other).annotate(of_all=Coalesce(what, 0)).order_by():
        found[row[one]][row[other]] = row["of_all"]
    return found
